"""All looks, in the order in which an operator reads them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError, connection

from guildhall.config import health
from guildhall.config.doctor import database, files
from guildhall.config.doctor.findings import Finding, Look, well, wrong

_OF_MACHINE: tuple[Look, ...] = (files.of_settings, files.of_disk, files.of_worker)
_OF_HALL: tuple[Look, ...] = (
    database.of_server,
    database.of_clock,
    files.of_origin,
    files.of_log_key,
    files.of_last_checkpoints,
    files.of_wal,
    database.of_order,
    database.of_followers,
    database.of_leases,
    database.of_erasures,
    database.of_replica,
    files.of_exports,
)


def examine() -> Iterator[Finding]:
    """Look at everything that can be looked at. A database that is away keeps nobody from hearing of the rest."""
    for one in _OF_MACHINE:
        yield from one()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        told = f"It cannot be reached: {str(error).partition(chr(10))[0]}."
        yield wrong("database", told, "Start it, or mend DATABASE_URL.")
        return
    tables = list(database.of_tables())
    yield from tables
    if not _has_hall():
        yield wrong("hall", "There is no hall in this database.", "Run guildhall migrate, or guildhall restore.")
        return
    yield well("hall", "It is there.")
    for one in _OF_HALL:
        try:
            yield from one()
        except DatabaseError as error:
            told = f"This could not be looked at: {str(error).partition(chr(10))[0]}."
            yield wrong(one.__name__.removeprefix("of_").replace("_", " "), told, "Run guildhall migrate.")


def _has_hall() -> bool:
    try:
        return bool(health.hall_there())
    except DatabaseError:
        return False
