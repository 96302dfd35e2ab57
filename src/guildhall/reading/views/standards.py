"""Data standards, and the joined view: every list kept to a standard, read as one."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from guildhall.kit.access import anyone
from guildhall.reading import addresses
from guildhall.reading.drawn import drawn_once, in_state
from guildhall.reading.exports import excerpts, offers
from guildhall.reading.state import joined_state_of
from guildhall.reading.tables import asked_for
from guildhall.reading.time import fresh
from guildhall.registers import catalogue
from guildhall.registers.exports import subject
from guildhall.registers.models import Register
from guildhall.registers.queries import joined, registers
from guildhall.registers.queries.versions import versions
from guildhall.schema.describe import field_meaning
from guildhall.schema.model import Standard

_LISTS_SHOWN = 20


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
        "offers": offers.of(subject.of_standard(name)),
        "other_words": other_words(),
        "promise": fresh.promise_of(known, lists.values_list("source_date", flat=True), timezone.localdate()),
        "grades": {one.path: fresh.grade_of(known, one.source_date, timezone.localdate()) for one in shown},
    }
    return render(request, "reading/standard.html", context)


def other_words() -> dict[str, str]:
    """What can change from one version of a standard to the next, besides its fields."""
    return {
        "title": _("Its title."),
        "description": _("What it says a list holds."),
        "key": _("What names a record."),
        "update-frequency": _("How often lists are to be renewed."),
    }


@anyone
@drawn_once
def records(request: HttpRequest, name: str) -> HttpResponse:
    """All organisations' lists to one standard, as one table."""
    beside = in_state(name, lambda: _beside(name))
    known, kept = beside.standard, beside.lists
    state = joined_state_of(request, known)
    table = asked_for(request, state.scope(kept), f"{addresses.standard(name)}/records", state.params)
    if isinstance(table, str):
        return HttpResponseRedirect(table)
    question = table.asking.question
    part = None if excerpts.is_all(state, question) else excerpts.of_lists(state, kept, question)
    context = beside.told | {
        "table": table,
        "state": state,
        "part": excerpts.offered(part, table, state.records(kept)),
        "total": state.records(kept),
    }
    return render(request, "reading/joined.html", context)


@dataclass(frozen=True)
class _Beside:
    """A standard and all lists to it, and what is `told` beside their table, whatever is asked of it."""

    standard: Standard
    lists: tuple[Register, ...]
    told: dict[str, object]


def _beside(name: str) -> _Beside:
    row, known = registers.standard(name), catalogue.current_standard(name)
    lists, today = tuple(joined.registers_to(name)), timezone.localdate()
    told = {
        "row": row,
        "standard": known,
        "coverage": joined.coverage(name, today),
        "promise": fresh.promise_of(known, (one.source_date for one in lists), today),
        "lists_total": len(lists),
        "offers": offers.of(subject.of_standard(name)),
    }
    return _Beside(known, lists, told)
