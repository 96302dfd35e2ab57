"""What thousands of programs ask each second, whether anything is new, is answered before all else is made ready.

Only where nothing is: every other question about changes, and every wrong one, goes the usual way.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch, resolve

from guildhall.kit.exceptions import GuildhallError
from guildhall.reading.data import following
from guildhall.reading.data.cursors import START, read_cursor
from guildhall.reading.data.shapes import MOST_AT_ONCE
from guildhall.registers.queries.following import now

_PLAIN = re.compile(r"after=([A-Za-z0-9_-]{1,64})(?:&limit=([1-9][0-9]{0,3}))?", re.ASCII)


class NothingNew:
    """Comes before the middleware of pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info != START or request.method != "GET":
            return self.get_response(request)
        return _answer(request) or self.get_response(request)


def _answer(request: HttpRequest) -> HttpResponseBase | None:
    asked = _PLAIN.fullmatch(request.META.get("QUERY_STRING", ""))
    if asked is None or int(asked[2] or 1) > MOST_AT_ONCE:
        return None
    here = now()
    try:
        request.get_host()
        place = read_cursor(here.origin, asked[1])
    except (DisallowedHost, GuildhallError):
        return None
    if place.position < here.position:
        return None
    request.resolver_match = _route()
    return following.nothing_new(request, here, asked[1])


@cache
def _route() -> ResolverMatch:
    return resolve(START)
