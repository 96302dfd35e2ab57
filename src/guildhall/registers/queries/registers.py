"""Finding registers, organisations and standards, and the latest publications."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Count, F, Max, QuerySet, Sum
from django.utils import timezone

from guildhall.registers.errors import (
    RetiredRegisterError,
    UnknownOrganisationError,
    UnknownRegisterError,
    UnknownStandardError,
)
from guildhall.registers.models import Organisation, Publication, Register, RegisterHead, Standard
from guildhall.registers.queries import records
from guildhall.registers.sequencer import latest_position

_HOME = "hall/register"

# Publications beyond the last so many are no news.
_LOOK_BACK = 10_000
_SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Totals:
    """What the hall holds."""

    registers: int
    records: int
    organisations: int
    standards: int


@dataclass(frozen=True)
class BusyDay:
    """The publications to one data standard on one day; `register_id` is that of one of its lists."""

    standard_name: str
    register_id: int
    time: int  # seconds since 1970 of the last
    lists: int
    added: int
    changed: int


def register(path: str) -> Register:
    """With its organisation, keeper and head. Raises UnknownRegisterError, RetiredRegisterError."""
    found = registers().filter(path=path).first()
    if found is None:
        refuse_retired(path)
        raise UnknownRegisterError(f"There is no list {path} in this hall.", "Look for it among all lists.")
    return found


def registers() -> QuerySet[Register]:
    """All registers but retired ones, in the order of their paths, each with its organisation, keeper and head."""
    found = Register.objects.filter(head__is_retired=False)
    return found.select_related("organisation", "keeper", "head").order_by("path")


def refuse_retired(path: str) -> None:
    """Raises RetiredRegisterError, which names the list that took its place, if there is one."""
    if not Register.objects.filter(path=path, head__is_retired=True).exists():
        return
    home = register(_HOME)
    successor = records.record(home, path, home.head.size).item.get("successor")
    raise RetiredRegisterError(
        f"The list {path} was retired: what it held may not be read.",
        f"See the list that took its place: {successor}." if successor else "No other list took its place.",
    )


def organisation(slug: str) -> Organisation:
    """Raises UnknownOrganisationError."""
    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        raise UnknownOrganisationError(
            f"There is no organisation called {slug} in this hall.", "Look for it among all organisations."
        )
    return found


def organisations(*, kind: str | None = None, current_on: str | None = None) -> QuerySet[Organisation]:
    """By name; of one kind, and only those that exist on a day (YYYY-MM-DD), if asked."""
    found = Organisation.objects.order_by("name", "slug")
    if kind is not None:
        found = found.filter(kind=kind)
    if current_on is not None:
        found = found.exclude(end_date__gt="", end_date__lt=current_on).exclude(start_date__gt=current_on)
    return found


def standards() -> QuerySet[Standard]:
    """The current version of each standard, by title."""
    return Standard.objects.filter(is_current=True).order_by("title", "name")


def standard(name: str) -> Standard:
    """The current version. Raises UnknownStandardError."""
    found = standards().filter(name=name).first()
    if found is None:
        raise UnknownStandardError(f"There is no data standard called {name} in this hall.", "See all data standards.")
    return found


def busy_days(*, limit: int) -> list[BusyDay]:
    """What was published lately, by data standard and day, the newest first."""
    # Days begin at midnight here. In the days around a change of the clocks some begin an hour off.
    ahead = timezone.localtime().utcoffset() or datetime.timedelta()
    days = (
        Publication.objects.filter(position__gt=latest_position() - _LOOK_BACK, register__head__is_retired=False)
        .values(
            standard_name=F("register__standard_name"), day=(F("time") + int(ahead.total_seconds())) / _SECONDS_A_DAY
        )
        .annotate(
            one_register=Max("register_id"),
            latest=Max("time"),
            list_count=Count("register_id", distinct=True),
            total_added=Sum("added"),
            total_changed=Sum("changed"),
            last=Max("position"),
        )
        .order_by("-last")[:limit]
    )
    return [
        BusyDay(
            standard_name=day["standard_name"],
            register_id=day["one_register"],
            time=day["latest"],
            lists=day["list_count"],
            added=day["total_added"],
            changed=day["total_changed"],
        )
        for day in days
    ]


def last_publication(register: Register) -> Publication | None:
    sql = "SELECT * FROM registers_publication WHERE register_id = %s ORDER BY number DESC LIMIT 1"
    return next(iter(Publication.objects.raw(sql, [register.pk])), None)


def first_publication(register: Register) -> Publication | None:
    return Publication.objects.filter(register=register).order_by("number").first()


def publication_of(register: Register, number: int) -> Publication | None:
    """The publication that a change came with."""
    return Publication.objects.filter(register=register, last_entry__gte=number).order_by("last_entry").first()


def totals() -> Totals:
    return Totals(
        registers=Register.objects.count(),
        records=sum(RegisterHead.objects.values_list("records", flat=True)),
        organisations=Organisation.objects.count(),
        standards=standards().count(),
    )


def lists_by_standard() -> dict[str, int]:
    """How many lists are kept to each standard."""
    return dict(Register.objects.values_list("standard_name").annotate(count=Count("pk")))
