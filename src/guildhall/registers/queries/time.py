"""A list as it was recorded at an earlier moment, and the records that were in force on a day.

Two questions, never mixed. *As recorded on* asks what had been published here by then: entries are never back-dated, so
it is one size of the list. *In force on* asks the start and end dates in the values.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.utils import timezone

from guildhall.registers.models import Entry, Publication, Register, Value
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


def in_force(rows: QuerySet[Entry], standard: Standard, day: datetime.date) -> QuerySet[Entry]:
    """Those records that had begun by a day and not ended before it; one without a date is not held back by it.

    Asks the indexed values of each record that is looked at, so take them in slices, by key. A record that the follower
    of values has not come to yet counts as in force.
    """
    told = Value.objects.filter(register=OuterRef("register_id"), key=OuterRef("key"), number=OuterRef("number"))
    if standard.start_field:
        rows = rows.exclude(Exists(told.filter(field=standard.start_field, value__gt=day.isoformat())))
    if standard.end_field:
        rows = rows.exclude(Exists(told.filter(field=standard.end_field, value__lt=day.isoformat())))
    return rows


# ---- all lists to one standard


def position_on(day: datetime.date) -> int:
    """The position, in the order of the whole hall, of the last publication that bears that day or an earlier one."""
    found = Publication.objects.filter(time__lt=after_day(day), position__isnull=False)
    return found.order_by("-time", "-position").values_list("position", flat=True).first() or 0


def size_at_position(register: Register, position: int) -> int:
    """How many entries a list had when the hall's publications had come to a position."""
    found = _publications(register).filter(position__lte=position).order_by("-position")
    return found.values_list("last_entry", flat=True).first() or 0


def records_at_position(registers: Iterable[Register], position: int) -> int:
    """How many records these lists had together at a position."""
    held = {register.pk: register.head.records for register in registers}
    later = Publication.objects.filter(position__gt=position, register__in=held)
    return sum(held.values()) - (later.aggregate(added=Sum("added"))["added"] or 0)


def _publications(register: Register) -> QuerySet[Publication]:
    return Publication.objects.filter(register=register)
