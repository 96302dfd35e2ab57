"""Running followers: each takes the entries after its cursor, a bounded run at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import transaction

from guildhall.kit.exceptions import NotFoundError
from guildhall.registers.followers import hashes, search, values
from guildhall.registers.models import Entry, FollowerCursor, FollowerHead, Publication, Register

# Small enough that another writer is never kept waiting for long on SQLite.
ENTRIES_AT_ONCE = 2_000


class UnknownFollowerError(NotFoundError):
    title = "No such follower"


@dataclass(frozen=True)
class Follower:
    """`apply(register, entries)` takes entries of one register in their order; `clear()` forgets all it made.

    One transaction takes about `at_once` entries: fewer where each is more work.
    """

    name: str
    apply: Callable[[Register, list[Entry]], None]
    clear: Callable[[], None]
    at_once: int = ENTRIES_AT_ONCE


FOLLOWERS: tuple[Follower, ...] = (
    Follower(values.NAME, values.apply, values.clear),
    Follower(hashes.NAME, hashes.apply, hashes.clear),
    Follower(search.NAME, search.apply, search.clear, at_once=500),
)


def follower(name: str) -> Follower:
    """Raises UnknownFollowerError, which names those that there are."""
    for known in FOLLOWERS:
        if known.name == name:
            return known
    names = ", ".join(known.name for known in FOLLOWERS)
    raise UnknownFollowerError(f"There is no follower called {name}.", f"There are: {names}.")


def catch_up() -> int:
    """Run every follower until it has seen all publications that have a position. Returns the entries seen."""
    return sum(seen for known in FOLLOWERS for seen in steps(known))


def steps(known: Follower) -> Iterator[int]:
    """Run one follower to the end, yielding the number of entries of each transaction."""
    seen = _one_transaction(known)
    while seen:
        yield seen
        seen = _one_transaction(known)


def _one_transaction(known: Follower) -> int:
    """Take entries until there are enough for one transaction, or no more. Returns how many."""
    seen = 0
    with transaction.atomic():
        cursor = _locked_cursor(known)
        while seen < known.at_once:
            publication = (
                Publication.objects.filter(position__gt=cursor.position)
                .order_by("position")
                .select_related("register")
                .first()
            )
            if publication is None:
                break
            seen += _step(known, cursor, publication)
        cursor.save()
    return seen


def rebuild(known: Follower) -> Iterator[int]:
    """Forget all that the follower made and start it afresh."""
    with transaction.atomic():
        # First of all: what a worker is just making would not be seen, and so not be forgotten.
        cursor = _locked_cursor(known)
        known.clear()
        FollowerHead.objects.filter(follower=known.name).delete()
        cursor.position, cursor.entry_number = 0, 0
        cursor.save()
    yield from steps(known)


def _locked_cursor(known: Follower) -> FollowerCursor:
    """Whoever holds the cursor is the only one to run this follower, until the end of the transaction."""
    return FollowerCursor.objects.select_for_update().get_or_create(name=known.name)[0]


def is_behind(name: str) -> int:
    """How many publications the follower has not yet seen."""
    cursor = FollowerCursor.objects.filter(name=name).first()
    return Publication.objects.filter(position__gt=cursor.position if cursor else 0).count()


def _step(known: Follower, cursor: FollowerCursor, publication: Publication) -> int:
    start = max(cursor.entry_number + 1, publication.first_entry)
    end = min(start + known.at_once - 1, publication.last_entry)
    register = publication.register
    entries = list(Entry.objects.filter(register=register, number__range=(start, end)).order_by("number"))
    known.apply(register, entries)
    FollowerHead.objects.update_or_create(follower=known.name, register=register, defaults={"size": end})
    if end == publication.last_entry:
        cursor.position, cursor.entry_number = publication.position or 0, 0
    else:
        cursor.entry_number = end
    return len(entries)
