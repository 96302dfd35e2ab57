"""Lists: all of them, one of them, its changes, and how we know that it is unaltered."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from guildhall.kit.access import anyone
from guildhall.reading import addresses
from guildhall.reading.cells import record_title
from guildhall.reading.drawn import drawn_once, in_state
from guildhall.reading.exports import excerpts, offers
from guildhall.reading.params import number_param, text_param
from guildhall.reading.state import state_of
from guildhall.reading.tables import PAGE, asked_for
from guildhall.reading.time import fresh, over_time
from guildhall.registers import catalogue, identity
from guildhall.registers.exports import geometry, subject
from guildhall.registers.models import Register
from guildhall.registers.queries import records, registers
from guildhall.schema.model import Standard

INDEX_PAGE = 100


@anyone
def index(request: HttpRequest) -> HttpResponse:
    found = matching(request)
    shown, before, after = _index_page(found, after=text_param(request, "after"), before=text_param(request, "before"))
    context = {
        "query": text_param(request, "q"),
        "standard_name": text_param(request, "standard"),
        "standards": registers.standards(),
        "registers": shown,
        "before": before,
        "after": after,
        "total": found.count(),
    }
    return render(request, "reading/registers.html", context)


def matching(request: HttpRequest) -> QuerySet[Register]:
    """The lists that are asked for by `q` and `standard`, in the order of their paths."""
    standard_name = text_param(request, "standard")
    found = registers.registers()
    for word in text_param(request, "q").split():
        found = found.filter(Q(title__icontains=word) | Q(path__icontains=word) | Q(organisation__name__icontains=word))
    return found.filter(standard_name=standard_name) if standard_name else found


def _index_page(found: QuerySet[Register], *, after: str, before: str) -> tuple[list[Register], str, str]:
    """Some lists, and the paths to page on from: empty where there is no more."""
    if before:
        shown = list(found.filter(path__lt=before).order_by("-path")[: INDEX_PAGE + 1])
        more, shown = len(shown) > INDEX_PAGE, shown[:INDEX_PAGE][::-1]
        return shown, shown[0].path if more else "", shown[-1].path if shown else ""
    shown = list(found.filter(path__gt=after)[: INDEX_PAGE + 1])
    more, shown = len(shown) > INDEX_PAGE, shown[:INDEX_PAGE]
    return shown, shown[0].path if after and shown else "", shown[-1].path if more else ""


@anyone
@drawn_once
def register(request: HttpRequest, organisation: str, name: str) -> HttpResponse:
    path = f"{organisation}/{name}"
    beside = in_state(path, lambda: _beside(path))
    found, standard = beside.register, beside.standard
    state = state_of(request, found, standard)
    table = asked_for(request, state.scope, addresses.register(found.path), state.params)
    if isinstance(table, str):
        return HttpResponseRedirect(table)
    question = table.asking.question
    part = None if excerpts.is_all(state, question) else excerpts.of_list(state, question)
    context = beside.told | {
        "table": table,
        "state": state,
        "part": excerpts.offered(part, table, state.records),
        "total": state.records,
    }
    return render(request, "reading/register.html", context)


@dataclass(frozen=True)
class _Beside:
    """A list, and what is `told` beside its table, whatever is asked of it."""

    register: Register
    standard: Standard
    told: dict[str, object]


def _beside(path: str) -> _Beside:
    found = registers.register(path)
    standard = catalogue.current_standard(found.standard_name)
    told = about(found) | {
        "standard": standard,
        "chart": over_time.chart_of(found),
        "renewed": fresh.renewal_words(standard.update_frequency),
        "grade": fresh.grade_of(standard, found.source_date, timezone.localdate()),
        "offers": offers.of(subject.of_register(found)),
        "has_places": geometry.reader(standard) is not None,
    }
    return _Beside(found, standard, told)


@anyone
def entries(request: HttpRequest, organisation: str, name: str) -> HttpResponse:
    """Changes, the newest first."""
    found = registers.register(f"{organisation}/{name}")
    last = number_param(request, "from", default=found.head.size, least=1, most=max(found.head.size, 1))
    first = max(1, last - PAGE + 1)
    standard = catalogue.current_standard(found.standard_name)
    shown = list(reversed(records.entries(found, found.head.size, start=first, limit=last - first + 1)))
    context = about(found) | {
        "chart": over_time.chart_of(found),
        "changes": [(one, record_title(standard, one)) for one in shown],
        "first": first,
        "last": last,
        "older": first - 1,
        "newer": min(last + PAGE, found.head.size) if last < found.head.size else 0,
    }
    return render(request, "reading/entries.html", context)


@anyone
def proof(request: HttpRequest, organisation: str, name: str) -> HttpResponse:
    """How we know that nothing in this list was altered."""
    found = registers.register(f"{organisation}/{name}")
    context = about(found) | {
        "address": request.build_absolute_uri(f"/registers/{found.path}/"),
        "key": identity.verifier_key().format(),
        "fingerprint": bytes(found.head.root).hex(),
    }
    return render(request, "reading/proof.html", context)


def about(found: Register) -> dict[str, object]:
    """What every page of a list tells of it."""
    return {"register": found, "published": registers.last_publication(found)}
