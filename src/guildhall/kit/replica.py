"""Reading from a streaming replica of PostgreSQL, where there is one, so that the primary is there for writing.

While a page is made, the replica stands in the place of the primary for everything in it, queries written by hand too:
so one page never shows two states. Whoever has just written reads from the primary until the replica has come that far.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

REPLICA = "replica"
# How far the log of the primary had come when a reader last wrote.
_COOKIE = "written"
_COOKIE_SECONDS = 60
_LSN = re.compile(r"[0-9A-F]{1,8}/[0-9A-F]{1,8}")
# Looked at so often in each process whether the replica has what the primary has: what is read there is never older
# than twice this, so that what is taken down is gone from everywhere within a second.
_LOOK_SECONDS = 0.5
# Where it is away, or something has failed there, it is left alone for so long.
_AWAY_SECONDS = 5.0
_READING = {"GET", "HEAD", "OPTIONS"}
_FAILED, _REFUSED = 500, 400


def has_replica() -> bool:
    return REPLICA in connections.settings


class ReadsFromReplica:
    """Comes before all that asks the database. Whatever fails on the replica is asked of the primary instead."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not has_replica():
            raise MiddlewareNotUsed
        self.get_response = get_response
        self._watch = _Watch()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in _READING:
            return _noting_what_was_written(request, self.get_response(request))
        if not self._is_read_there(request):
            return self.get_response(request)
        with _instead_of_primary():
            response = self.get_response(request)
        if response.status_code == _FAILED:
            response.close()
            self._watch.leave_alone()
            return self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            response.streaming_content = _streamed(iter(response))
        return response

    def _is_read_there(self, request: HttpRequest) -> bool:
        if "Authorization" in request.headers:
            return False  # who has a key to write with reads what they wrote
        written = request.COOKIES.get(_COOKIE, "")
        if written and not _LSN.fullmatch(written):
            return False
        return self._watch.is_fit() and _is_there() and (not written or has_replayed(written))


def _noting_what_was_written(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if response.status_code < _REFUSED and "Authorization" not in request.headers:
        response.set_cookie(
            _COOKIE,
            written_until(),
            max_age=_COOKIE_SECONDS,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


@contextmanager
def _instead_of_primary() -> Iterator[None]:
    """Let the replica's connection stand under the primary's name, in this thread."""
    primary = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connections[REPLICA]
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = primary


def _streamed(parts: Iterator[bytes]) -> Iterator[bytes]:
    """What is made part by part is read from the replica to its end."""
    while True:
        with _instead_of_primary():
            part = next(parts, None)
        if part is None:
            return
        yield part


def _is_there() -> bool:
    """Whether the replica answers, on a connection that is kept or a new one."""
    replica: BaseDatabaseWrapper = connections[REPLICA]
    try:
        replica.close_if_health_check_failed()
        replica.ensure_connection()
    except DatabaseError:
        return False
    return True


class _Watch:
    """Whether the replica keeps up, looked at for all threads of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next, self._fit = 0.0, True
        self._before, self._looked = "", 0.0  # where the primary was at the last look, and when that was

    def is_fit(self) -> bool:
        if time.monotonic() >= self._next and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._fit

    def leave_alone(self) -> None:
        """Something has failed there."""
        self._fit, self._next = False, time.monotonic() + _AWAY_SECONDS

    def _look(self) -> None:
        started = time.monotonic()
        self._next = started + _LOOK_SECONDS
        try:
            now = written_until()
        except DatabaseError:
            self._fit = True  # with the primary away, the replica is all that there is
            return
        try:
            # While much is written it is always a moment behind, so what counts is the look just before this one.
            is_recent = started - self._looked < 2 * _LOOK_SECONDS
            self._fit = has_replayed(self._before if is_recent else now)
        except DatabaseError:
            self.leave_alone()
        self._before, self._looked = now, started


def written_until() -> str:
    """How far the log of the primary has come."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn()::text")
        return str(cursor.fetchone()[0])


def has_replayed(written: str) -> bool:
    """Whether the replica has come so far. One that was made a primary has nothing to come."""
    with connections[REPLICA].cursor() as cursor:
        cursor.execute("SELECT NOT pg_is_in_recovery() OR pg_last_wal_replay_lsn() >= %s::pg_lsn", [written])
        return bool(cursor.fetchone()[0])


def bytes_behind() -> int:
    """How much of the primary's log the replica has not replayed yet. Raises DatabaseError if either is away."""
    with connections[REPLICA].cursor() as cursor:
        cursor.execute("SELECT pg_wal_lsn_diff(%s::pg_lsn, pg_last_wal_replay_lsn())", [written_until()])
        return max(0, int(cursor.fetchone()[0] or 0))
