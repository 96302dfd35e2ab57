"""Records and entries of one register, read at one head so that a page shows one consistent state."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from guildhall.log.bundles import ERASED, HELD, HERE
from guildhall.log.leaf import format_time, item_hash, multihash
from guildhall.registers.errors import UnknownEntryError, UnknownRecordError
from guildhall.registers.followers import hashes
from guildhall.registers.hiding import states
from guildhall.registers.hiding.states import Hidden
from guildhall.registers.models import Entry, FollowerHead, Register
from guildhall.registers.statements import fetch, marks

Item = dict[str, str | list[str]]
# A download streams by so many rows at a time: few enough for memory even if every item is as large as it may be.
STREAM_ROWS = 500


@dataclass(frozen=True)
class Change:
    """One entry as it is shown: `item` holds its values, `hash` is the multihash of the item.

    `state` is HERE, or ERASED or HELD (`log.bundles`): then it has no values.
    """

    number: int
    key: str
    time: int  # seconds since 1970
    hash: str
    item: Item
    state: int = HERE

    @property
    def is_erased(self) -> bool:
        return self.state == ERASED

    @property
    def is_held(self) -> bool:
        return self.state == HELD

    @property
    def is_hidden(self) -> bool:
        return self.state != HERE

    @property
    def timestamp(self) -> str:
        """Such as `2016-04-05T13:23:05Z`."""
        return format_time(self.time)


Record = Change  # a record is the latest change of its key


@dataclass(frozen=True)
class Page[T]:
    """Some rows in order, and the keys to page on from: `None` where there is no more."""

    rows: list[T]
    before: str | None
    after: str | None


def at_head(register: Register, size: int) -> QuerySet[Entry]:
    """The records of a register at the head `size`."""
    return Entry.objects.filter(Q(superseded_by=None) | Q(superseded_by__gt=size), register=register, number__lte=size)


def record(register: Register, key: str, size: int) -> Record:
    """Raises UnknownRecordError."""
    entry = at_head(register, size).filter(key=key).first()
    if entry is None:
        raise UnknownRecordError(
            f"There is no record {key} in {register.path}.", "Look for it in the list, or check its spelling."
        )
    return to_change(entry, states.of(register))


def record_page(
    register: Register, size: int, *, limit: int, after: str | None = None, before: str | None = None
) -> Page[Record]:
    """Records in the order of their keys: those after a key, or the last ones before a key."""
    rows, hidden = at_head(register, size), states.of(register)
    if before is not None:
        found = list(rows.filter(key__lt=before).order_by("-key")[: limit + 1])
        more = len(found) > limit
        shown = [to_change(entry, hidden) for entry in reversed(found[:limit])]
        return Page(shown, shown[0].key if more else None, shown[-1].key if shown else None)
    # No key is empty: the condition makes the index of keys the one to use.
    found = list(rows.filter(key__gt=after or "").order_by("key")[: limit + 1])
    shown = [to_change(entry, hidden) for entry in found[:limit]]
    return Page(
        shown,
        shown[0].key if shown and after is not None else None,
        shown[-1].key if len(found) > limit else None,
    )


def keys(register: Register, size: int, *, after: str | None = None, skip: int = 0, limit: int) -> list[str]:
    """The keys of records in their order: those after a key, but the first `skip` of them, at most `limit`."""
    rows = at_head(register, size).filter(key__gt=after or "")
    return list(rows.order_by("key").values_list("key", flat=True)[skip : skip + limit])


def keys_before(register: Register, size: int, key: str, *, limit: int) -> list[str]:
    """The last `limit` keys before a key, in their order."""
    rows = at_head(register, size).filter(key__lt=key).order_by("-key")
    return list(rows.values_list("key", flat=True)[:limit])[::-1]


def latest_changed(register: Register, size: int, first: int, last: int) -> Iterator[tuple[str, int]]:
    """Key and time of each record whose latest change is among some, in their order; none that is hidden."""
    hidden = states.of(register)
    rows = at_head(register, size).filter(number__gte=first, number__lte=last).order_by("number")
    for number, key, time in rows.values_list("number", "key", "time").iterator(chunk_size=STREAM_ROWS):
        if not hidden.state(number):
            yield key, time


def stream_records(
    register: Register, size: int, *, first: str | None = None, last: str | None = None
) -> Iterator[Record]:
    """Records at a head in the order of their keys, from `first` to `last` or all; a bounded number is held at a time.

    Read without model objects: a download may be of a million.
    """
    above, start = _FROM_KEY, first or ""
    while True:
        rows = _slice(register.pk, size, above, start, last)
        # Asked after each slice: what is hidden while it streams is so from here on.
        hidden = states.fresh(register.pk)
        for row in rows:
            yield change(hidden, *row)
        if len(rows) < STREAM_ROWS:
            return
        above, start = _AFTER_KEY, rows[-1][1]


_COLUMNS = "SELECT number, key, time, item_hash, item FROM registers_entry WHERE register_id = %s"
_AT_HEAD = " AND number <= %s AND (superseded_by IS NULL OR superseded_by > %s)"
_FROM_KEY, _AFTER_KEY, _TO_KEY = " AND key >= %s", " AND key > %s", " AND key <= %s"
_BY_KEY = " ORDER BY key LIMIT %s"


def _slice(register_id: int, size: int, above: str, start: str, last: str | None) -> list[tuple[Any, ...]]:
    parameters: list[int | str] = [register_id, size, size, start]
    below = ""
    if last is not None:
        below = _TO_KEY
        parameters.append(last)
    return fetch(_COLUMNS + _AT_HEAD + above + below + _BY_KEY, [*parameters, STREAM_ROWS])


def by_keys(register: Register, size: int, keys: Sequence[str], hidden: Hidden) -> list[Record]:
    """The records of some keys, in no order."""
    rows = fetch(f"{_COLUMNS}{_AT_HEAD} AND key IN ({marks(keys)})", [register.pk, size, size, *keys])
    return [change(hidden, *row) for row in rows]


def entry(register: Register, number: int, size: int) -> Change:
    """Raises UnknownEntryError."""
    found = Entry.objects.filter(register=register, number=number, number__lte=size).first()
    if found is None:
        raise UnknownEntryError(
            f"There is no change number {number} in {register.path}.", f"Changes are numbered from 1 to {size:,}."
        )
    return to_change(found, states.of(register))


def entries(register: Register, size: int, *, start: int = 1, limit: int) -> list[Change]:
    """Entries from number `start` on, at most `limit`."""
    return _run(register, start, min(size, start + limit - 1), states.of(register))


def stream_entries(register: Register, size: int, *, start: int = 1) -> Iterator[Change]:
    """Entries from number `start` to `size`, a bounded number at a time."""
    for first in range(start, size + 1, STREAM_ROWS):
        yield from _run(register, first, min(size, first + STREAM_ROWS - 1), states.fresh(register.pk))


def _run(register: Register, first: int, last: int, hidden: Hidden) -> list[Change]:
    found = Entry.objects.filter(register=register, number__range=(first, last)).order_by("number")
    return [to_change(one, hidden) for one in found]


def record_entries(register: Register, key: str, size: int, *, newest: int | None = None) -> list[Change]:
    """The history of a record, oldest first: the whole, or its `newest` so many. Raises UnknownRecordError."""
    found = Entry.objects.filter(register=register, key=key, number__lte=size).order_by("-number")
    hidden = states.of(register)
    history = [to_change(one, hidden) for one in found[:newest]][::-1]
    if not history:
        record(register, key, size)
    return history


def entry_by_hash(register: Register, digest: bytes, size: int) -> Change:
    """The first entry whose item has this SHA-256. Raises UnknownEntryError."""
    seen = (
        FollowerHead.objects.filter(follower=hashes.NAME, register=register).values_list("size", flat=True).first() or 0
    )
    found = Entry.objects.filter(register=register, number__lte=size, item_hash=digest).order_by("number")
    match = found.filter(number__in=list(hashes.candidates(register, digest))).first()
    # What the follower has not come to yet is read through: a second's publications, as a rule.
    match = match or found.filter(number__gt=seen).first()
    if match is None:
        raise UnknownEntryError(f"There are no values with the hash {multihash(digest)} in {register.path}.")
    return to_change(match, states.of(register))


def values_are_whole(register: Register, number: int) -> bool:
    """Whether the stored values of an entry still match the hash that was signed for them."""
    found = Entry.objects.filter(register=register, number=number)
    digest, salt, item = found.values_list("item_hash", "salt", "item").get()
    return item_hash(bytes(salt), as_bytes(item)) == bytes(digest)


def to_change(entry: Entry, hidden: Hidden) -> Change:
    """An entry as it may be shown, by what is hidden of its register."""
    return change(hidden, entry.number, entry.key, entry.time, entry.item_hash, entry.item)


def change(hidden: Hidden, number: int, key: str, time: int, digest: Any, stored: Any) -> Change:  # noqa: PLR0917 - the columns of a row
    """The same from the columns of a row. There is no other way from what is stored to what is shown."""
    state = hidden.state(number)
    item = read_item(stored) if state == HERE else {}
    return Change(number, key, time, multihash(bytes(digest)), item, state)


def read_item(stored: Any) -> Item:
    """The values of an item as they are stored: bytes of JSON. What is none, or no text, is shown as not being there.

    Only tampering can bring that about; `verify` names it, and a page must not break on it.
    """
    try:
        item = json.loads(as_bytes(stored))
    except (ValueError, RecursionError):
        return {}
    return {name: value for name, value in item.items() if _is_value(value)} if isinstance(item, dict) else {}


def _is_value(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))


def as_bytes(stored: Any) -> bytes:
    """An item's bytes. Only tampering makes a text of it, which must be seen as what it is."""
    return stored.encode() if isinstance(stored, str) else bytes(stored)
