"""How fresh lists are against what their data standard promises, as pages tell it."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import ngettext

from guildhall.registers.freshness import Grade, freshness
from guildhall.schema.model import Standard

_FREQUENCY = re.compile(r"P([0-9]+)([YMWD])")


@dataclass(frozen=True)
class Promise:
    """What a standard promises, in words, and how many lists are how fresh; `words` is empty without a promise."""

    words: str
    fresh: int
    due: int
    overdue: int
    unknown: int


def promise_of(standard: Standard, source_dates: Iterable[str], today: datetime.date) -> Promise:
    grades = Counter(grade_of(standard, one, today) for one in source_dates)
    words = renewal_words(standard.update_frequency)
    return Promise(words, grades["fresh"], grades["due"], grades["overdue"], grades["unknown"])


def grade_of(standard: Standard, source_date: str, today: datetime.date) -> Grade:
    return freshness(standard.update_frequency, source_date, today).grade


def renewal_words(update_frequency: str) -> str:
    """P1Y as “every year”, P3M as “every 3 months”; empty without a promise."""
    found = _FREQUENCY.fullmatch(update_frequency)
    if found is None:
        return ""
    count = int(found[1])
    return {
        "Y": ngettext("every year", "every %(number)s years", count),
        "M": ngettext("every month", "every %(number)s months", count),
        "W": ngettext("every week", "every %(number)s weeks", count),
        "D": ngettext("every day", "every %(number)s days", count),
    }[found[2]] % {"number": count}
