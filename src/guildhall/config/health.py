"""How the hall is: what monitors, the doctor and load balancers are told."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Sum
from django.db.models.functions import Now
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from guildhall.kit import alive
from guildhall.kit.replica import bytes_behind, has_replica
from guildhall.registers.followers import run as followers
from guildhall.registers.models import HallIdentity, Publication, RegisterHead
from guildhall.registers.restored import RestoredHallError, refuse_restored
from guildhall.registers.sequencer import latest_position


def not_ready() -> list[str]:
    """Why nobody should be sent to this process; empty if it is ready. Raises DatabaseError."""
    waiting = missing_migrations()
    if waiting:
        return [f"The tables are not up to date: {waiting[0]} and {len(waiting) - 1} more. Run guildhall migrate."]
    refusal = why_nothing_is_signed()
    return [refusal.problem] if refusal else []


def missing_migrations() -> list[str]:
    """The changes of tables that this program needs and the database lacks."""
    plan = MigrationExecutor(connection)
    return [str(migration) for migration, _ in plan.migration_plan(plan.loader.graph.leaf_nodes())]


def hall_there() -> str:
    """The origin of the hall in this database; empty if there is none. Raises DatabaseError."""
    if HallIdentity._meta.db_table not in connection.introspection.table_names():  # noqa: SLF001 - its public name
        return ""
    return HallIdentity.objects.values_list("origin", flat=True).first() or ""


def why_nothing_is_signed() -> RestoredHallError | None:
    try:
        refuse_restored()
    except RestoredHallError as error:
        return error
    return None


def unsequenced() -> int:
    """Publications that have no place in the order of the hall yet."""
    return Publication.objects.filter(position__isnull=True).count()


def leases() -> int:
    """Lists that somebody is publishing to now."""
    return RegisterHead.objects.filter(lease_until__gt=Now()).count()


def database_bytes() -> int:
    """The size of the database, without what SQLite keeps beside it."""
    if connection.vendor == "sqlite":
        return Path(connection.settings_dict["NAME"]).stat().st_size
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def wal_bytes() -> int:
    """What SQLite has written beside its file and not yet into it; 0 on PostgreSQL, which looks after its own."""
    if connection.vendor != "sqlite":
        return 0
    try:
        return Path(f"{connection.settings_dict['NAME']}-wal").stat().st_size
    except FileNotFoundError:
        return 0


def free_bytes() -> int:
    return shutil.disk_usage(settings.GUILDHALL_HOME).free


class Measures(Collector):
    """What Prometheus is told of the hall itself, looked up when it asks."""

    def collect(self) -> Iterator[Metric]:
        try:
            # All of it or nothing: a database may go away half way.
            found = list(_of_database())
        except DatabaseError:
            found = [_gauge("guildhall_database_reachable", "Whether the database answers.", 0)]
        yield from found
        yield from _of_replica()
        silent = alive.silent_seconds()
        if silent is not None:
            yield _gauge("guildhall_worker_silent_seconds", "Since the worker was last seen at work here.", silent)
        yield _gauge("guildhall_disk_free_bytes", "Free where the data folder is.", free_bytes())


def _of_database() -> Iterator[Metric]:
    position = latest_position()
    sums = RegisterHead.objects.aggregate(entries=Sum("size"), records=Sum("records"))
    yield _gauge("guildhall_database_reachable", "Whether the database answers.", 1)
    yield _gauge("guildhall_signs", "Whether the hall signs: 0 after a restore that lacks something.", _signs())
    yield _gauge("guildhall_position", "The place of the last publication in the order of the hall.", position)
    yield _gauge("guildhall_unsequenced", "Publications without a place yet.", unsequenced())
    yield _gauge("guildhall_leases", "Lists that somebody is publishing to.", leases())
    yield _gauge("guildhall_registers", "Lists.", RegisterHead.objects.count())
    yield _gauge("guildhall_entries", "Changes in all lists.", sums["entries"] or 0)
    yield _gauge("guildhall_records", "Records in all lists.", sums["records"] or 0)
    yield _gauge("guildhall_database_bytes", "Size of the database.", database_bytes())
    yield _gauge("guildhall_wal_bytes", "What SQLite keeps beside its file.", wal_bytes())
    lags = GaugeMetricFamily("guildhall_follower_lag", "Publications not yet seen.", labels=["follower"])
    for known in followers.FOLLOWERS:
        lags.add_metric([known.name], followers.is_behind(known.name))
    yield lags


def _of_replica() -> Iterator[Metric]:
    if not has_replica():
        return
    try:
        behind = bytes_behind()
    except DatabaseError:
        yield _gauge("guildhall_replica_reachable", "Whether the replica answers.", 0)
    else:
        yield _gauge("guildhall_replica_reachable", "Whether the replica answers.", 1)
        yield _gauge("guildhall_replica_bytes_behind", "Not yet replayed by the replica.", behind)


def _signs() -> int:
    return 0 if why_nothing_is_signed() else 1


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(name, told, value=value)
