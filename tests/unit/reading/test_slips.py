"""Names as people mistype them."""

from __future__ import annotations

import pytest

from guildhall.reading.councils.slips import slips
from guildhall.search.analysis import fold


@pytest.mark.parametrize(
    ("query", "name", "apart"),
    [
        ("hackny", "London Borough of Hackney", 1),
        ("hakcney", "Hackney", 1),
        ("HACKNEY", "Hackney", 0),
        ("ynys mom", "Sir Ynys Môn", None),  # a word of three letters may not be wrong
        ("caerdyd", "Caerdydd", 1),
        ("milton keyns", "Milton Keynes", 1),
        ("miltonkeynes", "Milton Keynes", 0),
        ("westmoreland and furnes", "Westmorland and Furness", 2),
        ("stoke", "Hackney", None),
        ("", "Hackney", None),
        ("h" * 400, "Hackney", None),
    ],
)
def test_slips_are_counted_and_other_names_are_none(query: str, name: str, apart: int | None) -> None:
    assert slips(query, [fold(name), "somewhere else"]) == apart
