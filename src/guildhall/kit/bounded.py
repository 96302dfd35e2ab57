"""A bound on how long a page may keep the database at work: what takes longer is stopped, and it is said so."""

from __future__ import annotations

import math
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from guildhall.kit.exceptions import GuildhallError

SECONDS = 2.0
_AGAIN_SECONDS = 0.05
_QUERY_CANCELED = "57014"
# The shorter of the bound that there is already and the new one.
_SET_TIMEOUT = (
    "WITH before AS MATERIALIZED (SELECT current_setting('statement_timeout') AS told)"
    " SELECT told, set_config('statement_timeout', CASE WHEN told::interval > '0'"
    " AND told::interval < %s * interval '1 ms' THEN told ELSE %s::text END, true) FROM before"
)


class TooLongError(GuildhallError):
    """A question that would take longer to answer than a page may."""

    status = 422
    title = "This takes too long to work out"


@contextmanager
def bounded(seconds: float = SECONDS, *, remedy: str = "") -> Iterator[None]:
    """Stop what the database does in this block after some seconds. Raises TooLongError, with what to do instead.

    The bound is on all statements together, but on PostgreSQL the last of them has as long once more. One bound may
    stand in another: the one whose time is up first counts. Only for reading: what was written is undone.
    """
    ends = time.monotonic() + seconds

    def too_long() -> TooLongError:
        told = _("This was stopped after %(seconds)s seconds, so that others need not wait.")
        return TooLongError(told % {"seconds": f"{seconds:g}"}, remedy or _("Ask for less: add a word or a filter."))

    def in_time(execute: Callable[..., Any], *statement: Any) -> Any:
        if time.monotonic() >= ends:
            raise too_long()
        return execute(*statement)

    try:
        bound = _interrupted(ends) if connection.vendor == "sqlite" else _timed_out(seconds)
        # In this order: the statements that put the bound up and take it away are not held to it.
        with bound, connection.execute_wrapper(in_time):
            yield
    except OperationalError as error:
        if time.monotonic() < ends or not _was_stopped(error):
            raise
        raise too_long() from error


def _was_stopped(error: OperationalError) -> bool:
    cause = error.__cause__
    is_interrupted = getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT
    return is_interrupted or getattr(cause, "sqlstate", None) == _QUERY_CANCELED


@contextmanager
def _timed_out(seconds: float) -> Iterator[None]:
    is_inner = connection.in_atomic_block
    milliseconds = max(1, int(seconds * 1000))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_SET_TIMEOUT, [milliseconds, milliseconds])
        before = cursor.fetchone()[0]
        yield
        if is_inner:
            # Within a longer transaction the setting would outlive this block.
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])


@contextmanager
def _interrupted(ends: float) -> Iterator[None]:
    connection.ensure_connection()
    with _watch.over(connection.connection, ends):
        yield


class _Watch:
    """One thread for all pages of a program, which interrupts SQLite where the time is up.

    From another thread, because a full-text index may work for long without calling a progress handler; and again and
    again, because an interruption stops only what is being done at that moment.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._watched: dict[object, tuple[float, sqlite3.Connection]] = {}
        self._wakes = math.inf
        self._thread: threading.Thread | None = None

    @contextmanager
    def over(self, database: sqlite3.Connection, ends: float) -> Iterator[None]:
        one = object()
        with self._changed:
            self._watched[one] = ends, database
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="bounds of pages", daemon=True)
                self._thread.start()
            elif ends < self._wakes:
                self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                del self._watched[one]

    def _run(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                for ends, database in self._watched.values():
                    if ends <= now:
                        database.interrupt()
                soonest = min((ends for ends, _database in self._watched.values()), default=math.inf)
                self._wakes = max(soonest, now + _AGAIN_SECONDS)
                self._changed.wait(None if math.isinf(self._wakes) else self._wakes - now)


_watch = _Watch()
