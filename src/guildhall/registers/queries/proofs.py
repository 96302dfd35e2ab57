"""What an auditor reads of a register: its checkpoint, tiles, bundles and proofs, within the head and never beyond."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from guildhall.kit.exceptions import NotFoundError
from guildhall.log.bundles import HERE, LEAF_SIZE, BundledItem, encode_entries, encode_items
from guildhall.log.leaf import ITEM_SIZE, SALT_SIZE, entry_leaf
from guildhall.log.tiles import HASH_SIZE, TILE_WIDTH, consistency_proof, inclusion_proof, tree_root
from guildhall.registers.errors import UnknownRegisterError
from guildhall.registers.hiding import states
from guildhall.registers.models import Register
from guildhall.registers.queries import registers
from guildhall.registers.stage import StoredTiles


class UnknownTileError(NotFoundError):
    """A tile or bundle beyond the register's head, or of a width that no size up to it has."""

    title = "Not there (yet)"


_HEAD = (
    "SELECT register.id, head.size, head.checkpoint, head.hidden_runs FROM registers_register register"
    " JOIN registers_registerhead head ON head.register_id = register.id WHERE register.path = %s"
)
_BUNDLE = " FROM registers_entry WHERE register_id = %s AND number BETWEEN %s AND %s ORDER BY number"
_LEAVES = "SELECT number, key, time, item_hash" + _BUNDLE
_ITEMS = "SELECT number, salt, item" + _BUNDLE
# What stands for an entry or item that is gone, or that none of ours can be. Only tampering can bring that about. What
# comes after it keeps its place, so that an auditor sees which one it is.
_NO_LEAF = b""
_NO_ITEM = HERE, bytes(SALT_SIZE), b""


def of_path(path: str) -> Proofs:
    """What can be read of a register at its head now, found by one short query. Raises UnknownRegisterError."""
    register_id, size, _, hidden_runs = _head(path)
    return Proofs(Register(pk=register_id, path=path), size, has_hidden=bool(hidden_runs))


def checkpoint(path: str) -> str:
    """The signed checkpoint of a register. Raises UnknownRegisterError."""
    return _head(path)[2]


def _head(path: str) -> tuple[int, int, str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_HEAD, [path])
        row: tuple[int, int, str, int] | None = cursor.fetchone()
    if row is None:
        raise UnknownRegisterError(f"There is no list {path} in this hall.", "Look for it among all lists.")
    return row


@dataclass(frozen=True)
class Proofs:
    """Reads the tree of one register up to `size`, its head. `has_hidden`: some of its values may not be shown."""

    register: Register
    size: int
    has_hidden: bool = True

    def root(self, size: int) -> bytes:
        return tree_root(size, StoredTiles(self.register.pk))

    def inclusion(self, number: int, size: int) -> list[bytes]:
        """The audit path of entry `number` (from 1) in the tree of `size` entries."""
        self._within(1 <= number <= size <= self.size, f"entry {number} in a list of {size}")
        return inclusion_proof(number - 1, size, StoredTiles(self.register.pk))

    def consistency(self, old: int, new: int) -> list[bytes]:
        self._within(0 < old <= new <= self.size, f"sizes {old} and {new}")
        return consistency_proof(old, new, StoredTiles(self.register.pk))

    def tile(self, level: int, index: int, width: int) -> bytes:
        """`width` hashes of a tile. Raises UnknownTileError beyond the head."""
        held = (self.size >> (8 * level)) - index * TILE_WIDTH
        self._within(0 < width <= min(held, TILE_WIDTH), f"tile {index} at level {level}")
        hashes = StoredTiles(self.register.pk)(level, index)
        return hashes[: width * HASH_SIZE]

    def entries(self, index: int, width: int) -> bytes:
        """The entry bundle `index`: leaves as they were hashed. Raises RetiredRegisterError."""
        return encode_entries([_leaf(row) for row in self._run(_LEAVES, index, width)])

    def items(self, index: int, width: int) -> bytes:
        """The item bundle `index`: salts and values as they were hashed, or that they are erased or held.

        Raises RetiredRegisterError.
        """
        rows = self._run(_ITEMS, index, width)
        # Asked after the rows: what was taken down meanwhile is not given out.
        hidden = states.fresh(self.register.pk) if self.has_hidden else states.NOTHING
        first = index * TILE_WIDTH + 1
        return encode_items([_item(row, hidden.state(number)) for number, row in enumerate(rows, first)])

    def _run(self, query: str, index: int, width: int) -> list[Any]:
        """The rows of a bundle, None in the place of one that is gone.

        A full check reads hundreds of bundles a second, so no time may be lost on model objects.
        """
        if self.has_hidden:
            registers.refuse_retired(self.register.path)
        first = index * TILE_WIDTH + 1
        self._within(0 < width <= min(self.size - first + 1, TILE_WIDTH), f"bundle {index}")
        with connection.cursor() as cursor:
            cursor.execute(query, [self.register.pk, first, first + width - 1])
            rows: list[Any] = cursor.fetchall()
        if len(rows) == width:
            return rows
        found = {row[0]: row for row in rows}
        return [found.get(number) for number in range(first, first + width)]

    def _within(self, is_within: bool, what: str) -> None:  # noqa: FBT001 - reads as a sentence where it is called
        if not is_within:
            raise UnknownTileError(
                f"{self.register.path} has no {what}.", f"It has {self.size:,} entries. Read its checkpoint again."
            )


def _leaf(row: Any) -> bytes:
    try:
        leaf = entry_leaf(*row)
    except (TypeError, ValueError, AttributeError, OverflowError, OSError):
        return _NO_LEAF
    return leaf if len(leaf) <= LEAF_SIZE else _NO_LEAF


def _item(row: Any, state: int) -> BundledItem:
    if state != HERE:
        return state, b"", b""
    if row is None:
        return _NO_ITEM
    _, salt, item = row
    if isinstance(item, str):
        item = item.encode()
    if isinstance(salt, bytes) and len(salt) == SALT_SIZE and isinstance(item, bytes) and len(item) <= ITEM_SIZE:
        return HERE, salt, item
    return _NO_ITEM
