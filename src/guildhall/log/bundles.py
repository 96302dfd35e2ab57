"""Bundles of up to 256 entries (C2SP tlog-tiles) and, beside them, of their items: the exact bytes that were hashed.

An entry is a big-endian uint16 length and its leaf. An item is one byte of state and, if it is here, its salt, a
big-endian uint32 length and its bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from struct import Struct, error, pack

from guildhall.log.leaf import ITEM_SIZE, SALT_SIZE

HERE, ERASED, HELD = 0, 1, 2

_LENGTH = Struct(">H")
_ITEM_LENGTH = Struct(">I")
_HEAD_SIZE = 1 + SALT_SIZE + _ITEM_LENGTH.size

State = int
BundledItem = tuple[State, bytes, bytes]  # state, salt, item; the last two are empty unless it is here

# The longest leaf and bundles that there can be: an escaped character of a key takes six bytes.
LEAF_SIZE = 2_048
ENTRIES_SIZE = 256 * (_LENGTH.size + LEAF_SIZE)
ITEMS_SIZE = 256 * (_HEAD_SIZE + ITEM_SIZE)


class BundleError(ValueError):
    """Bytes that are no bundle of so many entries or items."""


def encode_entries(leaves: Iterable[bytes]) -> bytes:
    return b"".join([_LENGTH.pack(len(leaf)) + leaf for leaf in leaves])


def decode_entries(data: bytes, count: int) -> list[bytes]:
    """The leaves of a bundle of `count` entries. Raises BundleError unless there are exactly so many."""
    leaves = []
    at = 0
    try:
        for _ in range(count):
            (length,) = _LENGTH.unpack_from(data, at)
            at += 2 + length
            leaves.append(data[at - length : at])
    except error:
        raise BundleError("it is cut short") from None
    _ends(at, data)
    return leaves


def encode_items(items: Iterable[BundledItem]) -> bytes:
    """Of what is erased or held, the state alone is given."""
    parts = []
    for state, salt, item in items:
        if state == HERE:
            parts.append(b"\x00" + salt + _ITEM_LENGTH.pack(len(item)) + item)
        else:
            parts.append(pack("B", state))
    return b"".join(parts)


def decode_items(data: bytes, count: int) -> list[BundledItem]:
    """The items of a bundle of `count`. Raises BundleError unless there are exactly so many, of known states."""
    items: list[BundledItem] = []
    at = 0
    try:
        for _ in range(count):
            state = data[at]
            if state == HERE:
                (length,) = _ITEM_LENGTH.unpack_from(data, at + 1 + SALT_SIZE)
                start = at + _HEAD_SIZE
                items.append((HERE, data[at + 1 : at + 1 + SALT_SIZE], data[start : start + length]))
                at = start + length
            elif state in {ERASED, HELD}:
                items.append((state, b"", b""))
                at += 1
            else:
                raise BundleError(f"it has an item of the unknown state {state}")
    except (error, IndexError):
        raise BundleError("it is cut short") from None
    _ends(at, data)
    return items


def _ends(at: int, data: bytes) -> None:
    if at != len(data):
        raise BundleError("it is cut short" if at > len(data) else "there is more in it than its entries")
