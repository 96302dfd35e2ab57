"""Lists in one file, whole or what is asked for of them: each at one head from the first line to the last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase

from guildhall.kit.access import anyone
from guildhall.kit.answers import as_download, csv_stream, json_stream, revalidated
from guildhall.kit.negotiate import CSV, HTML, JSON, Format, offers
from guildhall.reading import addresses
from guildhall.reading.asking import asking_of
from guildhall.reading.data import etags, tables
from guildhall.reading.data.entries import COLUMNS as ENTRY_COLUMNS
from guildhall.reading.data.entries import as_entry
from guildhall.reading.data.records import TOTAL, size_param
from guildhall.reading.exports import answers, excerpts, formats
from guildhall.reading.state import joined_state_of, state_of
from guildhall.reading.views import standards as pages
from guildhall.registers import catalogue
from guildhall.registers.models import Register
from guildhall.registers.queries import joined, records, registers
from guildhall.registers.queries.records import Change

# What the address of a list takes besides what is asked of its table.
_OF_LISTS = frozenset((TOTAL,))


@anyone
@offers(*formats.ALL)
def whole_list(request: HttpRequest, chosen: Format, organisation: str, name: str) -> HttpResponseBase:
    """Every record of a list, its values and no more; or those that are asked for."""
    found = registers.register(f"{organisation}/{name}")
    tag = etags.of_register(found, request, chosen)
    state = state_of(request, found, catalogue.current_standard(found.standard_name))
    if TOTAL in request.GET:
        size = size_param(request, found)
        state = replace(state, size=size, at=size)
    question = asking_of(request, state.scope, "", {}, _OF_LISTS).question
    tag = etags.with_followers(tag, state.scope, question)
    return answers.export(request, chosen, excerpts.of_list(state, question), tag)


@anyone
@offers(JSON, CSV, HTML, takes=())
def whole_history(request: HttpRequest, chosen: Format, organisation: str, name: str) -> HttpResponseBase:
    """Every change of a list with the values that it came with, oldest first. Browsers go to their page."""
    found = registers.register(f"{organisation}/{name}")
    if chosen is HTML:
        return HttpResponseRedirect(f"{addresses.register(found.path)}entries")

    def make() -> HttpResponseBase:
        answer = _history(chosen, found, records.stream_entries(found, found.head.size))
        return as_download(answer, f"{organisation}-{name}-changes.{chosen.name}")

    return revalidated(request, etags.of_register(found, request, chosen), make)


@anyone
@offers(JSON, CSV, takes=())
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
    kept = joined.registers_to(name)
    scope = state.scope(kept)
    question = asking_of(request, scope, "", {}).question
    tag = etags.with_followers(tag, scope, question)
    return answers.export(request, chosen, excerpts.of_lists(state, kept, question), tag)


def _history(chosen: Format, register: Register, changes: Iterable[Change]) -> HttpResponseBase:
    if chosen is JSON:
        return json_stream({**as_entry(one), "values": one.item} for one in changes)
    fields = tables.fields_of(register)
    rows = ((one.number, one.timestamp, one.key, one.hash, *tables.cells(one.item, fields)) for one in changes)
    return csv_stream([*ENTRY_COLUMNS, *tables.names(fields)], rows)
