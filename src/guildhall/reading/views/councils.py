"""Councils A to Z with search, and one council's page."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from guildhall.kit.access import anyone
from guildhall.reading import addresses, councils
from guildhall.reading.params import text_param
from guildhall.registers.models import Organisation
from guildhall.registers.queries import registers


@anyone
def index(request: HttpRequest) -> HttpResponse:
    query, shown = text_param(request, "q"), found(request)
    if query and len(shown) == 1:
        return HttpResponseRedirect(addresses.organisation(shown[0]))
    letters = [(letter, list(group)) for letter, group in groupby(shown, key=councils.letter)]
    context = {"query": query, "with_former": with_former(request), "letters": letters, "total": len(shown)}
    return render(request, "reading/councils.html", context)


def found(request: HttpRequest) -> list[Organisation]:
    """The councils that are asked for by `q` and `former=yes`."""
    today = timezone.localdate().isoformat()
    return councils.find(text_param(request, "q"), today, with_former=with_former(request))


def with_former(request: HttpRequest) -> bool:
    return request.GET.get("former") == "yes"


@anyone
def council(request: HttpRequest, slug: str) -> HttpResponse:
    if slug.isupper():
        known = councils.slug_of_code(slug)
        if known is not None:
            return HttpResponseRedirect(f"/councils/{known}")
    one = registers.organisation(slug)
    if not one.is_council:
        return HttpResponseRedirect(addresses.organisation(one))
    today = timezone.localdate().isoformat()
    context = {
        "council": one,
        "facts": councils.facts(one),
        "lists": councils.lists_of(one),
        "products": councils.products_used(one, today),
        "today": today,
    }
    return render(request, "reading/council.html", context)
