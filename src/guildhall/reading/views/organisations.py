"""Organisations that are not councils: central bodies, suppliers, community groups, the hall."""

from __future__ import annotations

from itertools import groupby

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from guildhall.kit.access import anyone
from guildhall.reading import addresses
from guildhall.reading.councils.facts import lists_of
from guildhall.registers.models import Organisation
from guildhall.registers.queries import registers


@anyone
def index(request: HttpRequest) -> HttpResponse:
    """By kind; councils have an index of their own."""
    kinds = [(kind, list(group)) for kind, group in groupby(others(), key=lambda one: one.kind)]
    number = registers.organisations(kind="council").count()
    return render(request, "reading/organisations.html", {"kinds": kinds, "councils": number})


def others() -> QuerySet[Organisation]:
    """By kind, then by name."""
    return registers.organisations().exclude(kind="council").order_by("kind", "name")


@anyone
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    found = registers.organisation(slug)
    if found.is_council:
        return HttpResponseRedirect(addresses.organisation(found))
    context = {
        "organisation": found,
        "lists": lists_of(found),
    }
    return render(request, "reading/organisation.html", context)
