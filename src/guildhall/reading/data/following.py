"""The changes API: every entry of the hall in one order, for programs that follow what is published."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from guildhall.kit.answers import etag, json_answer, link_header, revalidated
from guildhall.kit.negotiate import JSON
from guildhall.reading import hiding
from guildhall.reading.data.cursors import read_cursor, write_cursor
from guildhall.reading.data.entries import as_entry
from guildhall.reading.data.shapes import ChangesAsked
from guildhall.reading.params import text_param
from guildhall.registers.queries import following, registers
from guildhall.registers.queries.following import Followed, Now, Scope


def answer(request: HttpRequest, asked: ChangesAsked) -> HttpResponseBase:
    """Entries after a cursor, and the cursor to go on from. Raises CursorError, CursorGoneError, NotFoundError."""
    scope = _scope(request)
    now = following.now()
    place = read_cursor(now.origin, asked.after)

    def make() -> HttpResponse:
        found = following.following(place, now.position, scope=scope, limit=asked.limit)
        cursor = write_cursor(now.origin, found.place)
        response = json_answer({"entries": [_told(one) for one in found.rows], "cursor": cursor})
        if found.has_more:
            query = request.GET.dict() | {"after": cursor}
            address = request.build_absolute_uri(f"{request.path}?{urlencode(query)}")
            response.headers["Link"] = link_header([(address, "next")])
        return response

    return revalidated(request, _etag(request, now), make)


def nothing_new(request: HttpRequest, now: Now, cursor: str) -> HttpResponseBase:
    """The same, known beforehand to be empty, with all the headers that it needs."""
    body = f'{{"entries": [], "cursor": "{cursor}"}}'.encode()
    headers = {"Content-Length": str(len(body))}
    answer = revalidated(
        request, _etag(request, now), lambda: HttpResponse(body, content_type=JSON.content_type, headers=headers)
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _etag(request: HttpRequest, now: Now) -> str:
    return etag("changes", now.origin, now.position, request.META.get("QUERY_STRING", ""))


def _scope(request: HttpRequest) -> Scope:
    """What is asked for must be there: else a wrong letter would look like silence."""
    scope = Scope(**{name: text_param(request, name) for name in ("register", "organisation", "standard")})
    if scope.register:
        registers.register(scope.register)
    if scope.organisation:
        registers.organisation(scope.organisation)
    if scope.standard:
        registers.standard(scope.standard)
    return scope


def _told(one: Followed) -> dict[str, object]:
    return {
        "position": one.position,
        "register": one.register.path,
        **as_entry(one.change),
        "item": None if one.change.is_hidden else one.change.item,
        **hiding.marks(one.change),
    }
