"""The records of several short lists at once, such as the products of ten councils: one query, however many lists."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, Q

from guildhall.registers.hiding import states
from guildhall.registers.models import Entry, Publication, Register
from guildhall.registers.queries.records import Record, to_change

# More than a page can show: the lists themselves have the rest.
MOST = 5_000


def records_of(registers: Iterable[Register], *, limit: int = MOST) -> list[tuple[Register, Record]]:
    """Their records, each list at its head, by list and key; at most `limit` of them all."""
    known = {register.pk: register for register in registers}
    if not known:
        return []
    size = F("register__head__size")
    rows = Entry.objects.filter(
        Q(superseded_by=None) | Q(superseded_by__gt=size), register__in=known, number__lte=size
    ).order_by("register", "key")
    hidden = states.of_each(known.values())
    return [(known[entry.register_id], to_change(entry, hidden[entry.register_id])) for entry in rows[:limit]]


def latest_publications(registers: Iterable[Register], *, limit: int) -> list[Publication]:
    """The last publications in any of these lists, the newest first."""
    # Of each list no more than so many are looked at, however often it is published.
    found = Publication.objects.filter(
        register__in=[register.pk for register in registers], number__gt=F("register__head__publications") - limit
    )
    return list(found.select_related("register", "register__keeper").order_by("-time", "-pk")[:limit])
