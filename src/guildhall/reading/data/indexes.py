"""What there is in the hall: lists, data standards and organisations, for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from guildhall.kit.access import anyone
from guildhall.kit.answers import csv_answer, json_answer, revalidated, same_address
from guildhall.kit.negotiate import CSV, HTML, JSON, Format, offers
from guildhall.kit.parameters import refuse_others
from guildhall.log.leaf import format_time
from guildhall.reading import addresses
from guildhall.reading.data import etags
from guildhall.reading.params import number_param, text_param
from guildhall.reading.views import lists as list_pages
from guildhall.reading.views import organisations as organisation_pages
from guildhall.reading.views import standards as standard_pages
from guildhall.registers.models import Organisation, Register
from guildhall.registers.queries import registers

LISTS_AT_ONCE, MOST_LISTS = 100, 1_000
Row = Mapping[str, object]

_LIST = ("path", "title", "standard", "keeper", "records", "entries", "updated")
_ORGANISATION = ("organisation", "name", "kind", "website", "start-date", "end-date")
_STANDARD = ("standard", "title", "description", "version", "lists")


@anyone
@offers(JSON, CSV, HTML, takes=("q", "standard", "limit", "after"))
def lists(request: HttpRequest, chosen: Format) -> HttpResponseBase:
    """Lists in the order of their paths: JSON in pages, which `next` leads through; CSV all at once."""
    if chosen is HTML:
        return list_pages.index(request)

    def make() -> HttpResponseBase:
        found = list_pages.matching(request)
        total = found.count()
        after = text_param(request, "after")
        found = found.filter(path__gt=after)
        if chosen is CSV:
            return csv_answer(_LIST, (_cells(list_row(one), _LIST) for one in found))
        limit = number_param(request, "limit", default=LISTS_AT_ONCE, least=1, most=MOST_LISTS)
        shown = list(found[: limit + 1])
        following = None
        if len(shown) > limit:
            kept = {name: request.GET[name] for name in ("q", "standard") if name in request.GET}
            following = same_address(request, **kept, limit=limit, after=shown[limit - 1].path)
        results = [list_row(one) for one in shown[:limit]]
        return json_answer({"total": total, "results": results, "next": following})

    return revalidated(request, etags.of_hall(request, chosen), make)


@anyone
@offers(JSON, HTML)
def one_list(request: HttpRequest, chosen: Format, organisation: str, name: str) -> HttpResponseBase:
    """A list's own description."""
    if chosen is HTML:
        return list_pages.register(request, organisation, name)
    found = registers.register(f"{organisation}/{name}")
    refuse_others(request, (), instead=f"{addresses.register(found.path)}list.json")
    return revalidated(request, etags.of_register(found, request, chosen), lambda: json_answer(described(found)))


@anyone
@offers(JSON, CSV, HTML, takes=())
def organisations(request: HttpRequest, chosen: Format) -> HttpResponseBase:
    """Those that are not councils."""
    if chosen is HTML:
        return organisation_pages.index(request)
    return _index(request, chosen, _ORGANISATION, lambda: map(_organisation_row, organisation_pages.others()))


@anyone
@offers(JSON, CSV, HTML, takes=())
def standards(request: HttpRequest, chosen: Format) -> HttpResponseBase:
    if chosen is HTML:
        return standard_pages.index(request)

    def rows() -> Iterable[Row]:
        counts = registers.lists_by_standard()
        for row in registers.standards():
            told = (row.name, row.title, row.description, row.version, counts.get(row.name, 0))
            yield dict(zip(_STANDARD, told, strict=True))

    return _index(request, chosen, _STANDARD, rows)


@anyone
@offers(JSON, HTML, takes=())
def one_standard(request: HttpRequest, chosen: Format, name: str) -> HttpResponseBase:
    """The standard itself, a Table Schema, as it was added."""
    if chosen is HTML:
        return standard_pages.standard(request, name)
    found = registers.standard(name)
    return revalidated(request, etags.of_hall(request, chosen, name), lambda: json_answer(found.descriptor))


def _index(
    request: HttpRequest, chosen: Format, columns: Sequence[str], rows: Callable[[], Iterable[Row]]
) -> HttpResponseBase:
    """A short index, whole, in the same form as that of lists."""

    def make() -> HttpResponse:
        if chosen is CSV:
            return csv_answer(columns, (_cells(row, columns) for row in rows()))
        results = list(rows())
        return json_answer({"total": len(results), "results": results, "next": None})

    return revalidated(request, etags.of_hall(request, chosen), make)


def _cells(row: Row, columns: Sequence[str]) -> list[object]:
    return [row[name] for name in columns]


def list_row(register: Register) -> dict[str, object]:
    """A list among others."""
    head = register.head
    return {
        "path": register.path,
        "title": register.title,
        "standard": register.standard_name,
        "keeper": register.keeper.slug,
        "records": head.records,
        "entries": head.size,
        "updated": format_time(head.time) if head.size else None,
    }


def described(register: Register) -> dict[str, object]:
    """A list alone."""
    base = addresses.register(register.path)
    return list_row(register) | {
        "organisation": register.organisation.slug,
        "organisation-name": register.organisation.name,
        "keeper-name": register.keeper.name,
        "unofficial-copy": register.is_unofficial_copy,
        "description": register.description,
        "licence": register.licence,
        "source": register.source,
        "source-date": register.source_date,
        "checked-on": register.checked_on,
        "end-date": register.end_date,
        "links": {
            "standard": f"{addresses.standard(register.standard_name)}.json",
            "records": f"{base}records",
            "entries": f"{base}entries",
            "context": f"{base}context",
            "csv": f"{base}list.csv",
            "json": f"{base}list.json",
            "checkpoint": f"{base}checkpoint",
        },
    }


def _organisation_row(one: Organisation) -> Row:
    told = (one.slug, one.name, one.kind, one.website, one.start_date, one.end_date)
    return dict(zip(_ORGANISATION, told, strict=True))
