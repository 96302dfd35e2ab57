"""What texts mean by their types: the numbers by which they are compared, and the values that programs are given."""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Sequence

import polars as pl

from guildhall.schema import dates, kinds
from guildhall.schema.model import Field

ORDERED = frozenset(("integer", "number", "date", "datetime", "time", "year", "yearmonth"))
DATED = frozenset(("date", "datetime"))
Typed = str | int | float | bool

_PART_OF_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?", re.ASCII)
# A number that JSON readers hold without loss; larger ones stay texts.
_SAFE = 2**53
_MONTHS = 12
_SECONDS_A_DAY = 86_400


def is_ordered(field: Field) -> bool:
    """Its values are compared as numbers or dates, not letter by letter."""
    return field.value_field.type in ORDERED


def ranks(field: Field, texts: Sequence[str]) -> list[float | None]:
    """A number for each text of an ordered field.

    None for what is none of its type, or beyond all numbers (1e400), and where texts are compared.
    """
    if not texts or not is_ordered(field):
        return [None] * len(texts)
    frame = pl.DataFrame({"text": list(texts)}, schema={"text": pl.String})
    rank = finite(kinds.rank(field.value_field, pl.col("text")))
    found: list[float | None] = frame.select(rank).to_series().to_list()
    return found


def finite(rank: pl.Expr) -> pl.Expr:
    """No place in an address holds what is infinite, nor does every database order it alike."""
    number = rank.cast(pl.Float64)
    return pl.when(number.is_finite()).then(number)


def bounds(field: Field, text: str) -> tuple[float, float] | None:
    """The first and last rank that a text stands for: of a date, a month and a year are written shorter.

    None if it is no value of the field's type, or beyond all numbers. Dates may be written as the field has them or in
    ISO 8601.
    """
    known = field.value_field
    if known.type in DATED and (part := _PART_OF_DATE.fullmatch(text)):
        return _of_part(known, int(part[1]), int(part[2] or 0))
    found = kinds.bound(known, text)
    if found is None and known.type == "datetime" and (day := dates.read(dates.ISO_DATE, text)):
        start = day.timestamp()
        return start, start + _SECONDS_A_DAY - 1
    return None if found is None or not math.isfinite(found) else (found, found)


def typed(field: Field, text: str) -> Typed:
    """A value as programs expect it: numbers and booleans as such, dates as ISO 8601; others as they were written."""
    if field.type == "boolean":
        return True if text in field.true_values else False if text in field.false_values else text
    if field.type in {"integer", "number", "year"}:
        return _number(field, text)
    if field.type in DATED and field.format != "default":
        shapes = dates.shapes(field.type, field.format)
        moment = next((found for shape in shapes if (found := dates.read(shape, text))), None)
        if moment is not None:
            return moment.date().isoformat() if field.type == "date" else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return text


def _number(field: Field, text: str) -> Typed:
    try:
        plain = int(text)
    except ValueError:
        found = ranks(field, [text])[0]
        if found is None:
            return text
        return int(found) if field.type != "number" and found.is_integer() else found
    return plain if abs(plain) <= _SAFE else text


def _of_part(field: Field, year: int, month: int) -> tuple[float, float] | None:
    """A whole year or month, as days or seconds since 1970."""
    if year < 1 or month > _MONTHS:
        return None
    last_month = month or _MONTHS
    plain = Field(name=field.name, title=field.title, type="date")
    first = kinds.bound(plain, f"{year:04}-{month or 1:02}-01")
    last = kinds.bound(plain, f"{year:04}-{last_month:02}-{calendar.monthrange(year, last_month)[1]:02}")
    if first is None or last is None:
        return None
    if field.type == "datetime":
        return first * _SECONDS_A_DAY, (last + 1) * _SECONDS_A_DAY - 1
    return first, last
