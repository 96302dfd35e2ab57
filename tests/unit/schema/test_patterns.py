"""Patterns that list choices are shown as choices."""

from __future__ import annotations

import pytest

from guildhall.schema.patterns import choices


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        ("(yes|no)", ("yes", "no")),
        ("(?i:(not permissioned|permissioned))", ("not permissioned", "permissioned")),
        ("a|b", ("a", "b")),
        ("[ab]|c", ()),
        ("abc", ()),
        ("a+|b", ()),
        ("", ()),
    ],
)
def test_choices_of_a_pattern(pattern: str, texts: tuple[str, ...]) -> None:
    assert choices(pattern) == texts
