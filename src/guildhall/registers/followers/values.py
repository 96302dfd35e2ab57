"""The follower of indexed values: one narrow row for each value of a field that the standard marks as indexed.

Links to other standards are always indexed. It lets *who uses this product* and filters answer from an index.
"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

from django.db import connection

from guildhall.registers.catalogue import current_standard
from guildhall.registers.hiding.states import Hidden
from guildhall.registers.models import Entry, Register, Value, ValueCount
from guildhall.registers.queries.records import Item, to_change
from guildhall.schema.items import key_values
from guildhall.schema.model import Standard
from guildhall.schema.order import ranks

NAME = "values"
# An entry of an index must stay small: of longer values the beginning stands there, by which they are sorted, and a
# digest, by which they are told apart.
MAX_VALUE, BEGINNING = 256, 224
_Row = tuple[str, str, float | None, str, int, int | None]

_SUPERSEDE = "UPDATE registers_value SET superseded_by = %s WHERE register_id = %s AND key = %s AND number = %s"
# Without model objects: a large publication brings millions.
_INSERT = (
    "INSERT INTO registers_value (register_id, field, value, rank, key, number, superseded_by)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s)"
)
_DELETE = "DELETE FROM registers_value WHERE id = %s"
_COUNT = (
    "INSERT INTO registers_valuecount (register_id, field, value, count) VALUES (%s, %s, %s, %s)"
    " ON CONFLICT (register_id, field, value) DO UPDATE SET count = registers_valuecount.count + excluded.count"
)
_RECOUNT = (
    "INSERT INTO registers_valuecount (register_id, field, value, count)"
    " SELECT register_id, field, value, COUNT(*) FROM registers_value"
    " WHERE register_id = %s AND field = %s AND superseded_by IS NULL GROUP BY register_id, field, value"
)


def apply(register: Register, entries: list[Entry], hidden: Hidden) -> None:
    standard = current_standard(register.standard_name)
    if not standard.indexed_names or not entries:
        return
    ended = _supersede(register, entries)
    _put_in(register, standard, _rows(standard, entries, _ends(entries), hidden), ended)


def heed(register: Register, entries: list[Entry], hidden: Hidden, size: int) -> None:
    """Take the values of entries out, and in again of those that are shown, as they stand at the size."""
    standard = current_standard(register.standard_name)
    if not standard.indexed_names or not entries:
        return
    numbers = {entry.number for entry in entries}
    # Found by their keys alone: of two long lists in one question SQLite would try every pair.
    known = Value.objects.filter(register=register, key__in={entry.key for entry in entries})
    rows = known.values_list("pk", "number", "superseded_by", "field", "value")
    before = [row for row in rows if row[1] in numbers]
    ended = Counter((field, value) for _, _, superseded_by, field, value in before if superseded_by is None)
    with connection.cursor() as cursor:
        cursor.executemany(_DELETE, [(pk,) for pk, *_ in before])
    ends = {one.number: one.superseded_by if (one.superseded_by or size + 1) <= size else None for one in entries}
    _put_in(register, standard, _rows(standard, entries, ends, hidden), ended)


def shape(standard: Standard) -> object:
    """What of a standard the rows depend on."""
    own = [(name, standard.field(name), is_counted(standard, name)) for name in standard.indexed_names]
    return standard.key, own


def settle(register: Register) -> None:
    """After all entries of a register were taken anew by another version of its standard: count anew."""
    ValueCount.objects.filter(register=register).delete()
    standard = current_standard(register.standard_name)
    counted = [name for name in standard.indexed_names if is_counted(standard, name)]
    with connection.cursor() as cursor:
        cursor.executemany(_RECOUNT, [(register.pk, name) for name in counted])


def kept(value: str) -> str:
    """A value as it stands in the table."""
    if len(value) <= MAX_VALUE:
        return value
    return value[:BEGINNING] + sha256(value.encode()).hexdigest()[: MAX_VALUE - BEGINNING]


def is_counted(standard: Standard, name: str) -> bool:
    """Whether its values are counted: not where each record has a value of its own, or nearly so."""
    return name in standard.indexed_names and standard.key != (name,) and not standard.field(name).constraints.unique


def _supersede(register: Register, entries: list[Entry]) -> Counter[tuple[str, str]]:
    """Mark the values of the records that these entries took the place of. Returns how many there were of each."""
    span = (entries[0].number, entries[-1].number)
    before = Entry.objects.filter(register=register, superseded_by__range=span, number__lt=entries[0].number)
    marks = list(before.values_list("superseded_by", "key", "number"))
    if not marks:
        return Counter()
    rows = Value.objects.filter(register=register, key__in=[key for _, key, _ in marks], superseded_by=None)
    ended = Counter(rows.values_list("field", "value"))
    with connection.cursor() as cursor:
        cursor.executemany(_SUPERSEDE, [(by, register.pk, key, number) for by, key, number in marks])
    return ended


def _ends(entries: list[Entry]) -> dict[int, int | None]:
    """Where the values of each end. A key that stands twice among them: the earlier values end at the later entry."""
    following: dict[str, int] = {}
    ends: dict[int, int | None] = {}
    for entry in reversed(entries):
        ends[entry.number] = following.get(entry.key)
        following[entry.key] = entry.number
    return ends


def _rows(standard: Standard, entries: list[Entry], ends: dict[int, int | None], hidden: Hidden) -> list[_Row]:
    """Field, value, rank, key, number, superseded by: what stands in the table for each value of these entries."""
    found = [
        (field, value, entry.key, entry.number, ends[entry.number])
        for entry in entries
        for field, value in _indexed(_item(standard, entry, hidden), standard.indexed_names)
    ]
    rows: list[_Row] = []
    for name in standard.indexed_names:
        same = [row for row in found if row[0] == name]
        rank = ranks(standard.field(name), [row[1] for row in same])
        for (field, value, key, number, end), by in zip(same, rank, strict=True):
            rows.append((field, kept(value), by, key, number, end))
    return rows


def _item(standard: Standard, entry: Entry, hidden: Hidden) -> Item:
    """Its values as far as they may be shown: what is hidden of a record is not its key."""
    change = to_change(entry, hidden)
    return {**key_values(standard, change.key)} if change.is_hidden else change.item


def _put_in(register: Register, standard: Standard, rows: list[_Row], ended: Counter[tuple[str, str]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, [(register.pk, *row) for row in rows])
    _count(register, standard, rows, ended)


def _count(register: Register, standard: Standard, rows: list[_Row], ended: Counter[tuple[str, str]]) -> None:
    """Add what is new to the counts, and take away what has ended."""
    counts = Counter(
        (field, value) for field, value, _rank, _key, _number, superseded_by in rows if superseded_by is None
    )
    counts.subtract(ended)
    counted = {name for name in standard.indexed_names if is_counted(standard, name)}
    changed = [
        (register.pk, field, value, count) for (field, value), count in counts.items() if count and field in counted
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_COUNT, changed)
    if ended:
        ValueCount.objects.filter(register=register, count=0).delete()


def _indexed(item: Item, fields: tuple[str, ...]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for field in fields:
        value = item.get(field, [])
        pairs += [(field, one) for one in ([value] if isinstance(value, str) else dict.fromkeys(value))]
    return pairs


def clear() -> None:
    Value.objects.all().delete()
    ValueCount.objects.all().delete()
