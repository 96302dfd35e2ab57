"""Pages of tables as they were drawn, and what stands beside tables, kept for a few seconds and never beyond a change.

Many people open the same list at once, as when it is in the news. A page is drawn again as soon as anything is
published in the hall, or a follower has moved. What else it shows, as the length of a download, may be seconds old.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import Concatenate, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from guildhall.kit.parameters import is_trail
from guildhall.registers.statements import fetch

SECONDS = 10.0
_OK = 200
# In all orders of commits one of these tells of a publication: on PostgreSQL a lower id can become visible later.
_STATE = (
    "SELECT (SELECT MAX(id) FROM registers_publication), (SELECT MAX(position) FROM registers_publication),"
    " (SELECT COUNT(*) FROM registers_publication WHERE position IS NULL), name, position, entry_number"
    " FROM registers_followercursor ORDER BY name"
)


class Kept[T]:
    """What one process keeps, what was used last; all of it together has a bounded size."""

    def __init__(self, most: int, size_of: Callable[[T], int]) -> None:
        self._most, self._size_of = most, size_of
        self._lock = Lock()
        self._things: OrderedDict[Hashable, tuple[float, T]] = OrderedDict()
        self._size = 0

    def get(self, key: Hashable) -> T | None:
        with self._lock:
            made, thing = self._things.get(key, (0.0, None))
            if time.monotonic() - made > SECONDS:
                return None
            self._things.move_to_end(key)
            return thing

    def put(self, key: Hashable, thing: T) -> None:
        with self._lock:
            if key in self._things:
                self._size -= self._size_of(self._things.pop(key)[1])
            self._things[key] = (time.monotonic(), thing)
            self._size += self._size_of(thing)
            while self._size > self._most:
                _, (_, dropped) = self._things.popitem(last=False)
                self._size -= self._size_of(dropped)


kept: Kept[bytes] = Kept(16 * 1024 * 1024, len)
_beside: Kept[object] = Kept(500, lambda _: 1)


def drawn_once[**P](
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let a view's page stand for a few seconds for all who ask the same address.

    Whoever comes with a session may see what is theirs alone: for them it is drawn, and what is drawn is not kept.
    """

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **named: P.kwargs) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            return view(request, *args, **named)
        key = (_address(request), request.get_host(), request.scheme, *_state())
        page = kept.get(key)
        if page is not None:
            return HttpResponse(page)
        response = view(request, *args, **named)
        if response.status_code == _OK:
            kept.put(key, response.content)
        return response

    return answer


def in_state[T](key: Hashable, make: Callable[[], T]) -> T:
    """What `make()` gives, which depends on the hall's state and on the key alone: many pages of a list show it."""
    key = (make.__module__, key, *_state())
    found = cast("T | None", _beside.get(key))
    if found is None:
        found = make()
        _beside.put(key, found)
    return found


def _address(request: HttpRequest) -> str:
    """What is asked for, without what other sites add to links that are sent on."""
    asked = [(name, value) for name, values in request.GET.lists() for value in values if not is_trail(name)]
    return f"{request.path}?{urlencode(asked)}"


def _state() -> tuple[Hashable, ...]:
    """What every page depends on."""
    return (
        tuple(fetch(_STATE)),
        timezone.localdate(),
        get_language(),
        settings.GUILDHALL_TITLE,
        settings.GUILDHALL_HOME,
    )
