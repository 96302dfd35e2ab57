"""Records and entries of one register, read at one head so that a page shows one consistent state."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from guildhall.log.leaf import format_time, item_hash, multihash
from guildhall.registers.errors import UnknownEntryError, UnknownRecordError
from guildhall.registers.followers import hashes
from guildhall.registers.models import Entry, FollowerHead, Register

Item = dict[str, str | list[str]]
# A download streams by so many rows at a time.
STREAM_ROWS = 2_000


@dataclass(frozen=True)
class Change:
    """One entry as it is shown: `item` holds its values, `hash` is the multihash of the item."""

    number: int
    key: str
    time: int  # seconds since 1970
    hash: str
    item: Item

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
    return to_change(entry)


def record_page(
    register: Register, size: int, *, limit: int, after: str | None = None, before: str | None = None
) -> Page[Record]:
    """Records in the order of their keys: those after a key, or the last ones before a key."""
    rows = at_head(register, size)
    if before is not None:
        found = list(rows.filter(key__lt=before).order_by("-key")[: limit + 1])
        more = len(found) > limit
        shown = [to_change(entry) for entry in reversed(found[:limit])]
        return Page(shown, shown[0].key if more else None, shown[-1].key if shown else None)
    if after is not None:
        rows = rows.filter(key__gt=after)
    found = list(rows.order_by("key")[: limit + 1])
    shown = [to_change(entry) for entry in found[:limit]]
    return Page(
        shown,
        shown[0].key if shown and after is not None else None,
        shown[-1].key if len(found) > limit else None,
    )


def stream_records(register: Register, size: int) -> Iterator[Record]:
    """All records at a head, in the order of their keys, a bounded number at a time."""
    after = None
    while True:
        page = record_page(register, size, limit=STREAM_ROWS, after=after)
        yield from page.rows
        after = page.after
        if after is None:
            return


def entry(register: Register, number: int, size: int) -> Change:
    """Raises UnknownEntryError."""
    found = Entry.objects.filter(register=register, number=number, number__lte=size).first()
    if found is None:
        raise UnknownEntryError(
            f"There is no change number {number} in {register.path}.", f"Changes are numbered from 1 to {size:,}."
        )
    return to_change(found)


def entries(register: Register, size: int, *, start: int = 1, limit: int) -> list[Change]:
    """Entries from number `start` on, at most `limit`."""
    end = min(size, start + limit - 1)
    return [
        to_change(found)
        for found in Entry.objects.filter(register=register, number__range=(start, end)).order_by("number")
    ]


def stream_entries(register: Register, size: int) -> Iterator[Change]:
    for start in range(1, size + 1, STREAM_ROWS):
        yield from entries(register, size, start=start, limit=STREAM_ROWS)


def record_entries(register: Register, key: str, size: int) -> list[Change]:
    """The whole history of a record, oldest first. Raises UnknownRecordError."""
    found = Entry.objects.filter(register=register, key=key, number__lte=size).order_by("number")
    history = [to_change(one) for one in found]
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
    return to_change(match)


def values_are_whole(register: Register, number: int) -> bool:
    """Whether the stored values of an entry still match the hash that was signed for them."""
    _, _, _, digest, salt, item = raw_entries(register.pk, number, number)[0]
    return item_hash(bytes(salt), item.encode() if isinstance(item, str) else bytes(item)) == bytes(digest)


def to_change(entry: Entry) -> Change:
    return Change(
        entry.number,
        entry.key,
        entry.time,
        multihash(bytes(entry.item_hash)),
        read_item(entry.item),
    )


def read_item(stored: Any) -> Item:
    """The values of an item as they are stored: bytes of JSON. What is no JSON is shown as having no values.

    Only tampering can bring that about; `verify` names it, and a page must not break on it.
    """
    raw = stored.encode() if isinstance(stored, str) else bytes(stored)
    try:
        item = json.loads(raw)
    except ValueError:
        return {}
    return item if isinstance(item, dict) else {}


def raw_entries(register_id: int, start: int, end: int) -> list[tuple[int, str, int, bytes, bytes, bytes]]:
    """Entries `start` to `end` as they stand in the table: number, key, time, item hash, salt, item bytes.

    For the bundles that auditors read, where no time may be lost on model objects.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, key, time, item_hash, salt, item FROM registers_entry"
            " WHERE register_id = %s AND number BETWEEN %s AND %s ORDER BY number",
            [register_id, start, end],
        )
        rows: list[tuple[int, str, int, bytes, bytes, bytes]] = cursor.fetchall()
    return rows
