"""Verdicts beside those of a plain second implementation."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildhall.schema.suggest import keeps
from guildhall.schema.text import tidy

from .makers import field

DIGITS = st.text(st.sampled_from("0123456789-+/:.,eE TZ£"), min_size=1, max_size=12)
DATES = st.dates().map(str) | st.dates().map(lambda day: day.strftime("%d/%m/%Y"))
VALUES = (
    st.one_of(DIGITS, DATES, st.text(min_size=1, max_size=6), st.integers().map(str), st.floats().map(str))
    .map(tidy)
    .filter(bool)
)


def is_date(text: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return text.startswith("0000-") and is_date(f"2000{text[4:]}")  # the column engine has a year 0
    return True


def is_british_date(text: str) -> bool:
    found = re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", text)
    return bool(found) and is_date(f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}")


def is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", text))


ORACLES: dict[str, tuple[dict[str, object], Callable[[str], bool]]] = {
    "integer": ({}, lambda text: bool(re.fullmatch(r"[+-]?[0-9]+", text))),
    "number": ({}, is_number),
    "date": ({}, is_date),
    "date-british": ({"format": "%d/%m/%Y"}, is_british_date),
    "year": ({}, lambda text: bool(re.fullmatch("[0-9]{4}", text))),
    "boolean": ({}, lambda text: text in {"true", "True", "TRUE", "1", "false", "False", "FALSE", "0"}),
    "integer-ranged": (
        {"constraints": {"minimum": -5, "maximum": 1000}},
        lambda text: bool(re.fullmatch(r"[+-]?[0-9]+", text)) and -5 <= int(text) <= 1000,
    ),
    "number-ranged": (
        {"constraints": {"minimum": 0.5, "maximum": 1000}},
        lambda text: is_number(text) and 0.5 <= float(text) <= 1000,
    ),
    "date-ranged": (
        {"constraints": {"minimum": "1990-01-01", "maximum": "2030-12-31"}},
        lambda text: is_date(text) and "1990-01-01" <= text <= "2030-12-31",
    ),
    "string-lengths": ({"constraints": {"minLength": 2, "maxLength": 4}}, lambda text: 2 <= len(text) <= 4),
    "string-pattern": (
        {"constraints": {"pattern": "^[0-9]+(-[0-9]+)*$"}},
        lambda text: bool(re.fullmatch("[0-9]+(-[0-9]+)*", text)),
    ),
}


@pytest.mark.parametrize("name", ORACLES)
def test_verdict_is_that_of_the_plain_implementation(name: str) -> None:
    rest, is_right = ORACLES[name]
    known = field(name.partition("-")[0], **rest)

    @settings(deadline=None)
    @given(VALUES)
    def compare(text: str) -> None:
        assert keeps(known, text) == is_right(text)

    compare()
