"""One record with all that its answer depends on, in one statement: what programs ask for most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from guildhall.log.leaf import multihash
from guildhall.registers.queries.records import Change, Record, read_item

_SELECT = (
    "SELECT h.root, e.number, e.key, e.time, e.item_hash, e.item{roots}"
    " FROM registers_register r JOIN registers_registerhead h ON h.register_id = r.id"
    " JOIN registers_entry e ON e.register_id = r.id AND e.key = %s AND e.number <= h.size"
    " AND (e.superseded_by IS NULL OR e.superseded_by > h.size) WHERE r.path = %s"
)
_ROOT_OF = "SELECT o.root FROM registers_registerhead o JOIN registers_register p ON p.id = o.register_id"
_ROOT = f", ({_ROOT_OF} WHERE p.path = %s)"


@dataclass(frozen=True)
class Found:
    """A record, the root of its list and those of other lists, in hexadecimal."""

    record: Record
    root: str
    roots: list[str]


def with_roots(path: str, key: str, others: Sequence[str]) -> Found | None:
    """The latest record of a key; None where there is no such list or record."""
    with connection.cursor() as cursor:
        cursor.execute(_SELECT.format(roots=_ROOT * len(others)), [*others, key, path])
        row = cursor.fetchone()
    if row is None:
        return None
    root, number, own, time, digest, item, *roots = row
    record = Change(number, own, time, multihash(bytes(digest)), read_item(item))
    return Found(record, bytes(root).hex(), [bytes(one).hex() for one in roots if one is not None])
