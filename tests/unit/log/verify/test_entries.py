"""Telling items in canonical form from others many at a time gives the same answer as one at a time."""

from __future__ import annotations

import pytest

from guildhall.log.verify.entries import are_plain, is_canonical, is_framed

PLAIN = '{"a":"Môn","b":"two"}'.encode()


def told_together(items: list[bytes]) -> list[bool]:
    return [are_plain(items) and is_framed(item) for item in items]


def test_plain_items_together_are_all_canonical() -> None:
    assert told_together([PLAIN] * 3) == [True] * 3


@pytest.mark.parametrize(
    "others",
    [
        [b'{"a":"\xc3', b'\xb4"}'],
        [b'{"a":"one"', b"}"],
        [b'{"b":"one","a":"two"}'],
        [b'{"a":"one","a":"two"}'],
        [b'{"a":"\x1f"}'],
        [b'{"a":"\\u0041"}'],
        [b'{"a":"\xff"}'],
        [b'{"a": "one"}'],
        [b"{}"],
        [b""],
    ],
)
def test_item_that_is_no_canonical_one_is_never_taken_for_one(others: list[bytes]) -> None:
    together = told_together([PLAIN, *others, PLAIN])[1:-1]
    assert not any(are_so and not is_canonical(item) for are_so, item in zip(together, others, strict=True))
    assert not any(together)
