"""A bound on how long a page may keep the database at work: a query that takes longer is stopped, and it is said so."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from guildhall.kit.exceptions import GuildhallError


class TooSlowError(GuildhallError):
    """A query was stopped because it took too long."""

    status = 503
    title = "That would take too long"


@contextmanager
def bounded(seconds: float, *, remedy: str = "") -> Iterator[None]:
    """Stop whatever the database does for this page after some seconds: TooSlowError, with what to do instead.

    On SQLite the bound is on all of it together, on PostgreSQL on each statement. Only for reading: what was being
    written is rolled back on PostgreSQL, with all else in the block.
    """
    started = time.monotonic()
    try:
        with _sqlite(seconds) if connection.vendor == "sqlite" else _postgresql(seconds):
            yield
    except OperationalError as error:
        if time.monotonic() - started < seconds:
            raise
        raise TooSlowError(
            _("This was stopped after %(seconds)s seconds, so that others need not wait.")
            % {"seconds": f"{seconds:g}"},
            remedy or _("Ask for less: add a word or a filter."),
        ) from error


@contextmanager
def _sqlite(seconds: float) -> Iterator[None]:
    # From another thread, because a full-text index may work for long without calling a progress handler.
    connection.ensure_connection()
    timer = threading.Timer(seconds, connection.connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


@contextmanager
def _postgresql(seconds: float) -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(int(seconds * 1000))])
        yield
        cursor.execute("SELECT set_config('statement_timeout', '0', true)")
