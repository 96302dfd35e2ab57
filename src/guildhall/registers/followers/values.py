"""The follower of indexed values: one narrow row for each value of a field that the standard marks as indexed.

Links to other standards are always indexed. It lets *who uses this product* and filters answer from an index.
"""

from __future__ import annotations

from collections import Counter

from django.db import connection

from guildhall.registers.catalogue import current_standard
from guildhall.registers.models import Entry, Register, Value, ValueCount
from guildhall.registers.queries.records import read_item
from guildhall.schema.model import Standard
from guildhall.schema.order import ranks

NAME = "values"
# Longer values are cut: an index entry must stay small, and nobody filters by an essay.
MAX_VALUE = 256

_SUPERSEDE = (
    "UPDATE registers_value SET superseded_by = %s"
    " WHERE register_id = %s AND key = %s AND number < %s AND superseded_by IS NULL"
)
_COUNT = (
    "INSERT INTO registers_valuecount (register_id, field, value, count) VALUES (%s, %s, %s, %s)"
    " ON CONFLICT (register_id, field, value) DO UPDATE SET count = registers_valuecount.count + excluded.count"
)


def apply(register: Register, entries: list[Entry]) -> None:
    standard = current_standard(register.standard_name)
    if not standard.indexed_names or not entries:
        return
    ended: Counter[tuple[str, str]] = Counter()
    if entries[0].number > 1:
        ended = _values_of(register, [entry.key for entry in entries])
        with connection.cursor() as cursor:
            cursor.executemany(_SUPERSEDE, [(entry.number, register.pk, entry.key, entry.number) for entry in entries])
    rows = [
        Value(register=register, field=field, value=value[:MAX_VALUE], key=entry.key, number=entry.number)
        for entry in entries
        for field, value in _indexed(read_item(entry.item), standard.indexed_names)
    ]
    _rank(rows, standard)
    _supersede_within(rows, entries)
    Value.objects.bulk_create(rows, batch_size=1_000)
    _count(register, standard, rows, ended)


def is_counted(standard: Standard, name: str) -> bool:
    """Whether its values are counted: not where each record has a value of its own, or nearly so."""
    return name in standard.indexed_names and standard.key != (name,) and not standard.field(name).constraints.unique


def _values_of(register: Register, keys: list[str]) -> Counter[tuple[str, str]]:
    """How many of these records have each value now."""
    rows = Value.objects.filter(register=register, key__in=keys, superseded_by=None)
    return Counter(rows.values_list("field", "value"))


def _count(register: Register, standard: Standard, rows: list[Value], ended: Counter[tuple[str, str]]) -> None:
    """Add what is new to the counts, and take away what has ended."""
    counts = Counter((row.field, row.value) for row in rows if row.superseded_by is None)
    counts.subtract(ended)
    counted = {name for name in standard.indexed_names if is_counted(standard, name)}
    changed = [
        (register.pk, field, value, count) for (field, value), count in counts.items() if count and field in counted
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_COUNT, changed)
    if ended:
        ValueCount.objects.filter(register=register, count=0).delete()


def _rank(rows: list[Value], standard: Standard) -> None:
    by_field: dict[str, list[Value]] = {}
    for row in rows:
        by_field.setdefault(row.field, []).append(row)
    for name, same in by_field.items():
        for row, rank in zip(same, ranks(standard.field(name), [row.value for row in same]), strict=True):
            row.rank = rank


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
        pairs += [(field, one) for one in ([value] if isinstance(value, str) else dict.fromkeys(value))]
    return pairs


def clear() -> None:
    Value.objects.all().delete()
    ValueCount.objects.all().delete()
