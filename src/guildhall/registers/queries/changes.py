"""The latest publications: across the hall, of an organisation, of a standard; and how unusual a week's were."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, F, Max, Min, QuerySet, Sum

from guildhall.kit.words import local_day
from guildhall.registers.hiding import states
from guildhall.registers.models import Organisation, Publication, Register
from guildhall.registers.queries import reasons
from guildhall.registers.queries.registers import registers
from guildhall.registers.sequencer import latest_position
from guildhall.registers.statements import fetch

SECONDS_A_DAY = 86_400
DAYS_A_WEEK, DAYS_A_YEAR = 7, 365
# A page looks through so many publications of the hall, so many at a time: of a list that seldom changes it may find
# none, and there is a way on.
_WINDOW, _WINDOWS = 10_000, 10
# A week's changes of so many lists are ranked.
MOST_LISTS = 2_000
_AT_ONCE = 500


@dataclass(frozen=True)
class Scope:
    """Whose publications: of one list, one organisation's, of the lists to one standard, or, with none, of all."""

    organisation: Organisation | None = None
    standard_name: str = ""
    register: Register | None = None

    def of(self, rows: QuerySet[Publication]) -> QuerySet[Publication]:
        rows = rows.filter(register__head__is_retired=False)
        if self.register is not None:
            rows = rows.filter(register=self.register)
        if self.organisation is not None:
            rows = rows.filter(register__organisation=self.organisation)
        return rows.filter(register__standard_name=self.standard_name) if self.standard_name else rows


@dataclass(frozen=True)
class Publications:
    """Publications, the newest first, and the position to go on before: None where there is no more."""

    rows: list[Publication]
    before: int | None


def latest(scope: Scope, *, limit: int, before: int | None = None) -> Publications:
    """Those before a position, or the newest of all, each with its list, its organisation and keeper."""
    place = latest_position() + 1
    place = place if before is None else min(before, place)
    rows: list[Publication] = []
    for _ in range(_WINDOWS):
        # Those of one list have an index of their own.
        start, wanted = 0 if scope.register else max(0, place - _WINDOW), limit + 1 - len(rows)
        found = scope.of(Publication.objects.filter(position__gte=start, position__lt=place)).order_by("-position")
        rows += found.select_related("register__organisation", "register__keeper", "register__head")[:wanted]
        place = start
        if len(rows) > limit or place <= 1:
            break
    if len(rows) > limit:
        rows, place = rows[:limit], rows[limit - 1].position or 0
    return Publications(reasons.told(rows), place if place > 1 else None)


# ---- a week, the unusual first


@dataclass(frozen=True)
class WeekOfList:
    """What one week did to one list. `days_before` is on how many days of the year before it changed.

    `old` and `new` are its sizes before and after.
    """

    register: Register
    publications: int
    added: int
    changed: int
    old: int
    new: int
    time: int
    days_before: int
    reason: str

    @property
    def is_new(self) -> bool:
        """Nothing had been published in it before."""
        return self.old == 0

    @property
    def share(self) -> float:
        """The changes of the week for each record of the list."""
        return (self.added + self.changed) / max(1, self.register.head.records)


def week(start: int, end: int) -> list[WeekOfList]:
    """The lists that were published in from second `start` to before `end`, the most unusual first.

    First come the lists that had changed on the fewest days of the year before, and of these the ones of which the
    greatest part changed. A list that began in this week has no past to be measured against and comes last.
    """
    rows = Publication.objects.filter(time__gte=start, time__lt=end, position__isnull=False)
    told = rows.values("register_id").annotate(
        publications=Count("pk"),
        total_added=Sum("added"),
        total_changed=Sum("changed"),
        first=Min("first_entry"),
        last=Max("last_entry"),
        latest=Max("time"),
    )
    found = {row["register_id"]: row for row in told.order_by("-latest")[:MOST_LISTS]}
    days = _days_changed(list(found), start - DAYS_A_YEAR * SECONDS_A_DAY, start)
    lists: list[WeekOfList] = []
    for some in _slices(list(found)):
        of_some = rows.filter(register_id__in=some).order_by("number")
        columns = of_some.values_list("register_id", "first_entry", "last_entry", "reason")
        last = {register_id: (first, end, why) for register_id, first, end, why in columns}
        known = list(registers().filter(pk__in=some))
        hidden = states.of_each(known)
        for one in known:
            row = found[one.pk]
            lists.append(
                WeekOfList(
                    register=one,
                    publications=row["publications"],
                    added=row["total_added"],
                    changed=row["total_changed"],
                    old=row["first"] - 1,
                    new=row["last"],
                    time=row["latest"],
                    days_before=days.get(one.pk, 0),
                    reason=reasons.reason(hidden[one.pk], *last[one.pk]),
                )
            )
    return sorted(lists, key=lambda one: (one.is_new, one.days_before, -one.share, one.register.path))


def _days_changed(ids: Sequence[int], start: int, end: int) -> dict[int, int]:
    """On how many days each of these lists was published in."""
    days: dict[int, int] = {}
    for some in _slices(ids):
        past = Publication.objects.filter(register_id__in=some, time__gte=start, time__lt=end)
        counted = past.annotate(day=F("time") / SECONDS_A_DAY).values("register_id")
        days |= dict(counted.annotate(days=Count("day", distinct=True)).values_list("register_id", "days"))
    return days


def _slices(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE)]


# ---- changes over time


@dataclass(frozen=True)
class DayOfList:
    """What was published in a list on one day, in the hall's own time zone."""

    day: datetime.date
    added: int
    changed: int


# Of a list that is published in all the time, the chart shows what the last so many publications did.
_CHARTED = 5_000
_NEWEST = (
    "SELECT time, added, changed FROM registers_publication WHERE register_id = %s AND number > 1"
    " ORDER BY number DESC LIMIT %s"
)


def days_of(register: Register) -> list[DayOfList]:
    """What was published on each day, oldest first: of the latest 5,000 publications, without the very first.

    A list begins with many records at once: beside those, whatever changed later could not be seen.
    """
    newest = fetch(_NEWEST, [register.pk, _CHARTED])
    days: list[DayOfList] = []
    # No publication bears an earlier time than the one before it, so each day's stand together.
    for day, rows in groupby(reversed(newest), key=lambda row: local_day(row[0])):
        counts = [(added, changed) for _time, added, changed in rows]
        days.append(DayOfList(day, sum(one[0] for one in counts), sum(one[1] for one in counts)))
    return days
