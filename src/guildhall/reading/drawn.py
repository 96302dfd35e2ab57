"""Pages of tables as they were drawn, kept for a few seconds and never beyond a change of what they show.

Many people open the same list at once, as when it is in the news. A page is drawn again as soon as anything is
published in the hall, or a follower has moved. What else it shows, as the length of a download, may be seconds old.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import Concatenate

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

SECONDS = 10.0
MOST_BYTES = 16 * 1024 * 1024
_OK = 200
# In all orders of commits one of these tells of a publication: on PostgreSQL a lower id can become visible later.
_STATE = (
    "SELECT (SELECT MAX(id) FROM registers_publication), (SELECT MAX(position) FROM registers_publication),"
    " (SELECT COUNT(*) FROM registers_publication WHERE position IS NULL), name, position, entry_number"
    " FROM registers_followercursor ORDER BY name"
)


class Kept:
    """The pages of one process, those used last; all of them together have a bounded size."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pages: OrderedDict[Hashable, tuple[float, bytes]] = OrderedDict()
        self._bytes = 0

    def get(self, key: Hashable) -> bytes | None:
        with self._lock:
            made, page = self._pages.get(key, (0.0, b""))
            if time.monotonic() - made > SECONDS:
                return None
            self._pages.move_to_end(key)
            return page

    def put(self, key: Hashable, page: bytes) -> None:
        with self._lock:
            _, before = self._pages.pop(key, (0.0, b""))
            self._pages[key] = (time.monotonic(), page)
            self._bytes += len(page) - len(before)
            while self._bytes > MOST_BYTES:
                _, (_, dropped) = self._pages.popitem(last=False)
                self._bytes -= len(dropped)


kept = Kept()


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
        key = (request.get_full_path(), request.get_host(), request.scheme, *_state())
        page = kept.get(key)
        if page is not None:
            return HttpResponse(page)
        response = view(request, *args, **named)
        if response.status_code == _OK:
            kept.put(key, response.content)
        return response

    return answer


def _state() -> tuple[Hashable, ...]:
    """What every page depends on."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        published = tuple(cursor.fetchall())
    return (published, timezone.localdate(), get_language(), settings.GUILDHALL_TITLE, settings.GUILDHALL_HOME)
