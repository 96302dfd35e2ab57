"""A list as it was recorded at an earlier moment, and the records that were in force on a day.

Two questions, never mixed. *As recorded on* asks what had been published here by then: entries are never back-dated, so
it is one size of the list. *In force on* asks the start and end dates in the values.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from guildhall.registers.followers import values
from guildhall.registers.models import FollowerHead, Publication, Register
from guildhall.registers.queries.history import as_list
from guildhall.registers.queries.records import Item
from guildhall.schema.model import Standard


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
    """Whether a record had begun by a day and not ended before it; what is not said of a date holds nothing back.

    So a record without a date is in force; one that began in a month or year, from its first day on; and one that ended
    in a month or year, until its last.
    """
    asked = day.isoformat()
    starts, ends = (as_list(item.get(name or "")) for name in (standard.start_field, standard.end_field))
    begun = all(date[: len(asked)] <= asked for date in starts)
    return begun and not any(has_passed(date, asked) for date in ends)


def has_passed(date: str, day: str) -> bool:
    """Whether a date is before a day (YYYY-MM-DD); a year or a month is when its own last day is."""
    return date[: len(day)] < day[: len(date)]


def dated_size(register: Register) -> int:
    """As far as the follower of values has come: the size at which a list's dates can be asked from their index."""
    heads = FollowerHead.objects.filter(follower=values.NAME, register=register)
    return heads.values_list("size", flat=True).first() or 0


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


def changed_by(registers: Sequence[Register], position: int) -> int:
    """When one of these lists was last changed by a position, in seconds since 1970; 0 if none had been."""
    last = Publication.objects.filter(register=OuterRef("pk"), position__lte=position).order_by("-position")
    found = Register.objects.filter(pk__in=[one.pk for one in registers]).annotate(
        last=Subquery(last.values("time")[:1])
    )
    return found.aggregate(last_of_all=Max("last"))["last_of_all"] or 0


def _later(registers: Sequence[Register], position: int) -> QuerySet[Publication]:
    """What was published in these lists after a position; what has none yet will get a later one."""
    after = Q(position__gt=position) | Q(position__isnull=True)
    return Publication.objects.filter(after, register__in=[one.pk for one in registers])


def _publications(register: Register) -> QuerySet[Publication]:
    return Publication.objects.filter(register=register)
