"""Looks at the database and at what is derived from the lists in it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.db import DatabaseError, connection
from django.db.models.functions import Now

from guildhall.config import health
from guildhall.config.doctor.findings import Finding, look, well, wrong
from guildhall.kit.replica import bytes_behind, has_replica
from guildhall.registers.followers import run as followers
from guildhall.registers.hiding import removal
from guildhall.registers.models import HallIdentity, Publication

# Publications that a follower may have before it while much is published at once.
_FAR_BEHIND = 1_000
_FAR_BEHIND_BYTES = 256 * 1024**2
_SLOW_CLOCK_SECONDS = 5
_SINCE_SECONDS = 60
_ERASED_SECONDS = 24 * 60 * 60
# What a server must be set to, lest something be lost that was acknowledged.
_DURABLE = {"fsync": "on", "full_page_writes": "on"}
_OLDEST_POSTGRESQL = 15


def of_tables() -> Iterator[Finding]:
    missing = health.missing_migrations()
    if missing:
        told = f"{len(missing):,} changes of tables are missing, the first {missing[0]}."
        yield wrong("tables", told, "Run guildhall migrate.")
    else:
        yield well("tables", "They are those of this program.")


def of_server() -> Iterator[Finding]:
    """That what was acknowledged survives a power cut, and that lists are in the order that they should be."""
    yield from _of_sqlite() if connection.vendor == "sqlite" else _of_postgresql()


def _of_sqlite() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        found = {}
        for name in ("journal_mode", "synchronous"):
            cursor.execute(f"PRAGMA {name}")
            found[name] = str(cursor.fetchone()[0])
    if found == {"journal_mode": "wal", "synchronous": "2"}:
        yield well("database", "SQLite, set so that nothing acknowledged is lost.")
    else:
        told = f"SQLite runs with journal_mode {found['journal_mode']}, synchronous {found['synchronous']}."
        yield wrong("database", told, "Keep its file on a disk of this machine: WAL does not work over a network.")


def _of_postgresql() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, setting FROM pg_settings WHERE name IN "
            "('fsync', 'full_page_writes', 'synchronous_commit', 'server_version_num', 'server_encoding')"
        )
        found = dict(cursor.fetchall())
    bad = [f"{name} is {found[name]}" for name, wanted in _DURABLE.items() if found[name] != wanted]
    if found["synchronous_commit"] in {"off", "local"}:
        bad.append(f"synchronous_commit is {found['synchronous_commit']}")
    for one in bad:
        told = f"PostgreSQL's {one}: what was acknowledged could be lost."
        yield wrong("database", told, "Set it back to on in postgresql.conf, and reload the server.")
    if found["server_encoding"] != "UTF8":
        told = f"The database is encoded as {found['server_encoding']}."
        yield wrong("database", told, "Create it with --encoding UTF8 and restore a backup into it.")
    major = int(found["server_version_num"]) // 10_000
    if major < _OLDEST_POSTGRESQL:
        yield wrong("database", f"PostgreSQL {major} is too old.", f"Use {_OLDEST_POSTGRESQL} or newer.")
    if not bad:
        yield well("database", f"PostgreSQL {major}, set so that nothing acknowledged is lost.")


def of_order() -> Iterator[Finding]:
    """Publications without a place: followers and feeds do not see them. The worker gives it within a second."""
    late = Publication.objects.filter(position__isnull=True, time__lt=time.time() - _SINCE_SECONDS).count()
    if late:
        told = f"{late:,} publications have had no place in the order of the hall for over a minute."
        yield wrong("order", told, "Start the worker: guildhall worker.")
    else:
        yield well("order", "Every publication has its place.")


def of_followers() -> Iterator[Finding]:
    for known in followers.FOLLOWERS:
        behind = followers.is_behind(known.name)
        if behind > _FAR_BEHIND:
            told = f"{known.name} is {behind:,} publications behind."
            yield look("followers", told, "See in the worker's log whether it goes on; guildhall status says how far.")
        else:
            yield well(
                "followers", f"{known.name} is {behind:,} publications behind." if behind else _up_to(known.name)
            )


def _up_to(name: str) -> str:
    return f"{name} is up to date."


def of_erasures() -> Iterator[Finding]:
    """Copies of what was erased by law, which must be gone within a day."""
    left = removal.status()
    if not left.changes:
        yield well("erasures", "No copy is left of anything that was erased.")
        return
    told = f"Copies are left of {left.changes:,} changes that were erased."
    last = Publication.objects.filter(register__path="hall/erasure").order_by("-number").first()
    if last is not None and time.time() - last.time > _ERASED_SECONDS:
        yield wrong("erasures", told, "See in the worker's log what keeps it from removing them.")
    else:
        yield look("erasures", told, "The worker removes them within minutes, and within a day at the latest.")


def of_replica() -> Iterator[Finding]:
    """Whether pages can be read from the replica, if there is to be one."""
    if not has_replica():
        return
    try:
        behind = bytes_behind()
    except DatabaseError as error:
        told = f"It cannot be reached: {str(error).partition(chr(10))[0]}. Pages are read from the primary."
        yield wrong("replica", told, "Start it, or mend DATABASE_REPLICA_URL.")
        return
    told = f"It is {behind / 1024:,.0f} KB behind."
    if behind > _FAR_BEHIND_BYTES:
        yield wrong("replica", told, "See in its log whether it is still connected to the primary.")
    else:
        yield well("replica", told)


def of_leases() -> Iterator[Finding]:
    """Lists that somebody publishes to. A publisher that died gives its list free after ten seconds."""
    count = health.leases()
    yield well("publishing", f"{count:,} lists are being published to now." if count else "Nobody is publishing now.")


def of_clock() -> Iterator[Finding]:
    """The database's clock counts for leases, this machine's for the time that publications bear."""
    here = HallIdentity.objects.annotate(database_now=Now()).get().database_now.timestamp()
    apart = abs(here - time.time())
    last = Publication.objects.order_by("-time").values_list("time", flat=True).first() or 0
    remedy = "Let all machines keep time by NTP."
    if apart > _SLOW_CLOCK_SECONDS:
        yield wrong("clock", f"This machine's clock and the database's are {apart:,.0f} seconds apart.", remedy)
    elif last > time.time() + _SLOW_CLOCK_SECONDS:
        told = f"The last publication bears a time that is {last - time.time():,.0f} seconds from now."
        yield wrong("clock", told, remedy)
    else:
        yield well("clock", "It is as it should be.")
