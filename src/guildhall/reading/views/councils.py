"""Councils A to Z with search, and one council's page."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from guildhall.kit.access import anyone
from guildhall.reading import addresses, councils
from guildhall.reading.params import text_param
from guildhall.registers.queries import registers


@anyone
def index(request: HttpRequest) -> HttpResponse:
    query = text_param(request, "q")
    with_former = request.GET.get("former") == "yes"
    found = councils.find(query, timezone.localdate().isoformat(), with_former=with_former)
    if query and len(found) == 1:
        return HttpResponseRedirect(addresses.organisation(found[0]))
    letters = [(letter, list(group)) for letter, group in groupby(found, key=councils.letter)]
    context = {"query": query, "with_former": with_former, "letters": letters, "total": len(found)}
    return render(request, "reading/councils.html", context)


@anyone
def council(request: HttpRequest, slug: str) -> HttpResponse:
    if slug.isupper():
        known = councils.slug_of_code(slug)
        if known is not None:
            return HttpResponseRedirect(f"/councils/{known}")
    found = registers.organisation(slug)
    if not found.is_council:
        return HttpResponseRedirect(addresses.organisation(found))
    context = {
        "council": found,
        "facts": councils.facts(found),
        "lists": councils.lists_of(found),
        "products": councils.products_used(found),
        "today": timezone.localdate().isoformat(),
    }
    return render(request, "reading/council.html", context)
