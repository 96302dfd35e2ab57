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
from guildhall.reading.data.filtered import filtered
from guildhall.reading.data.records import size_param
from guildhall.reading.exports import answers, formats
from guildhall.reading.state import joined_state_of, state_of
from guildhall.reading.views import standards as pages
from guildhall.registers import catalogue
from guildhall.registers.exports import subject
from guildhall.registers.models import Register
from guildhall.registers.queries import joined, records, registers, scopes
from guildhall.registers.queries.records import Change


@anyone
@offers(*formats.ALL)
def whole_list(request: HttpRequest, chosen: Format, organisation: str, name: str) -> HttpResponseBase:
    """Every record of a list, its values and no more."""
    found = registers.register(f"{organisation}/{name}")
    tag = etags.of_register(found, request, chosen)
    if "total-entries" in request.GET:
        return answers.export(request, chosen, subject.of_register(found, size_param(request, found)), tag)
    standard = catalogue.current_standard(found.standard_name)
    state = state_of(request, found, standard)
    shows = state.shows if state.in_force_on else None
    scope = scopes.of_register(found, standard, state.size, shows=shows)
    part = filtered(request, chosen, scope, f"{organisation}-{name}", tag)
    if part is not None:
        return part
    return answers.export(request, chosen, subject.of_register(found, state.size, shows=shows), tag)


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
@offers(*formats.ALL, HTML)
def joined_view(request: HttpRequest, chosen: Format, name: str) -> HttpResponseBase:
    """Every record of every list to one standard, with whose it is beside it."""
    if chosen is HTML:
        return pages.records(request, name)
    standard = catalogue.current_standard(registers.standard(name).name)
    state = joined_state_of(request, standard)
    # Read before the heads, so that it is never newer than what it stands for.
    tag = etags.of_hall(request, chosen, name)
    shows = state.shows if state.in_force_on else None
    kept = joined.registers_to(name)
    scope = scopes.of_standard(standard, kept, None if state.is_now else state.sizes(kept), shows=shows)
    part = filtered(request, chosen, scope, f"{name}-all-lists", tag)
    if part is not None:
        return part
    return answers.export(request, chosen, subject.of_standard(name, state.sizes, shows=shows), tag)


def _history(chosen: Format, register: Register, changes: Iterable[Change]) -> HttpResponseBase:
    if chosen is JSON:
        return json_stream({**as_entry(one), "values": one.item} for one in changes)
    fields = tables.fields_of(register)
    rows = ((one.number, one.timestamp, one.key, one.hash, *tables.cells(one.item, fields)) for one in changes)
    return csv_stream([*ENTRY_COLUMNS, *tables.names(fields)], rows)
