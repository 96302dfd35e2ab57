"""How fresh a list is against what its standard promises."""

from __future__ import annotations

import datetime

import pytest

from guildhall.registers.freshness import freshness


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("promise", "source_date", "today", "grade", "due_on"),
    [
        ("P1Y", "2025-06-01", "2026-06-01", "fresh", "2026-06-01"),
        ("P1Y", "2025-06-01", "2026-06-02", "due", "2026-06-01"),
        ("P1Y", "2025-06-01", "2026-08-31", "due", "2026-06-01"),
        ("P1Y", "2025-06-01", "2026-09-01", "overdue", "2026-06-01"),
        ("P1Y", "2018", "2026-11-24", "overdue", "2019-12-31"),
        ("P1Y", "2026", "2026-11-24", "fresh", "2027-11-24"),
        ("P1M", "2026-01-31", "2026-02-28", "fresh", "2026-02-28"),
        ("P3M", "2026-02", "2026-05-28", "fresh", "2026-05-28"),
        ("P1Y", "2024-02-29", "2025-02-28", "fresh", "2025-02-28"),
        ("P2W", "2026-11-01", "2026-11-15", "fresh", "2026-11-15"),
        ("P1D", "2026-11-01", "2026-11-03", "due", "2026-11-02"),
        ("P1D", "2026-11-01", "2026-11-04", "overdue", "2026-11-02"),
        ("P999Y", "9999-12-31", "2026-11-24", "fresh", "3025-11-24"),
    ],
)
def test_freshness_goes_by_source_date_and_promise(
    promise: str, source_date: str, today: str, grade: str, due_on: str
) -> None:
    told = freshness(promise, source_date, day(today))
    assert (told.grade, str(told.due_on)) == (grade, due_on)


@pytest.mark.parametrize(("promise", "source_date"), [("", "2026"), ("P1Y", ""), ("P1Y", "2026-02-30"), ("P1Y", "now")])
def test_freshness_without_promise_or_date_is_unknown(promise: str, source_date: str) -> None:
    told = freshness(promise, source_date, day("2026-11-24"))
    assert (told.grade, told.due_on) == ("unknown", None)
