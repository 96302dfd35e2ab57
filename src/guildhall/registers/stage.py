"""Staging: entries written beyond a register's head, where nobody reads them until the head moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import connection

from guildhall.log.leaf import ITEM_SIZE, LeafError, check_key, entry_leaf, new_salts
from guildhall.log.tiles import TILE_WIDTH, TreeWriter
from guildhall.registers.lease import Lease, brief
from guildhall.registers.models import Register, Tile
from guildhall.registers.statements import fetch

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

_HASH_SIZE = 32
_ENTRY_COLUMNS = "register_id, number, key, time, item_hash, salt, item"
_INSERT_ENTRY = f"INSERT INTO registers_entry ({_ENTRY_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s)"  # noqa: S608
_COPY_ENTRY = f"COPY registers_entry ({_ENTRY_COLUMNS}) FROM STDIN (FORMAT BINARY)"
_COPY_TYPES = ("int8", "int8", "varchar", "int8", "bytea", "bytea", "bytea")
_SUPERSEDE = (
    "UPDATE registers_entry SET superseded_by = %s"
    " WHERE register_id = %s AND key = %s AND number < %s AND superseded_by IS NULL"
)
_UPSERT_TILE = (
    'INSERT INTO registers_tile (register_id, level, "index", hashes) VALUES (%s, %s, %s, %s)'
    ' ON CONFLICT (register_id, level, "index") DO UPDATE SET hashes = excluded.hashes'
)
_TILE = 'SELECT hashes FROM registers_tile WHERE register_id = %s AND level = %s AND "index" = %s'
_HAS_LEFT = (
    "SELECT EXISTS (SELECT 1 FROM registers_entry entry WHERE entry.register_id = head.register_id"
    " AND entry.number > head.size) FROM registers_registerhead head WHERE head.register_id = %s"
)
_SWEEP_AT_ONCE = 5_000

Row = tuple[int, int, str, int, bytes, bytes, bytes]


@dataclass(frozen=True)
class StoredTiles:
    """Reads stored hashes for the tree: (level, index) -> hashes, empty where there are none."""

    register_id: int

    def __call__(self, level: int, index: int) -> bytes:
        found = fetch(_TILE, [self.register_id, level, index])
        return bytes(found[0][0]) if found else b""


@dataclass
class Stage:
    """Takes rows that are new or changed, numbers them on from the head, and writes them under the lease."""

    lease: Lease
    tree: TreeWriter  # of the register's head
    time: int

    def __post_init__(self) -> None:
        self.size = self.tree.size  # at the head

    def write(self, keys: Sequence[str], items: Sequence[bytes], superseding: Sequence[str]) -> None:
        """One short transaction: entries, the marks on those they supersede, and the tree's hashes."""
        first = self.tree.size + 1
        _refuse_unfit(keys, items)
        rows, leaves = self._prepare(first, keys, items)
        tiles = self.tree.append(leaves)
        register_id = self.lease.register_id
        with brief():
            self.lease.hold()
            with connection.cursor() as cursor:
                if superseding:
                    numbers = {key: number for number, key in enumerate(keys, first)}
                    marks = [(numbers[key], register_id, key, numbers[key]) for key in superseding]
                    cursor.executemany(_SUPERSEDE, marks)
                _insert_entries(cursor, rows)
                cursor.executemany(
                    _UPSERT_TILE, [(register_id, level, index, hashes) for (level, index), hashes in tiles.items()]
                )

    def _prepare(self, first: int, keys: Sequence[str], items: Sequence[bytes]) -> tuple[list[Row], list[bytes]]:
        """Salt and hash the items and make the leaves: outside any transaction."""
        register_id, time = self.lease.register_id, self.time
        rows: list[Row] = []
        leaves: list[bytes] = []
        for number, key, item, salt in zip(
            range(first, first + len(keys)), keys, items, new_salts(len(keys)), strict=True
        ):
            digest = sha256(salt + item).digest()
            rows.append((register_id, number, key, time, digest, salt, item))
            leaves.append(sha256(b"\x00" + entry_leaf(number, key, time, digest)).digest())
        return rows, leaves


def _refuse_unfit(keys: Sequence[str], items: Sequence[bytes]) -> None:
    """The last look at what will be signed for ever. Rows were checked before, so this is a mistake in a program."""
    for key in keys:
        check_key(key)
    if max(map(len, items), default=0) > ITEM_SIZE:
        raise LeafError(f"its item has more than {ITEM_SIZE:,} bytes")


def has_left(register: Register) -> bool:
    """Whether anything stands beyond the head: a publisher is at work, or died."""
    return bool(fetch(_HAS_LEFT, [register.pk])[0][0])


def sweep(lease: Lease, size: int) -> None:
    """Clear what a publisher that died left beyond the head `size`: chunk by chunk, marks and rows together."""
    register_id = lease.register_id
    while True:
        with brief(), connection.cursor() as cursor:
            lease.hold()
            cursor.execute("SELECT max(number) FROM registers_entry WHERE register_id = %s", [register_id])
            last = cursor.fetchone()[0] or 0
            if last <= size:
                return
            # From the end backwards: what is left stays a run without a gap.
            start = max(size, last - _SWEEP_AT_ONCE)
            cursor.execute(
                "UPDATE registers_entry SET superseded_by = NULL WHERE register_id = %s AND superseded_by > %s",
                [register_id, start],
            )
            cursor.execute("DELETE FROM registers_entry WHERE register_id = %s AND number > %s", [register_id, start])
            _cut_tiles(cursor, register_id, start)


def _cut_tiles(cursor: CursorWrapper, register_id: int, size: int) -> None:
    """Drop stored hashes of entries beyond `size`."""
    width, level = size, 0
    while True:
        full, rest = divmod(width, TILE_WIDTH)
        cursor.execute(
            'DELETE FROM registers_tile WHERE register_id = %s AND level = %s AND "index" >= %s',
            [register_id, level, full + bool(rest)],
        )
        gone = cursor.rowcount
        if rest:
            tile = Tile.objects.filter(register_id=register_id, level=level, index=full)
            hashes = bytes(tile.values_list("hashes", flat=True).get())
            tile.update(hashes=hashes[: rest * _HASH_SIZE])
        width, level = full, level + 1
        if width == 0 and not gone and level > 1:
            return


def _insert_entries(cursor: CursorWrapper, rows: list[Row]) -> None:
    if connection.vendor != "postgresql":
        cursor.executemany(_INSERT_ENTRY, rows)
        return
    with cursor.copy(_COPY_ENTRY) as copy:
        copy.set_types(_COPY_TYPES)
        for row in rows:
            copy.write_row(row)
