"""Every entry of the hall in the order in which it was published, from a place on: what other programs follow.

Places are made of positions, which the sequencer gives: whatever commits late on PostgreSQL comes later here too, so
nothing is missed and nothing comes twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from guildhall.registers.models import Publication, Register
from guildhall.registers.queries import records
from guildhall.registers.queries.records import Change

# So many publications are looked through at once for those of one list, organisation or standard.
WINDOW = 10_000
# An answer of so much text is long enough, whatever number of entries was asked for.
MOST_TEXT = 8 * 1024 * 1024
_ENTRIES_AT_ONCE = 100
_NOW = (
    "SELECT (SELECT origin FROM registers_hallidentity WHERE id = 1), (SELECT max(position) FROM registers_publication)"
)


@dataclass(frozen=True)
class Now:
    """The hall's origin and the position of its last publication, 0 before the first."""

    origin: str
    position: int


@dataclass(frozen=True, order=True)
class Place:
    """All publications up to `position` were seen, and of the one after them the entries up to number `entry`."""

    position: int = 0
    entry: int = 0


@dataclass(frozen=True)
class Scope:
    """Of which lists: of one, of an organisation's, of those to one standard; empty texts leave all in."""

    register: str = ""
    organisation: str = ""
    standard: str = ""

    def of(self, rows: QuerySet[Publication]) -> QuerySet[Publication]:
        wanted = {
            "register__path": self.register,
            "register__organisation__slug": self.organisation,
            "register__standard_name": self.standard,
        }
        # Of a retired list not even the keys are told.
        shown = rows.filter(register__head__is_retired=False)
        return shown.filter(**{name: value for name, value in wanted.items() if value})


@dataclass(frozen=True)
class Followed:
    """One entry, in which list, and the position of the publication that it came with."""

    position: int
    register: Register
    change: Change


@dataclass(frozen=True)
class Batch:
    """Entries in their order, the place to go on from, and whether more stand beyond it now."""

    rows: list[Followed]
    place: Place
    has_more: bool


@dataclass(frozen=True)
class _Run:
    """Entries `first` to `last` of one publication; it is `whole` if none of it follows."""

    publication: Publication
    position: int
    first: int
    last: int
    is_whole: bool


def now() -> Now:
    """Both in one statement: this is all that is asked when nothing is new."""
    with connection.cursor() as cursor:
        cursor.execute(_NOW)
        origin, position = cursor.fetchone()
    return Now(origin, position or 0)


def following(place: Place, latest: int, *, scope: Scope, limit: int) -> Batch:
    """At most `limit` entries after a place, up to the position `latest`, which was read before."""
    if place.position >= latest:
        # Ahead of what is known here: a replica has not come so far yet.
        return Batch([], place, has_more=False)
    end = min(latest, place.position + WINDOW)
    runs = list(_runs(place, end, scope, limit))
    readers: dict[int, _Reader] = {}
    rows: list[Followed] = []
    weight = 0
    for run in runs:
        register = run.publication.register
        reader = readers.get(register.pk) or readers.setdefault(register.pk, _Reader(register, run.first, runs))
        for change in reader.up_to(run.last):
            rows.append(Followed(run.position, register, change))
            weight += _weight(change)
            if weight > MOST_TEXT:
                return Batch(rows, _after(run, change.number), has_more=True)
    if sum(run.last - run.first + 1 for run in runs) >= limit:
        reached = _after(runs[-1], runs[-1].last)
        return Batch(rows, reached, has_more=reached < Place(latest))
    return Batch(rows, Place(end), has_more=end < latest)


def _runs(place: Place, end: int, scope: Scope, limit: int) -> Iterator[_Run]:
    found = scope.of(Publication.objects.filter(position__gt=place.position, position__lte=end))
    for publication in found.order_by("position").select_related("register__head")[:limit]:
        position = publication.position or 0
        seen = place.entry if position == place.position + 1 else 0
        first = max(publication.first_entry, seen + 1)
        last = min(publication.last_entry, first + limit - 1)
        if first <= last:
            yield _Run(publication, position, first, last, is_whole=last == publication.last_entry)
            limit -= last - first + 1
        if not limit:
            return


class _Reader:
    """Reads the entries of one list. Its publications follow one another, so their runs are one run together."""

    def __init__(self, register: Register, first: int, runs: list[_Run]) -> None:
        self._register = register
        self._start = first
        self._last = max(run.last for run in runs if run.publication.register_id == register.pk)
        self._read: deque[Change] = deque()

    def up_to(self, last: int) -> Iterator[Change]:
        """Those that were not given yet, up to a number."""
        while True:
            if not self._read and self._start <= min(last, self._last):
                self._read.extend(
                    records.entries(self._register, self._last, start=self._start, limit=_ENTRIES_AT_ONCE)
                )
                self._start += _ENTRIES_AT_ONCE
            elif self._read and self._read[0].number <= last:
                yield self._read.popleft()
            else:
                return


def _after(run: _Run, number: int) -> Place:
    is_end = run.is_whole and number == run.last
    return Place(run.position) if is_end else Place(run.position - 1, number)


def _weight(change: Change) -> int:
    return sum(len(value) if isinstance(value, str) else sum(map(len, value)) for value in change.item.values())
