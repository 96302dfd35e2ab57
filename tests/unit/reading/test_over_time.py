"""The changes of a list gathered into days, months or years."""

from __future__ import annotations

import datetime

import pytest

from guildhall.reading.time.over_time import chart
from guildhall.registers.queries.changes import DayOfList


def on(day: str, added: int = 1, changed: int = 0) -> DayOfList:
    return DayOfList(datetime.date.fromisoformat(day), added, changed)


@pytest.mark.parametrize("days", [[], [on("2026-01-01")]])
def test_chart_of_less_than_two_days_is_none(days: list[DayOfList]) -> None:
    assert chart(days) is None


def told(*days: DayOfList) -> list[tuple[str, str, tuple[int, ...]]]:
    made = chart(list(days))
    assert made is not None
    return [(column.label, column.short, column.values) for column in made.columns]


def test_few_days_are_columns_with_those_between() -> None:
    assert told(on("2026-01-30", 2, 1), on("2026-02-01", 0, 3)) == [
        ("30 January 2026", "30 Jan", (2, 1)),
        ("31 January 2026", "31 Jan", (0, 0)),
        ("1 February 2026", "1 Feb", (0, 3)),
    ]


def test_some_months_are_columns_added_up() -> None:
    assert told(on("2025-12-01"), on("2025-12-31", 2), on("2026-02-01", 0, 3)) == [
        ("December 2025", "Dec 2025", (3, 0)),
        ("January 2026", "Jan 2026", (0, 0)),
        ("February 2026", "Feb 2026", (0, 3)),
    ]


def test_many_months_are_columns_of_years() -> None:
    columns = told(on("2020-03-01"), on("2023-06-01", 4))
    assert [one[0] for one in columns] == ["2020", "2021", "2022", "2023"]
    assert columns[-1][2] == (4, 0)
