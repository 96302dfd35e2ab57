"""Dates and times as a standard writes them, read and written with `strptime` formats."""

from __future__ import annotations

import datetime
import re

from guildhall.schema.model import Field

NAMED_FORMATS = frozenset(("default", "any", "ISO"))
ISO_DATE = "%Y-%m-%d"
# What `any` takes: the ways in which British councils write a date.
ANY_DATE = (ISO_DATE, "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%Y/%m/%d", "%d/%m/%y", "%d-%b-%y")
_ANY_BY_TYPE = {
    "date": ANY_DATE,
    "datetime": (
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%dT%H:%M:%SZ",
        "%Y-%m-%d %H:%M:%S",
        "%d/%m/%Y %H:%M:%S",
        "%d/%m/%Y %H:%M",
        *ANY_DATE,
    ),
    "time": ("%H:%M:%S", "%H:%M", "%I:%M %p", "%I:%M%p"),
}
DATE_DIRECTIVES = {
    "Y": "[0-9]{4}", "y": "[0-9]{2}", "m": "[0-9]{1,2}", "d": "[0-9]{1,2}", "e": "[0-9]{1,2}",
    "b": "[A-Za-z]{3}", "B": "[A-Za-z]{3,9}", "a": "[A-Za-z]{3}", "A": "[A-Za-z]{6,9}", "j": "[0-9]{1,3}",
}  # fmt: skip
TIME_DIRECTIVES = {
    "H": "[0-9]{1,2}", "I": "[0-9]{1,2}", "M": "[0-9]{1,2}", "S": "[0-9]{1,2}", "p": "(?:[AaPp][Mm])",
    "z": "[+-][0-9]{2}:?[0-9]{2}", "f": "[0-9]{1,6}",
}  # fmt: skip
_DIRECTIVE = re.compile(r"%(.?)")
_LETTERS = {
    "Y": "YYYY",
    "y": "YY",
    "m": "MM",
    "d": "DD",
    "e": "DD",
    "b": "Mon",
    "B": "Month",
    "H": "hh",
    "I": "hh",
    "M": "mm",
    "S": "ss",
    "p": "AM",
}
_ISO_LENGTH = len("2023-03-23")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def directives(shape: str) -> list[str]:
    """The letters after each % of a format. Raises ValueError, which says what is wrong with it."""
    letters = [letter for letter in _DIRECTIVE.findall(shape) if letter != "%"]
    if not letters:
        raise ValueError("it has no parts such as %Y")
    for letter in letters:
        if letter not in DATE_DIRECTIVES | TIME_DIRECTIVES:
            raise ValueError(f"its part %{letter} is not known")
    return letters


def expression(shape: str) -> str:
    """A regular expression for the texts of a format; that a day is in the calendar is another matter."""
    known = DATE_DIRECTIVES | TIME_DIRECTIVES | {"%": "%"}
    parts = re.split(r"%(.)", shape)
    return "".join(known[part] if place % 2 else _literal(part) for place, part in enumerate(parts))


def _literal(text: str) -> str:
    return re.sub(r"([^A-Za-z0-9 /:_,-])", r"\\\1", text)


def in_letters(shape: str) -> str:
    """A format as people write it: %d/%m/%Y -> DD/MM/YYYY."""
    return re.sub(r"%(.)", lambda found: _LETTERS.get(found[1], found[1]), shape)


def write(shape: str, moment: datetime.date) -> str:
    """A date or time in a format. Names of months and days are English wherever the program runs."""

    def part(found: re.Match[str]) -> str:
        letter = found[1]
        if letter in {"B", "b"}:
            name = _MONTHS[moment.month - 1]
            return name if letter == "B" else name[:3]
        if letter in {"A", "a"}:
            name = _DAYS[moment.weekday()]
            return name if letter == "A" else name[:3]
        if letter in {"Y", "e"}:
            return f"{moment.year:04}" if letter == "Y" else str(moment.day)
        if letter == "p" and isinstance(moment, datetime.datetime):
            return "AM" if moment.hour < 12 else "PM"  # noqa: PLR2004 - noon
        return moment.strftime(f"%{letter}")

    return re.sub(r"%(.)", part, shape)


def shapes(kind: str, shape: str) -> tuple[str, ...]:
    """The formats that a field takes; `default` stands for ISO 8601."""
    if shape == "any":
        return _ANY_BY_TYPE[kind]
    if shape == "default":
        return (_ANY_BY_TYPE[kind][0],)
    return (shape,)


def write_date(field: Field, date: datetime.date) -> str:
    """A date in the way that the field is written, such as 17/03/2030."""
    return write_moment(field, datetime.datetime(date.year, date.month, date.day, tzinfo=datetime.UTC))


def write_moment(field: Field, moment: datetime.datetime) -> str:
    """The same with the time of day, where the field has one."""
    if field.type == "datetime" and field.format in NAMED_FORMATS:
        return write("%Y-%m-%dT%H:%M:%SZ", moment)
    return write(shapes(field.type, field.format)[0], moment)


def sample(field: Field) -> str:
    """An example of a date or time as the field writes it."""
    return write_moment(field, datetime.datetime(2023, 3, 23, 9, 30, tzinfo=datetime.UTC))


def looks_like(shape: str, text: str) -> bool:
    """It is written in that format, whether or not there is such a day."""
    return re.fullmatch(expression(shape), text) is not None


def read_date(field: Field, text: str) -> datetime.date | None:
    """The date that a value means, if it is written as the field says."""
    if field.format == "default" and len(text) < _ISO_LENGTH:
        return None
    for shape in shapes(field.type, field.format):
        found = read(shape, text[:19] if field.type == "datetime" and field.format in NAMED_FORMATS else text)
        if found is not None:
            return found.date()
    return None


def read(shape: str, text: str) -> datetime.datetime | None:
    """A text in one format; None if it is not written so or no such day exists."""
    if not looks_like(shape, text):
        return None
    try:
        found = datetime.datetime.strptime(text, shape.replace("%e", "%d"))  # noqa: DTZ007 - given one below
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)
