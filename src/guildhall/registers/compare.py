"""What publishing a file would do: which rows are new, changed or unchanged, and which records it no longer has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import compress, islice
from typing import TYPE_CHECKING

from django.db import connection

from guildhall.log.bundles import ERASED, HERE
from guildhall.log.leaf import item_hash
from guildhall.registers.errors import RepeatedKeyError
from guildhall.registers.hiding import states
from guildhall.registers.hiding.states import Hidden
from guildhall.registers.models import Register
from guildhall.registers.queries.records import read_item
from guildhall.registers.statements import fetch

if TYPE_CHECKING:
    from guildhall.registers.rows import Rows

UNCHANGED, ADDED, CHANGED = 0, 1, 2
EXAMPLES = 5
# SQLite takes 32,766 parameters and PostgreSQL 65,535 in one statement.
_KEYS_AT_ONCE = 5_000
_HEAD = "SELECT size, hidden_version, hidden_runs FROM registers_registerhead WHERE register_id = %s"

type _Known = tuple[int, bytes, bytes]  # of a record: the number of its entry, salt and item hash

Progress = Callable[[str, int, int], None]  # stage, rows done, rows in all


def no_progress(stage: str, done: int, total: int) -> None:
    """For callers that show none."""


@dataclass
class Comparison:
    """`marks` has one of UNCHANGED, ADDED, CHANGED for each row.

    It holds while the head is still `size` and its hidden entries are those of `hidden_version`. `hidden` are the keys
    of rows that would bring back a record that was erased, or is held: they are marked CHANGED.
    """

    size: int
    marks: bytearray
    hidden_version: int = 0
    hidden: list[str] = field(default_factory=list)
    added: int = 0
    changed: int = 0
    missing: list[str] = field(default_factory=list)
    examples: dict[int, list[str]] = field(default_factory=lambda: {ADDED: [], CHANGED: []})

    @property
    def unchanged(self) -> int:
        return len(self.marks) - self.added - self.changed

    def note(self, keys: list[str], marks: bytes) -> None:
        """Take the marks of a slice of rows."""
        self.marks += marks
        self.added += marks.count(ADDED)
        self.changed += marks.count(CHANGED)
        for mark, examples in self.examples.items():
            marked = (key for key, one in zip(keys, marks, strict=True) if one == mark)
            examples.extend(islice(marked, EXAMPLES - len(examples)))


def compare(
    register: Register | None,
    rows: Rows,
    *,
    find_missing: bool = True,
    end_field: str | None = None,
    on_progress: Progress = no_progress,
) -> Comparison:
    """Compare rows with the records at the head now, or with nothing where there is no register yet. Reads only.

    `missing` are the keys that the rows lack, without those whose record has an `end_field` already, or is hidden. To
    find them takes a look at every record, so they are found only where they are wanted. Raises RepeatedKeyError.
    """
    size, version, hidden_runs = fetch(_HEAD, [register.pk])[0] if register else (0, 0, 0)
    result = Comparison(size, bytearray(), version)
    hidden = states.fresh(register.pk) if register and hidden_runs else states.NOTHING
    seen: set[str] = set()
    total = len(rows)
    for keys, marks in _marked(register.pk, rows, result, hidden) if register and size else _all_added(rows):
        before = len(seen)
        seen.update(keys)
        if len(seen) != before + len(keys):
            raise _repeated(rows)
        result.note(keys, marks)
        on_progress("compare", len(seen), total)
    if register and size and find_missing:
        result.missing = list(_missing(register.pk, size, seen, hidden, end_field))
    return result


def _all_added(rows: Rows) -> Iterator[tuple[list[str], bytes]]:
    """Of a register without records every row is new, whatever its item."""
    for keys in rows.key_slices():
        yield keys, bytes([ADDED]) * len(keys)


def _marked(register_id: int, rows: Rows, result: Comparison, hidden: Hidden) -> Iterator[tuple[list[str], bytes]]:
    """The keys of each slice, and a mark for each key."""
    for keys, items in rows.slices():
        current = _current_hashes(register_id, result.size, keys)
        marks = bytes(_mark(current.get(key), item) for key, item in zip(keys, items, strict=True))
        if hidden:
            back = [_comes_back(current.get(key), mark, hidden) for key, mark in zip(keys, marks, strict=True)]
            result.hidden += compress(keys, back)
            marks = bytes(CHANGED if one else mark for one, mark in zip(back, marks, strict=True))
        yield keys, marks


def _comes_back(known: _Known | None, mark: int, hidden: Hidden) -> bool:
    """Whether a row would show again what was taken down. The very values that are held change nothing."""
    state = hidden.state(known[0]) if known else HERE
    return state == ERASED or (state != HERE and mark == CHANGED)


def _mark(known: _Known | None, item: bytes) -> int:
    """What is known of the record that the key has now."""
    if known is None:
        return ADDED
    _, salt, digest = known
    return UNCHANGED if item_hash(salt, item) == digest else CHANGED


def _repeated(rows: Rows) -> RepeatedKeyError:
    seen: set[str] = set()
    for keys in rows.key_slices():
        for key in keys:
            if key in seen:
                return RepeatedKeyError(
                    f"The key {key} stands twice in what was to be published.", "Keep one row for each key."
                )
            seen.add(key)
    raise AssertionError("asked for a repeated key where there is none")


def _current_hashes(register_id: int, size: int, keys: list[str]) -> dict[str, _Known]:
    """Number, salt and item hash of the record of each key that has one at `size`."""
    found: dict[str, _Known] = {}
    with connection.cursor() as cursor:
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            some = keys[start : start + _KEYS_AT_ONCE]
            marks = ",".join(["%s"] * len(some))
            cursor.execute(
                f"SELECT key, number, salt, item_hash FROM registers_entry WHERE register_id = %s AND key IN ({marks})"  # noqa: S608 - marks only
                " AND number <= %s AND (superseded_by IS NULL OR superseded_by > %s)",
                [register_id, *some, size, size],
            )
            found.update({key: (number, bytes(salt), bytes(digest)) for key, number, salt, digest in cursor})
    return found


def _missing(register_id: int, size: int, seen: set[str], hidden: Hidden, end_field: str | None) -> Iterator[str]:
    """Read by key, some at a time: a register may hold more than memory does."""
    after = ""
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT key, number, item FROM registers_entry WHERE register_id = %s AND key > %s AND number <= %s"
                " AND (superseded_by IS NULL OR superseded_by > %s) ORDER BY key LIMIT %s",
                [register_id, after, size, size, _KEYS_AT_ONCE],
            )
            found = cursor.fetchall()
            for key, number, item in found:
                if key in seen or hidden.state(number) != HERE:
                    continue
                if not (end_field and end_field in read_item(item)):
                    yield key
            if len(found) < _KEYS_AT_ONCE:
                return
            after = found[-1][0]
