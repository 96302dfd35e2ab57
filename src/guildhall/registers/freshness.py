"""How fresh a list is against what its standard promises: the source date counts, not when it was published here."""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass
from typing import Literal

Grade = Literal["fresh", "due", "overdue", "unknown"]

_FREQUENCY = re.compile(r"P([0-9]+)([YMWD])")
_MONTHS_A_YEAR, _DAYS_A_WEEK = 12, 7
# A renewal is due for so long a part of the period after it should have come; then it is overdue.
_GRACE = 4
_DAY, _MONTH, _YEAR = len("2026-03-01"), len("2026-03"), len("2026")


@dataclass(frozen=True)
class Freshness:
    """`due_on` is the day by which the next renewal is promised; None where it is unknown."""

    grade: Grade
    due_on: datetime.date | None = None


def freshness(update_frequency: str, source_date: str, today: datetime.date) -> Freshness:
    """Fresh until the promised renewal, then due for a quarter of the period, then overdue.

    A source date of a month or a year counts from its last day, as far as that has come: the facts may be as new.
    Unknown without a promise or a source date.
    """
    collected = _last_day(source_date, today)
    found = _FREQUENCY.fullmatch(update_frequency)
    if collected is None or found is None:
        return Freshness("unknown")
    count, unit = int(found[1]), found[2]
    due_on = _later(collected, count, unit)
    if today <= due_on:
        return Freshness("fresh", due_on)
    grace = max(datetime.timedelta(days=1), (due_on - collected) / _GRACE)
    return Freshness("due" if today <= due_on + grace else "overdue", due_on)


def _last_day(text: str, today: datetime.date) -> datetime.date | None:
    """The last day of a year, month or day, but none that is still to come."""
    whole = {_YEAR: f"{text}-12-31", _MONTH: f"{text}-28", _DAY: text}.get(len(text), "")
    try:
        day = datetime.date.fromisoformat(whole)
    except ValueError:
        return None
    if len(text) == _MONTH:
        day = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return min(day, today)


def _later(day: datetime.date, count: int, unit: str) -> datetime.date:
    if unit in {"W", "D"}:
        days = count * (_DAYS_A_WEEK if unit == "W" else 1)
        return day + datetime.timedelta(days=min(days, (datetime.date.max - day).days))
    months = day.year * _MONTHS_A_YEAR + day.month - 1 + count * (_MONTHS_A_YEAR if unit == "Y" else 1)
    year, month = min(months // _MONTHS_A_YEAR, datetime.MAXYEAR), months % _MONTHS_A_YEAR + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
