"""A log's tree as tiles of up to 256 hashes (https://c2sp.org/tlog-tiles), read and written without holding it whole.

Level 0 holds leaf hashes; a hash at level L+1 is the root of one full tile at level L.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from guildhall.log.merkle import EMPTY_ROOT, node_hash, root_of

HASH_SIZE = 32
TILE_WIDTH = 256
_HEIGHT = 8  # of the subtree over one tile

# (level, index) -> the stored hashes of a tile, of later entries too; empty where there are none.
ReadTile = Callable[[int, int], bytes]


class TileError(ValueError):
    """Stored hashes are missing or cut short."""


class TilePathError(ValueError):
    """A path that is not that of a tile or bundle."""


class TreeWriter:
    """Appends to a tree of `size` entries. Keeps the right edge only: fewer than 256 hashes a level."""

    def __init__(self, size: int, read: ReadTile) -> None:
        self.size = size
        self._edges: list[list[bytes]] = []
        level = 0
        while (count := size >> (_HEIGHT * level)) > 0:
            index, width = divmod(count, TILE_WIDTH)
            self._edges.append(_stored(read, level, index, 0, width) if width else [])
            level += 1

    def append(self, leaves: Iterable[bytes]) -> dict[tuple[int, int], bytes]:
        """Append leaf hashes. Returns every tile that changed, (level, index) -> all its hashes."""
        changed: dict[tuple[int, int], bytes] = {}
        fresh = list(leaves)
        before, self.size = self.size, self.size + len(fresh)
        level = 0
        while fresh:
            if level == len(self._edges):
                self._edges.append([])
            edge = self._edges[level]
            index = (before >> (_HEIGHT * level)) // TILE_WIDTH
            hashes = edge + fresh
            fresh = []
            for start in range(0, len(hashes), TILE_WIDTH):
                tile = hashes[start : start + TILE_WIDTH]
                changed[level, index] = b"".join(tile)
                index += 1
                if len(tile) == TILE_WIDTH:
                    fresh.append(root_of(tile))
            self._edges[level] = hashes[len(hashes) - len(hashes) % TILE_WIDTH :]
            level += 1
        return changed

    def root(self) -> bytes:
        """From the right edge upwards: what lies to the right of a level's hashes counts as one more of them."""
        beyond: list[bytes] = []
        for edge in self._edges:
            row = edge + beyond
            beyond = [root_of(row)] if row else []
        return beyond[0] if beyond else EMPTY_ROOT


def tree_root(size: int, read: ReadTile) -> bytes:
    """The root over the first `size` entries. Raises TileError."""
    return _Tree(read).root(0, size) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, read: ReadTile) -> list[bytes]:
    """The audit path of leaf `index` (from 0) in the tree of `size` (RFC 6962, 2.1.1). Raises TileError."""
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} in a tree of {size}")
    tree, path = _Tree(read), []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(tree.root(middle, end))
            end = middle
        else:
            path.append(tree.root(start, middle))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, read: ReadTile) -> list[bytes]:
    """That the tree of `old` is the beginning of that of `new` (RFC 6962, 2.1.2). Raises TileError."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {old} cannot be the beginning of one of {new}")
    if old in {0, new}:
        return []
    tree, path = _Tree(read), []
    start, end = 0, new
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(tree.root(middle, end))
            end = middle
        else:
            path.append(tree.root(start, middle))
            start = middle
    if start:
        # The old tree's last subtree; the whole old tree need not be given: its root is known.
        path.append(tree.root(start, end))
    return path[::-1]


class _Tree:
    """Roots of runs of leaves, worked out from tiles, each of which is read once."""

    def __init__(self, read: ReadTile) -> None:
        self._read = read
        self._tiles: dict[tuple[int, int], bytes] = {}

    def root(self, start: int, end: int) -> bytes:
        """Over leaves `start` to `end`, where `start` lies on a border of a subtree as large as the run's largest."""
        found: bytes | None = None
        # The peaks of the run, from the smallest at its right end.
        position, rest = end, end - start
        while rest:
            height = (rest & -rest).bit_length() - 1
            position -= 1 << height
            rest -= 1 << height
            peak = self._subtree(height, position >> height)
            found = peak if found is None else node_hash(peak, found)
        return EMPTY_ROOT if found is None else found

    def _subtree(self, height: int, index: int) -> bytes:
        """The root of the whole subtree of 2^height leaves, the `index`-th of that height."""
        level, rest = divmod(height, _HEIGHT)
        tile, offset = divmod(index << rest, TILE_WIDTH)
        return root_of(_stored(self._once, level, tile, offset, 1 << rest))

    def _once(self, level: int, index: int) -> bytes:
        if (level, index) not in self._tiles:
            self._tiles[level, index] = self._read(level, index)
        return self._tiles[level, index]


def _stored(read: ReadTile, level: int, index: int, offset: int, count: int) -> list[bytes]:
    data = read(level, index)
    end = offset + count
    if len(data) < end * HASH_SIZE:
        raise TileError(f"Tile {index} at level {level} should hold {end} hashes and has {len(data) // HASH_SIZE}.")
    return split_hashes(data)[offset:end]


def split_hashes(data: bytes) -> list[bytes]:
    return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]


def _split(count: int) -> int:
    """The largest power of two smaller than `count`."""
    return 1 << ((count - 1).bit_length() - 1)


# ---- paths

_KINDS = ("entries", "items")
_HASHES = "hashes"
_PATH = re.compile(
    r"tile/(?P<what>entries|items|0|[1-9][0-9]?)/(?P<groups>(?:x[0-9]{3}/){0,5})(?P<last>[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)
_MOST_LEVELS = 8  # 256^8 entries are 2^64


@dataclass(frozen=True)
class TilePath:
    """What a path names: `kind` is `hashes`, `entries` or `items`; `level` counts for hashes only."""

    kind: str
    level: int
    index: int
    width: int


def tile_path(level: int, index: int, width: int) -> str:
    """Such as `tile/0/x001/x234/067`, and `….p/5` for a tile of 5 hashes."""
    return _path(str(level), index, width)


def bundle_path(kind: str, index: int, width: int) -> str:
    """Such as `tile/entries/x001/067.p/5`; `kind` is `entries` or `items`."""
    if kind not in _KINDS:
        raise ValueError(f"there are no bundles of {kind}")
    return _path(kind, index, width)


def parse_tile_path(path: str) -> TilePath:
    """Read a path that `tile_path` or `bundle_path` would write. Raises TilePathError for any other."""
    found = _PATH.fullmatch(path)
    if found:
        what = found["what"]
        index = int(found["groups"].replace("x", "").replace("/", "") + found["last"])
        width = int(found["width"] or TILE_WIDTH)
        parsed = TilePath(what, 0, index, width) if what in _KINDS else TilePath(_HASHES, int(what), index, width)
        if parsed.level < _MOST_LEVELS and 0 < width <= TILE_WIDTH and _path(what, index, width) == path:
            return parsed
    raise TilePathError(f"{path[:100]} names no tile or bundle.")


def _path(what: str, index: int, width: int) -> str:
    if not 0 < width <= TILE_WIDTH or index < 0:
        raise ValueError(f"there is no tile {index} of width {width}")
    groups = f"{index % 1000:03}"
    while index := index // 1000:
        groups = f"x{index % 1000:03}/{groups}"
    return f"tile/{what}/{groups}" + (f".p/{width}" if width < TILE_WIDTH else "")
