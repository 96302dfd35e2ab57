"""The changes of a list over time: its days gathered into so few columns that a chart can show them."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _

from guildhall.kit.charts import Chart, Column, column_chart
from guildhall.kit.words import date_words
from guildhall.registers.models import Register
from guildhall.registers.queries.changes import DayOfList, days_of

_MOST_DAYS, _MOST_MONTHS = 31, 36
_MONTHS_A_YEAR = 12

type Period = tuple[int, ...]  # (year, month, day), (year, month) or (year,)


def chart_of(register: Register) -> Chart | None:
    """Added and changed records by day, month or year; None where everything came on one day, or nothing yet."""
    return chart(days_of(register))


def chart(days: list[DayOfList]) -> Chart | None:
    if len(days) < 2:  # noqa: PLR2004 - one column tells nothing
        return None
    first, last = days[0].day, days[-1].day
    months = (last.year - first.year) * _MONTHS_A_YEAR + last.month - first.month
    if (last - first).days < _MOST_DAYS:
        periods, period_of = _days(first, last), _by_day
    elif months < _MOST_MONTHS:
        periods, period_of = _months(first, last), _by_month
    else:
        periods, period_of = [(year,) for year in range(first.year, last.year + 1)], _by_year
    return column_chart([_("Added"), _("Changed")], _columns(days, periods, period_of))


def _columns(
    days: list[DayOfList], periods: list[Period], period_of: Callable[[datetime.date], Period]
) -> list[Column]:
    """A column for each period, those in which nothing happened too."""
    totals = {period: [0, 0] for period in periods}
    for day in days:
        total = totals[period_of(day.day)]
        total[0] += day.added
        total[1] += day.changed
    return [Column(_label(period), tuple(values), _short(period)) for period, values in totals.items()]


def _label(period: Period) -> str:
    return date_words("-".join(f"{part:02}" for part in period))


def _short(period: Period) -> str:
    """A day as 3 Oct, a month as Oct 2025."""
    if len(period) == 1:
        return str(period[0])
    month = str(MONTHS_3[period[1]]).capitalize()
    return f"{period[2]} {month}" if len(period) == len(("year", "month", "day")) else f"{month} {period[0]}"


def _days(first: datetime.date, last: datetime.date) -> list[Period]:
    return [_by_day(first + datetime.timedelta(days=number)) for number in range((last - first).days + 1)]


def _months(first: datetime.date, last: datetime.date) -> list[Period]:
    start, end = (one.year * _MONTHS_A_YEAR + one.month - 1 for one in (first, last))
    return [(number // _MONTHS_A_YEAR, number % _MONTHS_A_YEAR + 1) for number in range(start, end + 1)]


def _by_day(day: datetime.date) -> Period:
    return day.year, day.month, day.day


def _by_month(day: datetime.date) -> Period:
    return day.year, day.month


def _by_year(day: datetime.date) -> Period:
    return (day.year,)
