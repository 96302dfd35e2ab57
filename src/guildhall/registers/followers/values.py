"""The follower of indexed values: one narrow row for each value of a field that the standard marks as indexed.

Links to other standards are always indexed. It lets *who uses this product* and filters answer from an index.
"""

from __future__ import annotations

import json

from django.db import connection

from guildhall.registers.catalogue import current_standard
from guildhall.registers.models import Entry, Register, Value

NAME = "values"
# Longer values are cut: an index entry must stay small, and nobody filters by an essay.
MAX_VALUE = 256

_SUPERSEDE = (
    "UPDATE registers_value SET superseded_by = %s"
    " WHERE register_id = %s AND key = %s AND number < %s AND superseded_by IS NULL"
)


def apply(register: Register, entries: list[Entry]) -> None:
    fields = current_standard(register.standard_name).indexed_names
    if not fields or not entries:
        return
    if entries[0].number > 1:
        with connection.cursor() as cursor:
            cursor.executemany(_SUPERSEDE, [(entry.number, register.pk, entry.key, entry.number) for entry in entries])
    rows = [
        Value(register=register, field=field, value=value[:MAX_VALUE], key=entry.key, number=entry.number)
        for entry in entries
        for field, value in _indexed(json.loads(bytes(entry.item)), fields)
    ]
    _supersede_within(rows, entries)
    Value.objects.bulk_create(rows, batch_size=1_000)


def _supersede_within(rows: list[Value], entries: list[Entry]) -> None:
    """A key that stands twice in the step: the earlier values end at the later entry."""
    following: dict[str, int] = {}
    ends: dict[int, int | None] = {}
    for entry in reversed(entries):
        ends[entry.number] = following.get(entry.key)
        following[entry.key] = entry.number
    for row in rows:
        row.superseded_by = ends[row.number]


def _indexed(item: dict[str, str | list[str]], fields: tuple[str, ...]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for field in fields:
        value = item.get(field, [])
        pairs += [(field, one) for one in ([value] if isinstance(value, str) else value)]
    return pairs


def clear() -> None:
    Value.objects.all().delete()
