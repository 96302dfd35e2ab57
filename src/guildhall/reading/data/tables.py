"""Items as columns and rows: key fields first, a list's values joined as its standard divides them.

So what was downloaded can be published again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http.response import HttpResponseBase

from guildhall.kit.answers import csv_answer, csv_stream, json_answer, json_stream
from guildhall.kit.negotiate import JSON, Format
from guildhall.registers import catalogue
from guildhall.registers.models import Register
from guildhall.registers.queries.records import Item
from guildhall.schema.model import Field


def fields_of(register: Register) -> tuple[Field, ...]:
    return catalogue.current_standard(register.standard_name).key_first


def names(fields: Sequence[Field]) -> list[str]:
    return [known.name for known in fields]


def cells(item: Item, fields: Sequence[Field]) -> list[str]:
    return [_cell(known, item.get(known.name, "")) for known in fields]


def many(chosen: Format, register: Register, rows: Iterable[tuple[str, Item]]) -> HttpResponseBase:
    """Values with their `_id` beside them, as a stream."""
    if chosen is JSON:
        return json_stream({"_id": own, **item} for own, item in rows)
    fields = fields_of(register)
    return csv_stream(["_id", *names(fields)], ([own, *cells(item, fields)] for own, item in rows))


def one(chosen: Format, register: Register, own: str, item: Item) -> HttpResponseBase:
    if chosen is JSON:
        return json_answer({"_id": own, **item})
    fields = fields_of(register)
    return csv_answer(["_id", *names(fields)], [[own, *cells(item, fields)]])


def _cell(known: Field, value: str | list[str]) -> str:
    return value if isinstance(value, str) else known.delimiter.join(value)
