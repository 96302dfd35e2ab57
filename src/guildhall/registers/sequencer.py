"""The order of publications across the whole hall: positions 1, 2, 3 …, dense, never reissued.

On SQLite, where commits are serial, a publication gets its position in its own transaction. On PostgreSQL a lower id
can become visible after a higher one, so positions are given after the commit, in one short transaction under a lock.
Feeds, followers and joined views read positions, never ids or clocks.
"""

from __future__ import annotations

from django.db import connection, transaction

from guildhall.registers.statements import fetch

# Any number will do, as long as no other program of this database locks the same one.
_ADVISORY_LOCK = 0x6775696C64


def sequence(*, wait: bool = True) -> int:
    """Give each committed publication without a position the next one. Returns how many were given.

    A publisher does not `wait` while another is at it: what that one no longer saw, the worker's next round takes.
    """
    with transaction.atomic(savepoint=False):
        if connection.vendor == "postgresql" and not _locked(wait=wait):
            return 0
        waiting = fetch("SELECT id FROM registers_publication WHERE position IS NULL ORDER BY id")
        if not waiting:
            return 0
        places = [(place, publication) for place, (publication,) in enumerate(waiting, latest_position() + 1)]
        with connection.cursor() as cursor:
            cursor.executemany("UPDATE registers_publication SET position = %s WHERE id = %s", places)
        return len(places)


def _locked(*, wait: bool) -> bool:
    """Whether this transaction is now the only one to give positions."""
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY_LOCK])
            return True
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ADVISORY_LOCK])
        return bool(cursor.fetchone()[0])


def latest_position() -> int:
    """The position of the last publication, 0 in an empty hall."""
    return fetch("SELECT MAX(position) FROM registers_publication")[0][0] or 0
