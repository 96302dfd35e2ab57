"""Data standards, and the joined view: every list kept to a standard, read as one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from guildhall.kit.access import anyone
from guildhall.kit.exceptions import BadRequestError
from guildhall.reading import fresh
from guildhall.reading.cells import rows
from guildhall.reading.params import text_param
from guildhall.reading.views.lists import COLUMNS, PAGE
from guildhall.registers import catalogue
from guildhall.registers.queries import joined, registers
from guildhall.registers.queries.versions import versions
from guildhall.schema.describe import field_meaning

_LISTS_SHOWN = 20
# A list's path, a space and a key, each as long as it may be.
MAX_PLACE = 256 + 1 + 256


@anyone
def index(request: HttpRequest) -> HttpResponse:
    counts = registers.lists_by_standard()
    shown = [(row, counts.get(row.name, 0)) for row in registers.standards()]
    return render(request, "reading/standards.html", {"standards": shown})


@anyone
def standard(request: HttpRequest, name: str) -> HttpResponse:
    row = registers.standard(name)
    known = catalogue.current_standard(name)
    lists = registers.registers().filter(standard_name=name)
    shown = list(lists[:_LISTS_SHOWN])
    context = {
        "row": row,
        "standard": known,
        "fields": [(one, field_meaning(one)) for one in known.fields],
        "links": {link.field: link.standard for link in known.links},
        "lists": shown,
        "lists_total": lists.count(),
        "coverage": joined.coverage(name, timezone.localdate()),
        "versions": versions(name),
        "other_words": fresh.other_words(),
        "promise": fresh.promise_of(known, lists.values_list("source_date", flat=True), timezone.localdate()),
        "grades": {one.path: fresh.grade_of(known, one.source_date, timezone.localdate()) for one in shown},
    }
    return render(request, "reading/standard.html", context)


@anyone
def records(request: HttpRequest, name: str) -> HttpResponse:
    """All organisations' lists to one standard, as one table."""
    row = registers.standard(name)
    known = catalogue.current_standard(name)
    page = joined.joined_page(name, limit=PAGE, after=_place(request, "after"), before=_place(request, "before"))
    context = {
        "row": row,
        "standard": known,
        "columns": [one for one in known.fields if one.format != "text"][:COLUMNS],
        "rows": rows(known, [(one.register, one.record) for one in page.rows]),
        "page": page,
        "coverage": joined.coverage(name, timezone.localdate()),
        "total": joined.total_records(name),
    }
    return render(request, "reading/joined.html", context)


def _place(request: HttpRequest, name: str) -> tuple[str, str] | None:
    """A place in the joined view, written `organisation/list key`."""
    value = text_param(request, name, most=MAX_PLACE)
    if not value:
        return None
    path, space, key = value.partition(" ")
    if not space:
        raise BadRequestError(f"{name} must be a list's path, a space and a key.", "Follow the links of the page.")
    return path, key
