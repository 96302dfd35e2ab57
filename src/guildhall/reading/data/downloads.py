"""Whole lists in one file, and all lists to one standard: streamed, each at one head from first line to last."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from guildhall.kit.access import anyone
from guildhall.kit.answers import as_download, csv_stream, json_stream, revalidated
from guildhall.kit.negotiate import CSV, HTML, JSON, Format, offers
from guildhall.reading.data import etags, tables
from guildhall.reading.data.entries import COLUMNS as ENTRY_COLUMNS
from guildhall.reading.data.entries import as_entry
from guildhall.reading.data.records import size_param
from guildhall.reading.views import standards as pages
from guildhall.registers import catalogue
from guildhall.registers.models import Register
from guildhall.registers.queries import joined, records, registers
from guildhall.registers.queries.records import Change


@anyone
@offers(JSON, CSV)
def whole_list(request: HttpRequest, chosen: Format, organisation: str, name: str) -> HttpResponseBase:
    """Every record of a list, its values and no more."""
    found = registers.register(f"{organisation}/{name}")
    size = size_param(request, found)

    def make() -> HttpResponseBase:
        answer = _list(chosen, found, size)
        return as_download(answer, f"{organisation}-{name}.{chosen.name}")

    return revalidated(request, etags.of_register(found, request, chosen), make)


@anyone
@offers(JSON, CSV)
def whole_history(request: HttpRequest, chosen: Format, organisation: str, name: str) -> HttpResponseBase:
    """Every change of a list with the values that it came with, oldest first."""
    found = registers.register(f"{organisation}/{name}")

    def make() -> HttpResponseBase:
        answer = _history(chosen, found, records.stream_entries(found, found.head.size))
        return as_download(answer, f"{organisation}-{name}-changes.{chosen.name}")

    return revalidated(request, etags.of_register(found, request, chosen), make)


@anyone
@offers(JSON, CSV)
def record_history(request: HttpRequest, chosen: Format, organisation: str, name: str, key: str) -> HttpResponseBase:
    """Every change of one record with the values that it came with, oldest first."""
    found = registers.register(f"{organisation}/{name}")

    def make() -> HttpResponseBase:
        return _history(chosen, found, records.record_entries(found, key, found.head.size))

    return revalidated(request, etags.of_register(found, request, chosen), make)


@anyone
@offers(JSON, CSV, HTML)
def joined_view(request: HttpRequest, chosen: Format, name: str) -> HttpResponseBase:
    """Every record of every list to one standard, with whose it is beside it."""
    if chosen is HTML:
        return pages.records(request, name)
    registers.standard(name)

    def make() -> HttpResponseBase:
        return as_download(_joined(chosen, name), f"{name}-all-lists.{chosen.name}")

    return revalidated(request, etags.of_hall(request, chosen, name), make)


def _list(chosen: Format, register: Register, size: int) -> HttpResponseBase:
    rows = records.stream_records(register, size)
    if chosen is JSON:
        return json_stream(row.item for row in rows)
    fields = tables.fields_of(register)
    return csv_stream(tables.names(fields), (tables.cells(row.item, fields) for row in rows))


def _history(chosen: Format, register: Register, changes: Iterable[Change]) -> HttpResponseBase:
    if chosen is JSON:
        return json_stream({**as_entry(one), "values": one.item} for one in changes)
    fields = tables.fields_of(register)
    rows = ((one.number, one.timestamp, one.key, one.hash, *tables.cells(one.item, fields)) for one in changes)
    return csv_stream([*ENTRY_COLUMNS, *tables.names(fields)], rows)


def _joined(chosen: Format, name: str) -> HttpResponseBase:
    # Taken before the first line is sent: whatever is published meanwhile is not in it.
    rows = joined.stream_joined(joined.registers_to(name))
    if chosen is JSON:
        return json_stream(_object(name, row) for row in rows)
    fields = tables.in_order(catalogue.current_standard(name))
    columns = [joined.joined_column(name, known.name) for known in fields]
    return csv_stream(
        [*joined.LEADING_COLUMNS, *columns],
        ([*row.leading().values(), *tables.cells(row.record.item, fields)] for row in rows),
    )


def _object(name: str, row: joined.JoinedRow) -> dict[str, object]:
    return row.leading() | {joined.joined_column(name, field): value for field, value in row.record.item.items()}
