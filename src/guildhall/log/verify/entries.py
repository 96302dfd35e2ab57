"""Reading what was signed, quickly where it is plain and strictly always."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Any

from guildhall.log.canonical import CanonicalError, canonical_json
from guildhall.log.leaf import LeafError, parse_leaf, parse_time

# A leaf whose key is plain ASCII without escapes: nearly all are. Anything else is read by parse_leaf.
_PLAIN_LEAF = re.compile(
    rb'\{"blob-hash":"1220([0-9a-f]{64})","entry-number":([1-9][0-9]{0,18}),'
    rb'"entry-timestamp":"([-0-9:TZ]{20})","key":"([ !#-\[\]-~]{1,256})"\}'
)
_DOTS = {b".", b".."}
_CONTROLS = bytes(range(0x20))

Leaf = tuple[int, str, int, str]  # number, key, time in seconds since 1970, hexadecimal hash of the item


def read_leaf(leaf: bytes) -> Leaf:
    """What a leaf says, if it stands exactly as a log writes it. Raises LeafError."""
    if not leaf:
        raise LeafError("nothing is there")
    plain = _PLAIN_LEAF.fullmatch(leaf)
    if plain is None or plain[4] in _DOTS:
        entry = parse_leaf(leaf)
        return entry.number, entry.key, entry.time, entry.digest.hex()
    try:
        time = _time(plain[3])
    except ValueError as error:
        raise LeafError(f"it cannot be read ({error})") from error
    return int(plain[2]), plain[4].decode(), time, plain[1].decode()


@lru_cache(maxsize=64)
def _time(stamp: bytes) -> int:
    return parse_time(stamp.decode())


def is_canonical(item: bytes) -> bool:
    """Whether these bytes are the canonical JSON of a flat object of texts and lists of texts."""
    return (are_plain((item,)) and is_framed(item)) or read_item(item) is not None


def read_item(item: bytes) -> dict[str, Any] | None:
    """The values of an item, or None if it is not one in canonical form."""
    try:
        values = json.loads(item.decode())
        if not isinstance(values, dict) or canonical_json(values) != item:
            return None
    except (ValueError, CanonicalError, RecursionError):
        return None
    return values if all(_is_value(value) for value in values.values()) else None


def _is_value(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))


def are_plain(items: Iterable[bytes]) -> bool:
    """Whether none of these has a backslash, a control character or what is no UTF-8, looked at all at once.

    A character cannot be cut in two between items that are also `is_framed`: these begin and end with a bracket.
    """
    together = b"".join(items)
    if b"\\" in together or len(together.translate(None, _CONTROLS)) != len(together):
        return False
    try:
        together.decode()
    except UnicodeDecodeError:
        return False
    return True


def is_framed(item: bytes) -> bool:
    """Whether this is certainly an item in canonical form, if it is one of those that `are_plain`.

    Without a backslash every `"` is a border, so what lies between them by turns is the frame, the names and the texts.
    """
    parts = item.split(b'"')
    return _is_frame(tuple(parts[0::2]), tuple(parts[1::4]))


@lru_cache(maxsize=256)
def _is_frame(frame: tuple[bytes, ...], names: tuple[bytes, ...]) -> bool:
    """`{` name `:` text `,` name `:` text … `}`, with the names in ASCII and in order. Items of a list share it."""
    wanted = (b"{", *([b":", b","] * len(names))[:-1], b"}")
    in_order = all(left < right for left, right in pairwise(names))
    return bool(names) and frame == wanted and in_order and all(name.isascii() for name in names)
