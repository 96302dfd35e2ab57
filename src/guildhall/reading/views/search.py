"""Searching the whole hall: a page, and the same as JSON and CSV."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from guildhall.kit.access import anyone
from guildhall.kit.answers import csv_answer, json_answer, revalidated
from guildhall.kit.exceptions import BadRequestError
from guildhall.kit.negotiate import CSV, HTML, JSON, Format, offers
from guildhall.reading import results
from guildhall.reading.data import etags
from guildhall.reading.params import number_param, text_param
from guildhall.reading.results import Result, Results
from guildhall.registers.followers import run, search
from guildhall.search.find import MOST_COUNTED, Cursor

# Of each kind where all are shown, and of one kind alone.
OF_EACH, OF_ONE, MOST = 5, 20, 100
COLUMNS = ("kind", "title", "url", "list", "key", "reason", "excerpt")


@anyone
@offers(JSON, CSV, HTML, takes=("q", "kind", "limit", "after"))
def everything(request: HttpRequest, chosen: Format) -> HttpResponseBase:
    """What has the words of `q`, of every kind or of `kind` alone, the best first."""
    if chosen is HTML:
        return _page(request)
    behind = run.is_behind(search.NAME)

    def make() -> HttpResponseBase:
        kind = _kind(request)
        found = _found(request, kind)
        rows = [_row(request, one) for group in found.groups for one in group.results]
        if chosen is CSV:
            return csv_answer(COLUMNS, ([row[name] for name in COLUMNS] for row in rows))
        following = found.groups[0].after if kind and found.groups else None
        return json_answer(
            {
                "total": found.total,
                "more-than-total": found.is_more_than_counted,
                "kinds": {group.kind: group.total for group in found.groups},
                "looked-for-instead": {word: list(instead) for word, instead in found.plan.instead.items()},
                "left-out": list(found.plan.missing),
                "suggestions": found.suggestions,
                "results": rows,
                "next": _address(request, kind, following) if following else None,
            }
        )

    return revalidated(request, etags.of_hall(request, chosen, behind), make)


def _page(request: HttpRequest) -> HttpResponse:
    query, kind = text_param(request, "q"), _kind(request)
    found = _found(request, kind)
    context = {
        "query": query,
        "kind": kind,
        "titles": results.TITLES,
        "found": found,
        "most_counted": MOST_COUNTED,
        "is_first": not text_param(request, "after"),
        "behind": run.is_behind(search.NAME),
    }
    return render(request, "reading/search.html", context)


def _kind(request: HttpRequest) -> str:
    kind = text_param(request, "kind")
    if kind and kind not in search.KINDS:
        raise BadRequestError(
            _("There is no kind “%(kind)s” to search for.") % {"kind": kind[:60]},
            _("There are: %(kinds)s.") % {"kinds": ", ".join(search.KINDS)},
        )
    return kind


def _found(request: HttpRequest, kind: str) -> Results:
    limit = number_param(request, "limit", default=OF_ONE if kind else OF_EACH, least=1, most=MOST)
    kinds = (kind,) if kind else search.KINDS
    return results.search(text_param(request, "q"), kinds=kinds, limit=limit, start=_start(request, kind))


def _start(request: HttpRequest, kind: str) -> Cursor | None:
    """Only one kind is read on page by page."""
    after = text_param(request, "after")
    if not after:
        return None
    cursor = Cursor.read(after)
    if cursor is None or not kind:
        raise BadRequestError(
            _("There is no page of results after “%(after)s”.") % {"after": after[:60]},
            _("Start from the first page, and follow the link to the next."),
        )
    return cursor


def _row(request: HttpRequest, one: Result) -> dict[str, str]:
    told = (
        one.kind,
        one.title,
        request.build_absolute_uri(one.url),
        one.register.path,
        one.key,
        one.reason,
        one.excerpt.striptags(),
    )
    return dict(zip(COLUMNS, told, strict=True))


def _address(request: HttpRequest, kind: str, after: str) -> str:
    asked = {name: request.GET[name] for name in ("q", "format", "limit") if name in request.GET}
    return f"{request.path}?{urlencode(asked | {'kind': kind, 'after': after})}"
