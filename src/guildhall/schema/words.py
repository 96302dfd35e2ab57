"""What is wrong, in plain words: the same for a row from a form, a row of a file and an answer of the API."""

from __future__ import annotations

import re
from dataclasses import dataclass

from guildhall.schema import dates, patterns, suggest
from guildhall.schema.checks import Rule
from guildhall.schema.model import MAX_ITEM_BYTES, MAX_KEY_CHARACTERS, Field

_QUOTED = 80  # characters of a value that a message shows
_LISTED = 12  # choices that a message names
_PART = re.compile(r"[:.] ")
_DATED = frozenset(("date", "datetime", "time"))


@dataclass(frozen=True)
class Problem:
    """One fault. `row` is the line of the file, None where there is no file; `column` is as the publisher wrote it."""

    row: int | None
    column: str
    value: str
    rule: str
    message: str

    def __str__(self) -> str:
        place = [f"Row {self.row:,}"] if self.row is not None else []
        place += [self.column] if self.column else []
        if not place:
            return f"{self.message[:1].upper()}{self.message[1:]}"
        return f"{', '.join(place)}: {self.message}"

    @property
    def parts(self) -> tuple[str, str]:
        """What is wrong, and what to do: the message in two. The second is empty where the first says it all."""
        quote, mark, rest = self.message.rpartition("”")
        what, *remedy = _PART.split(rest, maxsplit=1)
        told = f"{quote}{mark}{what}".rstrip(".")
        return _sentence(told), _sentence(" ".join(remedy).rstrip("."))


def tell(field: Field, rule: Rule, value: str | list[str], *, column: str, row: int | None = None) -> Problem:
    """The problem of one cell. A list is told by the first of its values that is at fault."""
    if isinstance(value, list):
        if rule in {Rule.TOO_SHORT, Rule.TOO_LONG}:
            return Problem(
                row, column, field.delimiter.join(value), rule.name.lower(), _count_message(field, rule, value)
            )
        field = field.value_field
        value = next((one for one in value if suggest.broken_rule(field, one) == rule), "")
    return Problem(row, column, value, rule.name.lower(), message(field, rule, value))


def tell_row(rule: Rule, key: str, *, columns: list[str], row: int | None = None) -> Problem:
    """The problem of a whole row: of its key, or of its size."""
    if rule == Rule.LARGE_ROW:
        told = f"this row holds too much: {MAX_ITEM_BYTES:,} bytes of text at most can be published."
        return Problem(row, "", "", rule.name.lower(), told)
    column = " and ".join(columns)
    if rule == Rule.LONG_KEY:
        told = (
            f"{quoted(key)} has {len(key):,} characters, and what names a record may have {MAX_KEY_CHARACTERS} at most."
        )
    else:
        told = f"{quoted(key)} cannot name a record: write another name."
    return Problem(row, column, key, rule.name.lower(), told)


def tell_repeated(value: str, *, columns: list[str], row: int, first: int) -> Problem:
    """A value that must be different in every row and is not."""
    told = f"{quoted(value)} stands in row {first:,} already, and must be different in every row: keep one of the two."
    return Problem(row, " and ".join(columns), value, Rule.REPEATED.name.lower(), told)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def quoted(text: str) -> str:
    """A value between quotation marks, on one line and not too long."""
    line = " ".join(text.split())
    return f"“{line if len(line) <= _QUOTED else line[: _QUOTED - 1] + '…'}”"


def message(field: Field, rule: Rule, value: str) -> str:
    """What is wrong with one value, and what to write instead."""
    if rule == Rule.REQUIRED:
        return "this must be filled in." + (f" For example: {field.example}." if field.example else "")
    if rule == Rule.CHARACTERS:
        return f"{quoted(value)} holds a character that cannot be kept: write it again without."
    if rule in {Rule.TOO_SHORT, Rule.TOO_LONG}:
        return _length_message(field, rule, value)
    if rule in {Rule.TOO_SMALL, Rule.TOO_LARGE}:
        return f"{quoted(value)} is {fault(field, rule)}."
    better = suggest.corrected(field, value)
    advice = f"write {better}" if better else f"write {hint(field, rule, value)}"
    last = ""
    if rule == Rule.PATTERN and not patterns.choices(field.constraints.pattern or ""):
        last = f" (As an expression: {field.constraints.pattern})"
    return f"{quoted(value)} is {fault(field, rule)}: {advice}.{last}"


def fault(field: Field, rule: Rule) -> str:
    """What is wrong with values in general: completes “this is …”."""
    limits = field.constraints
    early, late = ("too early", "too late") if field.type in _DATED else ("too small", "too large")
    faults = {
        Rule.REQUIRED: "not filled in",
        Rule.CHARACTERS: "not free of characters that cannot be kept",
        Rule.TYPE: f"not {kind(field)}",
        Rule.CHOICES: "not one of the choices",
        Rule.PATTERN: "not one of the choices"
        if patterns.choices(limits.pattern or "")
        else "not written as it should be",
        Rule.TOO_SHORT: f"too short: at least {_unit(field, limits.min_length)}",
        Rule.TOO_LONG: f"too long: {_unit(field, limits.max_length)} at most",
        Rule.TOO_SMALL: f"{early}: {limits.minimum} {'or later' if field.type in _DATED else 'or more'}",
        Rule.TOO_LARGE: f"{late}: {limits.maximum} {'or earlier' if field.type in _DATED else 'or less'}",
        Rule.REPEATED: "the same as in an earlier row",
    }
    return faults[rule]


def row_fault(rule: Rule) -> str:
    """The same of whole rows."""
    return {
        Rule.NO_KEY: "not fit to name a record",
        Rule.LONG_KEY: f"too long to name a record: {MAX_KEY_CHARACTERS} characters at most",
        Rule.LARGE_ROW: f"the row holds too much: {MAX_ITEM_BYTES:,} bytes at most",
        Rule.REPEATED: "the same as in an earlier row",
    }[rule]


def kind(field: Field) -> str:
    """What a value of the field is, in words: `a date written DD/MM/YYYY`."""
    if field.type in _DATED:
        noun = {"date": "a date", "datetime": "a date and time", "time": "a time"}[field.type]
        if field.format == "any":
            return noun
        return f"{noun} written {_letters(field)}"
    if field.type == "string":
        return _STRING_KINDS.get(field.format, "a text")
    if field.type == "boolean":
        return f"{field.true_values[0]} or {field.false_values[0]}"
    return _KINDS.get(field.type, "a text")


def hint(field: Field, rule: Rule, value: str) -> str:
    """How to write a good value, where none can be worked out from what was given."""
    if rule in {Rule.CHOICES, Rule.PATTERN}:
        choices = field.constraints.enum or patterns.choices(field.constraints.pattern or "")
        if choices:
            return f"one of {_listed(choices)}"
        return f"it like {field.example}" if field.example else "it as the expression says"
    if field.type == "date" and any(dates.looks_like(shape, value) for shape in (field.format, *dates.ANY_DATE)):
        return f"a day that is in the calendar, like {field.example or example(field)}"
    if field.type == "boolean":
        return kind(field)
    return f"it like {field.example or example(field)}"


def example(field: Field) -> str:
    """A good value, where the standard gives none."""
    if field.type in _DATED:
        return dates.sample(field)
    if field.type == "string":
        return _STRING_EXAMPLES.get(field.format, "text")
    return _EXAMPLES.get(field.type, "text")


def _letters(field: Field) -> str:
    if field.format == "default":
        return {"date": "YYYY-MM-DD", "datetime": "YYYY-MM-DDThh:mm:ssZ", "time": "hh:mm:ss"}[field.type]
    return dates.in_letters(field.format)


def _unit(field: Field, number: int | None) -> str:
    return counted(number or 0, "value" if field.is_list else "character")


def _length_message(field: Field, rule: Rule, value: str) -> str:
    return f"{quoted(value)} has {counted(len(value), 'character')} and is {fault(field, rule)}."


def _count_message(field: Field, rule: Rule, values: list[str]) -> str:
    return f"{quoted(field.delimiter.join(values))} has {counted(len(values), 'value')} and is {fault(field, rule)}."


def counted(number: int, noun: str) -> str:
    """`1 row`, `2 rows`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _listed(choices: tuple[str, ...]) -> str:
    shown = ", ".join(choices[:_LISTED])
    return shown if len(choices) <= _LISTED else f"{shown} … ({len(choices)} in all)"


_KINDS = {
    "integer": "a whole number",
    "number": "a number",
    "year": "a year of four digits",
    "yearmonth": "a month written YYYY-MM",
    "duration": "a length of time as ISO 8601 writes it",
    "geopoint": "a point written as longitude, latitude",
    "point": "a point written POINT (longitude latitude)",
    "multipolygon": "an area written MULTIPOLYGON (((…)))",
    "geojson": "GeoJSON",
    "object": "a JSON object",
    "array": "a JSON array",
}
_EXAMPLES = {
    "integer": "12",
    "number": "12.5",
    "year": "2023",
    "yearmonth": "2023-03",
    "duration": "P1Y6M",
    "geopoint": "-0.1257, 51.5085",
    "point": "POINT (-0.1257 51.5085)",
    "multipolygon": "MULTIPOLYGON (((0 51, 0 52, 1 52, 0 51)))",
    "geojson": '{"type": "Point", "coordinates": [-0.1257, 51.5085]}',
    "object": '{"name": "value"}',
    "array": '["value"]',
}
_STRING_KINDS = {
    "uri": "a web address",
    "email": "an email address",
    "uuid": "a UUID",
    "curie": "the name of a list, a colon and a key",
}
_STRING_EXAMPLES = {
    "uri": "https://www.example.gov.uk/page",
    "email": "name@example.gov.uk",
    "uuid": "123e4567-e89b-42d3-a456-426614174000",
    "curie": "local-authority:HCK",
}
