"""A bound on how long the database may work on one question of a reader."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection
from django.utils.translation import gettext as _

from guildhall.kit.exceptions import GuildhallError

SECONDS = 2.0
# SQLite asks after so many steps of its machine whether to go on: some microseconds' worth.
_STEPS = 20_000


class TooLongError(GuildhallError):
    """A question that would take longer to answer than a page may."""

    status = 422
    title = "This takes too long to work out"


def too_long() -> TooLongError:
    return TooLongError(
        _("To answer this, the whole of a large list would have to be read through, and that was stopped."),
        _("Add a condition or sort by another column, or download the whole list and filter it on your computer."),
    )


@contextmanager
def bounded(seconds: float = SECONDS) -> Iterator[None]:
    """Stop the database's work within after so long. Raises TooLongError."""
    try:
        with _sqlite(seconds) if connection.vendor == "sqlite" else _postgresql(seconds):
            yield
    except OperationalError as error:
        told = str(error)
        if "interrupted" in told or "statement timeout" in told:
            raise too_long() from error
        raise


@contextmanager
def _sqlite(seconds: float) -> Iterator[None]:
    connection.ensure_connection()
    ends = time.monotonic() + seconds
    connection.connection.set_progress_handler(lambda: time.monotonic() > ends, _STEPS)
    try:
        yield
    finally:
        connection.connection.set_progress_handler(None, 0)


@contextmanager
def _postgresql(seconds: float) -> Iterator[None]:
    from django.db import transaction  # noqa: PLC0415 - only here

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {int(seconds * 1000)}")
        yield
        # Within a longer transaction the setting would outlive this block.
        cursor.execute("SET LOCAL statement_timeout = 0")
