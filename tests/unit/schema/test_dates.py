"""Dates as standards write them."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildhall.schema.dates import in_letters, read_date, write_date
from guildhall.schema.suggest import keeps

from .makers import field

FORMATS = [
    "default",
    "any",
    "%d/%m/%Y",
    "%d %B %Y",
    "%d-%b-%Y",
    "%Y%m%d",
    "%A %d %B %Y",
    "%a %d %b %Y",
    "%j/%Y",
    "%e.%m.%Y",
]


@pytest.mark.parametrize("shape", FORMATS)
def test_write_date_can_be_read_again_and_is_valid(shape: str) -> None:
    known = field("date", format=shape)

    @settings(deadline=None, max_examples=30)
    @given(st.dates(min_value=datetime.date(1000, 1, 1)))
    def there_and_back(day: datetime.date) -> None:
        text = write_date(known, day)
        assert read_date(known, text) == day
        assert keeps(known, text)

    there_and_back()


@pytest.mark.parametrize(
    ("kind", "shape", "text"),
    [
        ("date", "default", "2030-03-17"),
        ("date", "%d/%m/%Y", "17/03/2030"),
        ("date", "%d %B %Y", "17 March 2030"),
        ("datetime", "default", "2030-03-17T00:00:00Z"),
        ("datetime", "%d/%m/%Y %I:%M %p", "17/03/2030 12:00 AM"),
    ],
)
def test_write_date_in_the_fields_own_way(kind: str, shape: str, text: str) -> None:
    known = field(kind, format=shape)
    assert write_date(known, datetime.date(2030, 3, 17)) == text
    assert read_date(known, text) == datetime.date(2030, 3, 17)
    assert keeps(known, text)


@pytest.mark.parametrize("text", ["", "2030-02-30", "17/03/2030", "2030-3-17", "soon"])
def test_read_date_that_is_none_gives_none(text: str) -> None:
    assert read_date(field("date"), text) is None


def test_format_in_letters() -> None:
    assert in_letters("%d/%m/%Y %H:%M") == "DD/MM/YYYY hh:mm"
