"""Copying SQLite's file while it is in use, by SQLite's own means."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from guildhall.config.backups.manifest import BackupRefusedError, Query

FILE = "database.sqlite3"
_PATIENCE = 60.0  # seconds for another program to give the file up


@contextmanager
def copied(folder: Path) -> Iterator[Query]:
    """Copy the database as it is at one moment. Yields what reads the copy.

    All pages in one step: a single reading transaction, beside which others go on writing. In smaller steps the copy
    would begin anew at each change that another program makes.
    """
    with closing(sqlite3.connect(folder / FILE)) as copy:
        with closing(sqlite3.connect(_uri("ro"), uri=True)) as source:
            source.backup(copy, pages=-1)
        # One file, without those that SQLite would keep beside it.
        copy.execute("PRAGMA journal_mode = DELETE")
        _refuse_damaged(copy)

        def query(sql: str) -> Any:
            return copy.execute(sql)

        yield query


def put_back(folder: Path) -> None:
    """Put a copy in the place of all that the database holds: at once, or not at all if it is cut short.

    It is one writing transaction on the database as it lies there, so a reader sees the one or the other.
    """
    connection.close()
    with closing(sqlite3.connect(f"{(folder / FILE).as_uri()}?mode=ro", uri=True)) as copy:
        _refuse_damaged(copy)
        with closing(sqlite3.connect(_uri("rwc"), uri=True, timeout=_PATIENCE)) as database:
            copy.backup(database, pages=-1)
            # As far as it can go at once: who reads the hall as it was may go on doing so.
            database.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _uri(mode: str) -> str:
    return f"{Path(connection.settings_dict['NAME']).resolve().as_uri()}?mode={mode}"


def _refuse_damaged(database: sqlite3.Connection) -> None:
    (found,) = database.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise BackupRefusedError(f"SQLite finds the database damaged: {found}.", "Take another backup.")
