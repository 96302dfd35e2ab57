"""Addresses with a slash too many or too few, and those that were cut short."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.urls import Resolver404, resolve
from django.utils.encoding import escape_uri_path

from guildhall.kit.access import anyone
from guildhall.reading import addresses
from guildhall.registers.queries import registers


@anyone
def with_slash(request: HttpRequest, **_named: str) -> HttpResponseRedirect:
    return _to(request, f"{request.path}/")


@anyone
def without_slash(request: HttpRequest, rest: str) -> HttpResponseRedirect:
    """Only where there is something: an address that leads nowhere is said to do so."""
    if rest.endswith("/") or _leads_nowhere(f"/{rest}"):
        raise Http404
    return _to(request, f"/{rest}")


@anyone
def to_organisation(request: HttpRequest, slug: str) -> HttpResponseRedirect:  # noqa: ARG001 - every view is given it
    """Whoever cuts a list's address short finds the organisation with all its lists."""
    return HttpResponseRedirect(addresses.organisation(registers.organisation(slug)))


@anyone
def to_whole_list(request: HttpRequest, organisation: str, name: str, form: str) -> HttpResponseRedirect:
    """A list's address with `.csv` or `.xlsx` is what people try first."""
    found = registers.register(f"{organisation}/{name}")
    return _to(request, f"{addresses.register(found.path)}list.{form}")


@anyone
def to_api(request: HttpRequest) -> HttpResponseRedirect:  # noqa: ARG001 - every view is given it
    return HttpResponseRedirect("/api/docs")


def _leads_nowhere(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return True
    return False


def _to(request: HttpRequest, path: str) -> HttpResponseRedirect:
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(escape_uri_path(path) + (f"?{query}" if query else ""))
