"""One record with all that its answer depends on, in one statement: what programs ask for most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from guildhall.registers.hiding import states
from guildhall.registers.queries.records import Record, change

_SELECT = (
    "SELECT r.id, h.hidden_runs, h.root, e.number, e.key, e.time, e.item_hash, e.item{roots}"
    " FROM registers_register r JOIN registers_registerhead h ON h.register_id = r.id"
    " JOIN registers_entry e ON e.register_id = r.id AND e.key = %s AND e.number <= h.size"
    " AND (e.superseded_by IS NULL OR e.superseded_by > h.size) WHERE r.path = %s AND NOT h.is_retired"
)
_COLUMNS = 5  # those of the entry
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
    register_id, hidden_runs, root, *columns = row
    roots = [bytes(one).hex() for one in columns[_COLUMNS:] if one is not None]
    # One more question only where something of the list is hidden.
    hidden = states.fresh(register_id) if hidden_runs else states.NOTHING
    return Found(change(hidden, *columns[:_COLUMNS]), bytes(root).hex(), roots)
