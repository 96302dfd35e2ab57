"""What the database keeps of rows that it no longer has, taken off the disk."""

from __future__ import annotations

from django.db import OperationalError, connection, transaction

# Where values stand, or words of them.
_TABLES = (
    "registers_entry",
    "registers_value",
    "registers_valuecount",
    "search_document",
    "search_word",
    "search_gram",
)
# Of the full-text index so many pages are written in one step, which takes some milliseconds.
_PAGES = 500
_MOST_STEPS = 100_000
# Whoever waits longer than this for a table keeps all others waiting who come after it.
_LOCK_SECONDS = 5


def scrub() -> bool:
    """False where somebody was in the way: nothing is wrong, it has to be done again."""
    return _sqlite() if connection.vendor == "sqlite" else _postgresql()


def _sqlite() -> bool:
    """Deleted bytes are overwritten as they are deleted (`secure_delete`), but not everywhere.

    The full-text index of this SQLite has no secure delete: a word is gone when all parts of the index are merged into
    one. Where a page of a table was divided, its first half can still have what went to the second: only to write the
    database anew leaves that behind. Last comes the write-ahead log. Readers never wait for any of this.
    """
    pages = -_PAGES  # below nought: first put all parts side by side
    for _ in range(_MOST_STEPS):
        if not _merged(pages):
            break
        pages = _PAGES
    with connection.cursor() as cursor:
        try:
            cursor.execute("VACUUM")
        except OperationalError as error:
            if "locked" in str(error):
                return False
            raise
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy, *_ = cursor.fetchone()
    return not is_busy


def _merged(pages: int) -> bool:
    """One step, in a transaction of its own, so that writers come in between. False when there was nothing to do."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT total_changes()")
        before = cursor.fetchone()[0]
        cursor.execute("INSERT INTO search_index (search_index, rank) VALUES ('merge', %s)", [pages])
        cursor.execute("SELECT total_changes()")
        # The statement itself counts as one.
        return int(cursor.fetchone()[0]) - int(before) > 1


def _postgresql() -> bool:
    """Tables are written anew, without what was in them, and so are the samples that the planner keeps of values."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{_LOCK_SECONDS}s'")
            try:
                for table in _TABLES:
                    cursor.execute(f"VACUUM (FULL, ANALYZE) {table}")
                cursor.execute("VACUUM (FULL) pg_catalog.pg_statistic")
            finally:
                cursor.execute("SET lock_timeout = 0")
    except OperationalError as error:
        if "lock timeout" in str(error):
            return False
        raise
    return True
