"""Taking erased values out of every copy: the entries, what followers keep, files, and what the disk still has of them.

Nobody reads them since the erasure was published; this is the rest. Every step can be done again, and an erasure counts
as removed only after the last one, so whoever is killed half way loses nothing: the next round begins anew.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, QuerySet, Sum

from guildhall.registers.errors import RegisterBusyError
from guildhall.registers.exports import files
from guildhall.registers.followers import run as followers
from guildhall.registers.hiding import scrub, states
from guildhall.registers.lease import Lease
from guildhall.registers.models import Entry, HashRun, HiddenRun, Register, RegisterHead, Value, ValueCount
from guildhall.registers.stage import has_left, sweep

# Small enough that another writer is never kept waiting for long on SQLite.
_ENTRIES_AT_ONCE = 1_000
# What cannot be finished now, because somebody reads an old state or makes a file, is tried again after so long.
_AGAIN_SECONDS = 30.0


@dataclass(frozen=True)
class Status:
    """Erasures, and changes named by them, of which copies may still be found; none when all is done."""

    erasures: int
    changes: int


def status() -> Status:
    """What is still to be removed."""
    waiting = _waiting()
    changes = waiting.aggregate(changes=Sum(F("last") - F("first") + 1))["changes"]
    return Status(waiting.values("cause").distinct().count(), changes or 0)


def remove() -> bool:
    """Remove what is to be removed, from everywhere. False where something was in the way: it must be tried again."""
    runs = list(_waiting().select_related("register__head"))
    if not runs:
        return True
    for run in runs:
        for start in range(run.first, run.last + 1, _ENTRIES_AT_ONCE):
            _empty(run, start, min(run.last, start + _ENTRIES_AT_ONCE - 1))
    if not all(_swept(register) for register in {run.register for run in runs}):
        return False
    followers.heed()
    touched = {run.register_id for run in runs}
    if any(touched.intersection(states.unheeded(known.name)) for known in followers.FOLLOWERS):
        return False
    for run in runs:
        if run.register.head.is_retired:
            _forget(run.register)
    files.sweep()
    for register in Register.objects.filter(pk__in=touched).select_related("head"):
        files.drop_outdated(register)
    if files.is_making() or not scrub.scrub():
        return False
    HiddenRun.objects.filter(pk__in=[run.pk for run in runs]).update(is_removed=True)
    return True


class Remover:
    """Removes beside other duties, and waits a while after what could not be finished."""

    def __init__(self) -> None:
        self._next = 0.0

    def look(self) -> None:
        if time.monotonic() >= self._next and not remove():
            self._next = time.monotonic() + _AGAIN_SECONDS


def _waiting() -> QuerySet[HiddenRun]:
    return HiddenRun.objects.filter(is_erased=True, is_removed=False)


def _swept(register: Register) -> bool:
    """Clear what a publisher that died left beyond the head: the values may be there too. False while one works.

    The lease is taken only then: nobody is kept from publishing, and a killed worker leaves none behind.
    """
    if not has_left(register):
        return True
    try:
        lease = Lease.take(register)
    except RegisterBusyError:
        return False
    try:
        sweep(lease, RegisterHead.objects.values_list("size", flat=True).get(pk=register.pk))
    finally:
        lease.release()
    return True


def _forget(register: Register) -> None:
    """Of a retired list the keys go too. Tiles stay: with them its last checkpoint can still be checked."""
    for model in (Value, ValueCount, HashRun):
        model.objects.filter(register=register).delete()
    for start in range(1, register.head.size + 1, _ENTRIES_AT_ONCE):
        Entry.objects.filter(register=register, number__range=(start, start + _ENTRIES_AT_ONCE - 1)).delete()


def _empty(run: HiddenRun, first: int, last: int) -> None:
    """A short transaction. The hash stays: it is in the log, and tells nothing without the salt."""
    with transaction.atomic():
        rows = Entry.objects.filter(register=run.register, number__range=(first, last)).exclude(item=b"")
        rows.update(item=b"", salt=b"")
