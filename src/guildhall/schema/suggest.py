"""What a publisher may have meant: a corrected value, offered only if it keeps to the standard."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

import polars as pl

from guildhall.schema import dates, patterns
from guildhall.schema.checks import Rule, verdict
from guildhall.schema.model import Field
from guildhall.schema.text import fold, tidy

_YES = {"yes", "y", "true", "t", "1", "on"}
_NO = {"no", "n", "false", "f", "0", "off"}
_NEAR = 0.8
_ORDINAL = re.compile(r"(?<=[0-9])(st|nd|rd|th)\b", re.IGNORECASE)
_ZERO_TIME = re.compile(r"[T ]00:00(:00(\.0+)?)?Z?$")
_AMERICAN = "%m/%d/%Y"
_LONGEST = 200


def corrected(field: Field, value: str) -> str | None:
    """The value as it should be written, if that can be worked out. For a list, `field` is that of its values."""
    if len(value) > _LONGEST:
        return None
    for candidate in _candidates(field, value):
        tidied = tidy(candidate)
        if tidied and tidied != value and keeps(field, tidied):
            return tidied
    return None


def keeps(field: Field, text: str) -> bool:
    """The text is a good value of the field."""
    return broken_rule(field, text) == Rule.KEPT


def broken_rule(field: Field, text: str) -> Rule:
    """The rule that one value breaks, or KEPT."""
    return Rule(pl.DataFrame({"value": [text]}).select(verdict(field, pl.col("value"))).item())


def _candidates(field: Field, value: str) -> Iterator[str]:
    choices = field.constraints.enum or patterns.choices(field.constraints.pattern or "")
    if choices:
        yield from _chosen(choices, value)
    if field.type in {"date", "datetime"}:
        yield from _dates(field, value)
    elif field.type in {"integer", "number", "year"}:
        yield from _numbers(value)
    elif field.type == "boolean":
        yield from _answers(field, value)
    elif field.type == "yearmonth":
        yield from _months(value)
    elif field.type == "time":
        yield from _times(field, value)
    elif field.format in {"uri", "email"}:
        yield from _addresses(field, value)
    if field.constraints.pattern:
        yield from _respelt(value)


def _chosen(choices: tuple[str, ...], value: str) -> Iterator[str]:
    folded = {fold(choice): choice for choice in choices}
    if fold(value) in folded:
        yield folded[fold(value)]
    yield from (folded[near] for near in difflib.get_close_matches(fold(value), folded, n=1, cutoff=_NEAR))


def _dates(field: Field, value: str) -> Iterator[str]:
    """Read as a British date, or as an American one where that is the only way."""
    plain = _ORDINAL.sub("", _ZERO_TIME.sub("", value))
    plain = re.sub(r"[\s,]+", " ", plain).strip()
    for shape in (*dates.ANY_DATE, _AMERICAN):
        found = dates.read(shape, plain)
        if found is not None:
            yield dates.write_date(field, found.date())
    if field.type == "datetime":
        for shape in dates.shapes("datetime", "any"):
            found = dates.read(shape, value)
            if found is not None:
                yield dates.write_moment(field, found)


def _numbers(value: str) -> Iterator[str]:
    """Without thousands separators, currency signs, brackets for minus, and the .0 of a spreadsheet."""
    bare = re.sub(r"[\s,£€$%']", "", value)
    if bare.startswith("(") and bare.endswith(")"):
        bare = f"-{bare[1:-1]}"
    bare = bare.replace("\u2212", "-")
    yield bare
    yield re.sub(r"\.0+$", "", bare)


def _answers(field: Field, value: str) -> Iterator[str]:
    folded = fold(value)
    if folded in _YES | {fold(one) for one in field.true_values}:
        yield field.true_values[0]
    if folded in _NO | {fold(one) for one in field.false_values}:
        yield field.false_values[0]


def _months(value: str) -> Iterator[str]:
    for shape in ("%m/%Y", "%m-%Y", "%B %Y", "%b %Y", "%b-%y", "%Y/%m", *dates.ANY_DATE):
        found = dates.read(shape, value)
        if found is not None:
            yield dates.write("%Y-%m", found)


def _times(field: Field, value: str) -> Iterator[str]:
    plain = value.replace(".", ":")
    for shape in ("%H:%M", "%H:%M:%S", "%I:%M%p", "%I:%M %p", "%I%p", "%I %p"):
        found = dates.read(shape, plain)
        if found is not None:
            yield dates.write(dates.shapes("time", field.format)[0], found)


def _addresses(field: Field, value: str) -> Iterator[str]:
    bare = "".join(value.split())
    if field.format == "email":
        yield re.sub(r"^mailto:", "", bare, flags=re.IGNORECASE)
        return
    yield bare
    if re.match(r"[\w-]+(\.[\w-]+)+(/|$)", bare):
        yield f"https://{bare}"


def _respelt(value: str) -> Iterator[str]:
    for text in (value, re.sub(r"[\s_]+", "-", value), "".join(value.split())):
        yield text
        yield text.upper()
        yield text.lower()
