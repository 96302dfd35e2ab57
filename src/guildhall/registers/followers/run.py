"""Running followers: each takes the entries after its cursor, a bounded run at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import batched

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery

from guildhall.kit.exceptions import NotFoundError
from guildhall.registers.catalogue import current_standard, versions_alike
from guildhall.registers.followers import hashes, search, values
from guildhall.registers.hiding import ranges, states
from guildhall.registers.hiding.states import Hidden
from guildhall.registers.models import (
    Entry,
    FollowerCursor,
    FollowerHead,
    HiddenRun,
    Publication,
    Register,
    RegisterHead,
    Standard,
)
from guildhall.schema import model as schema

# Small enough that another writer is never kept waiting for long on SQLite.
ENTRIES_AT_ONCE = 2_000


class UnknownFollowerError(NotFoundError):
    title = "No such follower"


@dataclass(frozen=True)
class Follower:
    """`apply(register, entries, hidden)` takes entries of one register in their order; `clear()` forgets all it made.

    `heed(register, entries, hidden, size)` takes entries that it has seen once more, in a register of which it has seen
    `size`: they are hidden now, or shown again, or the standard has become another in what `shape(standard)` tells of
    it; then `settle(register)`, if given, comes last. One transaction takes about `at_once` entries: fewer where each
    is more work.
    """

    name: str
    apply: Callable[[Register, list[Entry], Hidden], None]
    heed: Callable[[Register, list[Entry], Hidden, int], None]
    clear: Callable[[], None]
    shape: Callable[[schema.Standard], object]
    settle: Callable[[Register], None] | None = None
    at_once: int = ENTRIES_AT_ONCE


FOLLOWERS: tuple[Follower, ...] = (
    Follower(values.NAME, values.apply, values.heed, values.clear, values.shape, values.settle),
    Follower(hashes.NAME, hashes.apply, hashes.heed, hashes.clear, hashes.shape),
    Follower(search.NAME, search.apply, search.heed, search.clear, search.shape, at_once=500),
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
    """Run one follower to the end, yielding the number of entries of each transaction.

    What is hidden goes before what is new, also in the middle of a large publication.
    """
    while True:
        yield from _heed(known)
        yield from _renew(known)
        seen = _one_transaction(known)
        if not seen:
            return
        yield seen


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
    known.apply(register, entries, states.fresh(register.pk))
    version = current_standard(register.standard_name).version
    FollowerHead.objects.update_or_create(
        follower=known.name,
        register=register,
        defaults={"size": end},
        create_defaults={"size": end, "standard_version": version},
    )
    if end == publication.last_entry:
        cursor.position, cursor.entry_number = publication.position or 0, 0
    else:
        cursor.entry_number = end
    return len(entries)


# ---- what is hidden, and what is shown again


def heed() -> None:
    """Let all followers take out what is hidden now, and take up what is shown again."""
    for known in FOLLOWERS:
        for _ in _heed(known):
            pass


def _heed(known: Follower) -> Iterator[int]:
    """Take anew all entries that were hidden or shown again since, in every register that the follower has seen."""
    for register_id in states.unheeded(known.name):
        head = FollowerHead.objects.select_related("register__organisation").get(
            follower=known.name, register=register_id
        )
        # Read before what it stands for: should more be hidden meanwhile, that is taken in another round.
        version = RegisterHead.objects.values_list("hidden_version", flat=True).get(pk=register_id)
        for numbers in batched(_touched(head, version), known.at_once):
            yield _heed_some(known, head, numbers)
        with transaction.atomic():
            _locked_cursor(known)
            FollowerHead.objects.filter(pk=head.pk).update(hidden_version=version)


def _touched(head: FollowerHead, version: int) -> Iterator[int]:
    """The numbers of the entries that were hidden or shown again after what the follower knows, up to a version."""
    after = head.hidden_version
    since, until = Q(since__gt=after, since__lte=version), Q(until__gt=after, until__lte=version)
    runs = HiddenRun.objects.filter(since | until, register=head.register_id).values_list("first", "last")
    for first, last in ranges.joined(runs):
        yield from range(first, min(last, head.size) + 1)


def _heed_some(known: Follower, head: FollowerHead, numbers: tuple[int, ...]) -> int:
    with transaction.atomic():
        _locked_cursor(known)
        size = FollowerHead.objects.values_list("size", flat=True).get(pk=head.pk)
        entries = list(Entry.objects.filter(register=head.register_id, number__in=numbers).order_by("number"))
        known.heed(head.register, entries, states.fresh(head.register_id), size)
    return len(entries)


# ---- what another version of a standard tells to take otherwise


def _renew(known: Follower) -> Iterator[int]:
    """Take anew all entries of registers whose standard has become another in what the follower depends on."""
    current = Standard.objects.filter(is_current=True, name=OuterRef("register__standard_name"))
    heads = FollowerHead.objects.filter(follower=known.name).alias(current=Subquery(current.values("version")[:1]))
    for head in heads.exclude(standard_version=F("current")).select_related("register__organisation"):
        name, version = head.register.standard_name, current_standard(head.register.standard_name).version
        is_alike = head.standard_version in versions_alike(name, version, known.shape)
        for numbers in () if is_alike else batched(range(1, head.size + 1), known.at_once):
            yield _heed_some(known, head, numbers)
        with transaction.atomic():
            _locked_cursor(known)
            if known.settle is not None and not is_alike:
                known.settle(head.register)
            FollowerHead.objects.filter(pk=head.pk).update(standard_version=version)
