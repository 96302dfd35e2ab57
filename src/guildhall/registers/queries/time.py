"""A list as it was recorded at an earlier moment, and the records that were in force on a day.

Two questions, never mixed. *As recorded on* asks what had been published here by then: entries are never back-dated, so
it is one size of the list. *In force on* asks the start and end dates in the values.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from guildhall.registers.errors import RegisterBusyError
from guildhall.registers.followers import values
from guildhall.registers.models import Entry, FollowerHead, Publication, Register, Value
from guildhall.registers.queries.history import as_list
from guildhall.registers.queries.records import Item, Page, Record, at_head, read_item, to_change
from guildhall.schema.model import Standard

# A page of what was in force looks through so many records, so many at a time.
LOOK_THROUGH, _WINDOW = 20_000, 5_000
# So many entries that no follower has seen are read for their dates.
MOST_UNSEEN = 20_000


@dataclass(frozen=True)
class Recorded:
    """One state of a list: its size, and the publication that made it so (None before the first)."""

    size: int
    publication: Publication | None


def recorded_on(register: Register, day: datetime.date) -> Recorded:
    """The list as it stood at the end of a day, in the hall's own time zone."""
    found = _publications(register).filter(time__lt=after_day(day)).order_by("-time", "-number").first()
    return Recorded(found.last_entry if found else 0, found)


def recorded_at(register: Register, size: int) -> Recorded:
    """The last state of the list that had no more than `size` entries."""
    found = _publications(register).filter(last_entry__lte=size).order_by("-last_entry").first()
    return Recorded(found.last_entry if found else 0, found)


def next_after(register: Register, size: int) -> Publication | None:
    """The publication that made the list longer than `size`."""
    return _publications(register).filter(last_entry__gt=size).order_by("last_entry").first()


def records_at(register: Register, size: int) -> int:
    """How many records the list had at that size: those of now, without what was added since."""
    later = _publications(register).filter(last_entry__gt=size).aggregate(added=Sum("added"))["added"]
    return register.head.records - (later or 0)


def after_day(day: datetime.date) -> int:
    """The second with which the day is over, in the hall's own time zone."""
    if day == datetime.date.max:
        return 2**62
    midnight = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time())
    return int(timezone.make_aware(midnight).timestamp())


def is_in_force(standard: Standard, item: Item, day: datetime.date) -> bool:
    """Whether a record had begun by a day and not ended before it; a date that is not given holds nothing back."""
    begun = all(date <= day.isoformat() for date in as_list(item.get(standard.start_field or "")))
    return begun and not any(date < day.isoformat() for date in as_list(item.get(standard.end_field or "")))


@dataclass(frozen=True)
class InForce:
    """Leaves, of records of these lists at these sizes, those that were in force on a day.

    Asks the indexed values of each record that is looked at, so rows are best taken in slices, by key. What the
    follower of values has not come to is read itself, if it is not too much: else RegisterBusyError is raised.
    """

    standard: Standard
    day: datetime.date
    sizes: Mapping[int, int]

    def __call__(self, rows: QuerySet[Entry]) -> QuerySet[Entry]:
        told = Value.objects.filter(register=OuterRef("register_id"), key=OuterRef("key"), number=OuterRef("number"))
        if self.standard.start_field:
            rows = rows.exclude(Exists(told.filter(field=self.standard.start_field, value__gt=self.day.isoformat())))
        if self.standard.end_field:
            rows = rows.exclude(Exists(told.filter(field=self.standard.end_field, value__lt=self.day.isoformat())))
        for register_id, numbers in self._not_in_force.items():
            rows = rows.exclude(register_id=register_id, number__in=numbers)
        return rows

    @cached_property
    def _not_in_force(self) -> dict[int, list[int]]:
        """Of what the follower has not come to, by list, the entries whose record was not in force."""
        heads = FollowerHead.objects.filter(follower=values.NAME, register__in=list(self.sizes))
        seen = dict(heads.values_list("register_id", "size"))
        behind = {one: seen.get(one, 0) for one, size in self.sizes.items() if seen.get(one, 0) < size}
        if sum(self.sizes[one] - size for one, size in behind.items()) > MOST_UNSEEN:
            raise RegisterBusyError(
                "So much was published just now that its dates are still being gone through.",
                "Try again in a minute, or take the whole list as CSV: it is made from the list itself.",
                retry_after=60,
            )
        found: dict[int, list[int]] = {}
        for one, size in behind.items():
            rows = Entry.objects.filter(register_id=one, number__gt=size, number__lte=self.sizes[one])
            numbers = [
                number
                for number, item in rows.values_list("number", "item")
                if not is_in_force(self.standard, read_item(item), self.day)
            ]
            if numbers:
                found[one] = numbers
        return found


def dated_size(register: Register) -> int:
    """As far as the follower of values has come: the size at which a list's dates can be asked from their index."""
    heads = FollowerHead.objects.filter(follower=values.NAME, register=register)
    return heads.values_list("size", flat=True).first() or 0


def page_in_force(
    register: Register,
    size: int,
    restrict: Callable[[QuerySet[Entry]], QuerySet[Entry]],
    *,
    limit: int,
    after: str | None = None,
    before: str | None = None,
) -> Page[Record]:
    """Those records of a list at a size that `restrict` leaves, in the order of their keys.

    Looks through so many records and no more: where few are left the page is short, and there is a way on.
    """
    backwards = before is not None
    rows = at_head(register, size).order_by("-key" if backwards else "key")
    place, found, looked_at = before if backwards else after, list[Entry](), 0
    ahead: str | None = None
    while looked_at < LOOK_THROUGH:
        window = _beyond(rows, place, backwards=backwards)
        last = window.values_list("key", flat=True)[_WINDOW - 1 : _WINDOW].first()
        inside = window if last is None else window.filter(**{"key__gte" if backwards else "key__lte": last})
        found += restrict(inside)[: limit + 1 - len(found)]
        if len(found) > limit:
            ahead, found = found[limit - 1].key, found[:limit]
            break
        if last is None:
            ahead = None
            break
        place, looked_at, ahead = last, looked_at + _WINDOW, last
    shown = [to_change(entry) for entry in (reversed(found) if backwards else found)]
    if backwards:
        return Page(shown, ahead, shown[-1].key if shown else before)
    return Page(shown, after and (shown[0].key if shown else after), ahead)


def _beyond(rows: QuerySet[Entry], place: str | None, *, backwards: bool) -> QuerySet[Entry]:
    if place is None:
        return rows
    return rows.filter(key__lt=place) if backwards else rows.filter(key__gt=place)


# ---- all lists to one standard


def position_on(day: datetime.date) -> int:
    """The position, in the order of the whole hall, of the last publication that bears that day or an earlier one."""
    found = Publication.objects.filter(time__lt=after_day(day), position__isnull=False)
    return found.order_by("-time", "-position").values_list("position", flat=True).first() or 0


def time_of_position(position: int) -> int | None:
    """When that publication was made, in seconds since 1970."""
    return Publication.objects.filter(position=position).values_list("time", flat=True).first()


def sizes_at(registers: Sequence[Register], position: int) -> dict[int, int]:
    """How many entries each of these lists had at a position, by its id: before the first that came later, or all."""
    later = _later(registers, position).values("register_id").annotate(first=Min("first_entry"))
    changed_since = dict(later.values_list("register_id", "first"))
    return {one.pk: changed_since.get(one.pk, one.head.size + 1) - 1 for one in registers}


def records_at_position(registers: Sequence[Register], position: int) -> int:
    """How many records these lists had together at a position."""
    added = _later(registers, position).aggregate(added=Sum("added"))["added"]
    return sum(one.head.records for one in registers) - (added or 0)


def _later(registers: Sequence[Register], position: int) -> QuerySet[Publication]:
    """What was published in these lists after a position; what has none yet will get a later one."""
    after = Q(position__gt=position) | Q(position__isnull=True)
    return Publication.objects.filter(after, register__in=[one.pk for one in registers])


def _publications(register: Register) -> QuerySet[Publication]:
    return Publication.objects.filter(register=register)
