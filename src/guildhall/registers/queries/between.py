"""What differs between two states of a list, and what began and ended between two days."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Length

from guildhall.registers.hiding import states
from guildhall.registers.models import Entry, Publication, Register, Value
from guildhall.registers.queries.history import FieldChange, differences
from guildhall.registers.queries.records import STREAM_ROWS, Record, at_head, to_change
from guildhall.schema.model import Standard

Kind = Literal["added", "changed", "ended", "began"]
# A page looks through so many changes: where many were made and undone again it is short, and there is a way on.
_WINDOW, _WINDOWS = 5_000, 4


@dataclass(frozen=True)
class Difference:
    """One record that differs: as it is later, what that does to each field, and when it began or ended."""

    kind: Kind
    record: Record
    fields: list[FieldChange]
    day: str = ""


@dataclass(frozen=True)
class Differences:
    """Some differences in the order of changes, and the change to go on after: None where there is no more."""

    rows: list[Difference]
    after: int | None


@dataclass(frozen=True)
class Extent:
    """How much was published between two states."""

    publications: int
    entries: int
    added: int


def between(
    register: Register, old: int, new: int, *, end_field: str | None, limit: int, after: int = 0
) -> Differences:
    """The records that differ at size `new` from what they were at size `old`, after a change number."""
    place, rows = max(old, after), list[Difference]()
    for _ in range(_WINDOWS):
        end, wanted = min(new, place + _WINDOW), limit - len(rows)
        latest = list(_latest(register, place, end, new)[:wanted])
        rows += _differences(register, latest, old, end_field)
        place = latest[-1].number if len(latest) == wanted else end
        if place >= new or len(rows) == limit:
            break
    return Differences(rows, place if place < new else None)


def stream_between(register: Register, old: int, new: int, *, end_field: str | None) -> Iterator[Difference]:
    """All of them, a bounded number at a time."""
    after: int | None = old
    while after is not None:
        page = between(register, old, new, end_field=end_field, limit=STREAM_ROWS, after=after)
        yield from page.rows
        after = page.after


def extent(register: Register, old: int, new: int) -> Extent:
    found = Publication.objects.filter(register=register, last_entry__gt=old, last_entry__lte=new)
    told = found.aggregate(publications=Count("pk"), added=Sum("added"))
    return Extent(told["publications"], max(0, new - old), told["added"] or 0)


def _latest(register: Register, start: int, end: int, new: int) -> QuerySet[Entry]:
    """The entries after `start` up to `end` that are still records at `new`."""
    run = Entry.objects.filter(register=register, number__gt=start, number__lte=end)
    return run.filter(Q(superseded_by=None) | Q(superseded_by__gt=new)).order_by("number")


def _differences(register: Register, latest: Sequence[Entry], old: int, end_field: str | None) -> Iterator[Difference]:
    hidden = states.of(register)
    earlier = at_head(register, old).filter(key__in=[row.key for row in latest])
    before = {row.key: to_change(row, hidden) for row in earlier}
    for row in latest:
        change, known = to_change(row, hidden), before.get(row.key)
        fields = [] if change.is_hidden else differences(known.item if known else {}, change.item)
        if known is None:
            yield Difference("added", change, fields)
        elif fields or change.is_hidden:
            has_ended = any(one.name == end_field and one.now for one in fields)
            yield Difference("ended" if has_ended else "changed", change, fields)


# ---- by the dates in the values


def days_between(
    register: Register, size: int, standard: Standard, old: datetime.date, new: datetime.date, *, limit: int, skip: int
) -> list[Difference]:
    """The records that were in force on one of two days and not on the other, by the day on which they began or ended.

    Asks the indexed values, so it costs no more in a large list: `size` is at most `time.dated_size`. Ended is told by
    the last day in force, or the month or year in which that was.
    """
    known = states.not_hidden(Value.objects.filter(register=register, number__lte=size))
    known = known.filter(Q(superseded_by=None) | Q(superseded_by__gt=size))
    began = known.filter(field=standard.start_field or "", value__gt=old.isoformat(), value__lte=new.isoformat())
    ended = known.alias(length=Length("value")).filter(
        _ended(old.isoformat(), new.isoformat()), field=standard.end_field or ""
    )
    told = began.union(ended).values_list("value", "field", "key").order_by("value", "field", "key")
    page = list(told[skip : skip + limit])
    rows = at_head(register, size).filter(key__in=[key for _, _, key in page])
    hidden = states.of(register)
    records = {row.key: to_change(row, hidden) for row in rows}
    return [
        Difference("began" if field == standard.start_field else "ended", records[key], [], day)
        for day, field, key in page
        if key in records
    ]


def _ended(old: str, new: str) -> Q:
    """Values that say a last day from one day on and before another; a month or year ends with its own last day."""
    year, month, day = 4, 7, 10
    in_years = Q(length=year, value__gte=old[:year], value__lt=new[:year])
    in_months = Q(length=month, value__gte=old[:month], value__lt=new[:month])
    # All of them are within one run of the index.
    return Q(value__gte=old[:year], value__lt=new) & (in_years | in_months | Q(length__gte=day, value__gte=old))
