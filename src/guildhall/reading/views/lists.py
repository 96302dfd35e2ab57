"""Lists: all of them, one of them, its changes, and how we know that it is unaltered."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guildhall.kit.access import anyone
from guildhall.reading.cells import record_title, rows
from guildhall.reading.params import number_param, text_param
from guildhall.registers import catalogue, identity
from guildhall.registers.models import Register
from guildhall.registers.queries import records, registers

PAGE = 50
INDEX_PAGE = 100
# More columns than this cannot be read side by side; the record's page and the downloads have them all.
COLUMNS = 7


@anyone
def index(request: HttpRequest) -> HttpResponse:
    query, standard_name = text_param(request, "q"), text_param(request, "standard")
    after = text_param(request, "after")
    found = registers.registers()
    for word in query.split():
        found = found.filter(Q(title__icontains=word) | Q(path__icontains=word) | Q(organisation__name__icontains=word))
    if standard_name:
        found = found.filter(standard_name=standard_name)
    total = found.count()
    shown = list(found.filter(path__gt=after)[: INDEX_PAGE + 1])
    context = {
        "query": query,
        "standard_name": standard_name,
        "standards": registers.standards(),
        "registers": shown[:INDEX_PAGE],
        "after": shown[INDEX_PAGE - 1].path if len(shown) > INDEX_PAGE else "",
        "is_first": not after,
        "total": total,
    }
    return render(request, "reading/registers.html", context)


@anyone
def register(request: HttpRequest, organisation: str, name: str) -> HttpResponse:
    found = registers.register(f"{organisation}/{name}")
    standard = catalogue.current_standard(found.standard_name)
    page = records.record_page(
        found,
        found.head.size,
        limit=PAGE,
        after=text_param(request, "after") or None,
        before=text_param(request, "before") or None,
    )
    shown = rows(standard, [(found, one) for one in page.rows])
    context = about(found) | {
        "standard": standard,
        "columns": [known for known in standard.fields if known.format != "text"][:COLUMNS],
        "rows": shown,
        "page": page,
    }
    return render(request, "reading/register.html", context)


@anyone
def entries(request: HttpRequest, organisation: str, name: str) -> HttpResponse:
    """Changes, the newest first."""
    found = registers.register(f"{organisation}/{name}")
    last = number_param(request, "from", default=found.head.size, least=1, most=max(found.head.size, 1))
    first = max(1, last - PAGE + 1)
    standard = catalogue.current_standard(found.standard_name)
    shown = list(reversed(records.entries(found, found.head.size, start=first, limit=last - first + 1)))
    context = about(found) | {
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
