"""Records as GOV.UK Registers gave them (read API, version 2)."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from guildhall.kit.access import anyone
from guildhall.kit.answers import json_answer, link_header, revalidated, same_address
from guildhall.kit.exceptions import BadRequestError
from guildhall.kit.negotiate import CSV, HTML, JSON, Format, offers
from guildhall.kit.parameters import refuse_others
from guildhall.reading import addresses
from guildhall.reading.data import etags, tables
from guildhall.reading.data.entries import entries_answer
from guildhall.reading.params import number_param, text_param
from guildhall.reading.state import PARAMETERS, state_of
from guildhall.reading.views import records as pages
from guildhall.registers import catalogue
from guildhall.registers.models import Register
from guildhall.registers.queries import one, registers
from guildhall.registers.queries import records as queries
from guildhall.registers.queries.records import Record

# How many changes the list has in the state that is read.
TOTAL = "total-entries"
PAGE_SIZE, MOST_AT_ONCE = 100, 5_000
# Pages are found by their number up to here, and by following `Link` as far as anyone likes.
MOST_SKIPPED = 100_000


@anyone
@offers(JSON, CSV, HTML)
def records(request: HttpRequest, chosen: Format, organisation: str, name: str) -> HttpResponseBase:
    """A page of records in the order of their keys."""
    found = registers.register(f"{organisation}/{name}")
    if chosen is HTML:
        return HttpResponseRedirect(addresses.register(found.path))
    whole = f"{addresses.register(found.path)}list.{chosen.name}"
    refuse_others(request, (TOTAL, *PARAMETERS, "page-size", "page-index", "after"), instead=whole)
    tag = etags.of_register(found, request, chosen)
    return revalidated(request, tag, lambda: _page(request, chosen, found))


@anyone
@offers(JSON, CSV, HTML, takes=(TOTAL, *PARAMETERS))
def record(request: HttpRequest, chosen: Format, organisation: str, name: str, key: str) -> HttpResponseBase:
    if chosen is HTML:
        return pages.record(request, organisation, name, key)
    if chosen is JSON and not request.GET:
        quick = one.with_roots(f"{organisation}/{name}", key, etags.TOUCHING)
        if quick is not None:
            return _quick(request, f"{organisation}/{name}", quick)
    found = registers.register(f"{organisation}/{name}")
    tag = etags.of_register(found, request, chosen)
    return revalidated(request, tag, lambda: _one(request, chosen, found, key))


@anyone
@offers(JSON, CSV, HTML, takes=())
def record_entries(request: HttpRequest, chosen: Format, organisation: str, name: str, key: str) -> HttpResponseBase:
    """The whole history of a record, oldest first."""
    found = registers.register(f"{organisation}/{name}")
    if chosen is HTML:
        return HttpResponseRedirect(f"{addresses.own_record(found.path, key)}#history")

    def make() -> HttpResponseBase:
        return entries_answer(chosen, queries.record_entries(found, key, found.head.size))

    return revalidated(request, etags.of_register(found, request, chosen), make)


def size_param(request: HttpRequest, register: Register) -> int:
    """The size at which the list is read, so that all pages show one state of it: `total-entries`, `at`, or a day."""
    size = register.head.size
    if TOTAL in request.GET or not any(name in request.GET for name in PARAMETERS):
        return number_param(request, TOTAL, default=size, least=0, most=size)
    state = state_of(request, register, catalogue.current_standard(register.standard_name))
    if state.in_force_on:
        raise BadRequestError(
            _("Which records were in force on a day cannot be asked here."),
            _("Ask for list.json or list.csv with in-force-on."),
        )
    return state.size


def _quick(request: HttpRequest, path: str, found: one.Found) -> HttpResponseBase:
    """The latest record of its key as JSON, which was read in one statement."""
    tag = etags.of_roots(path, found.root, found.roots, request, JSON)

    def make() -> HttpResponseBase:
        response = json_answer({"_id": found.record.key, **found.record.item})
        response.headers["Link"] = _history_link(path, found.record.key)
        return response

    return revalidated(request, tag, make)


def _history_link(path: str, key: str) -> str:
    return link_header([(f"{addresses.own_record(path, key)}/entries", "version-history")])


def _one(request: HttpRequest, chosen: Format, register: Register, key: str) -> HttpResponseBase:
    found = queries.record(register, key, size_param(request, register))
    response = tables.one(chosen, register, found.key, found.item)
    response.headers["Link"] = _history_link(register.path, key)
    return response


def _page(request: HttpRequest, chosen: Format, register: Register) -> HttpResponseBase:
    size = size_param(request, register)
    limit = number_param(request, "page-size", default=PAGE_SIZE, least=1, most=MOST_AT_ONCE)
    index = number_param(request, "page-index", default=1, least=1, most=MOST_SKIPPED)
    after = text_param(request, "after") or None
    skipped = (index - 1) * limit
    if skipped > MOST_SKIPPED:
        raise BadRequestError(
            _("Pages beyond the first %(number)s records cannot be asked for by their number.")
            % {"number": f"{MOST_SKIPPED:,}"},
            _("Follow the Link header from page to page, or take the whole list: list.csv or list.json."),
        )
    keys = queries.keys(register, size, after=after, skip=skipped, limit=limit + 1)
    shown = keys[:limit]
    found: Iterable[Record] = queries.stream_records(register, size, first=shown[0], last=shown[-1]) if shown else ()
    response = tables.many(chosen, register, ((one.key, one.item) for one in found))

    # Pages are linked by key, so that the last costs no more than the first; all show the list at one size.
    def page(key: str | None) -> str:
        return same_address(request, total_entries=size, page_size=limit, after=key)

    links = [(page(shown[-1]), "next")] if len(keys) > limit else []
    if shown and (after is not None or skipped):
        before = queries.keys_before(register, size, shown[0], limit=limit + 1)
        links.append((page(before[0] if len(before) > limit else None), "previous"))
    if links:
        response.headers["Link"] = link_header(links)
    return response
