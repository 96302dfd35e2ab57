"""The files of one list in the order of its entries, fetched a few ahead: memory does not grow with the list."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from guildhall.log.bundles import ENTRIES_SIZE, ITEMS_SIZE, BundleError, decode_entries, decode_items
from guildhall.log.tiles import HASH_SIZE, TILE_WIDTH, bundle_path, split_hashes, tile_path
from guildhall.log.verify.sources import CONNECTIONS, NotThereError, Place

# Runs of 256 entries fetched ahead of the one that is checked. Bounds memory, at the worst some 17 MB each.
_AHEAD = 4


@dataclass(frozen=True)
class Kind:
    """One kind of file, and how its bytes are read into as many parts as it has entries."""

    path: Callable[[int, int], str]  # index, width
    limit: int
    decode: Callable[[bytes, int], list[Any]]


def _hashes(data: bytes, count: int) -> list[bytes]:
    if len(data) != count * HASH_SIZE:
        raise BundleError("it does not hold as many hashes as it should")
    return split_hashes(data)


ENTRIES = Kind(lambda index, width: bundle_path("entries", index, width), ENTRIES_SIZE, decode_entries)
ITEMS = Kind(lambda index, width: bundle_path("items", index, width), ITEMS_SIZE, decode_items)
HASHES = Kind(lambda index, width: tile_path(0, index, width), TILE_WIDTH * HASH_SIZE, _hashes)


def in_order(place: Place, size: int, kinds: Sequence[Kind]) -> Iterator[tuple[int, list[list[Any]]]]:
    """The number of a run's first entry, and its parts for each kind. Raises SourceError, BundleError."""
    waiting: deque[tuple[int, list[Future[list[Any]]]]] = deque()
    threads = ThreadPoolExecutor(CONNECTIONS)
    try:
        for first in range(1, size + 1, TILE_WIDTH):
            waiting.append((first, [threads.submit(run_of, place, kind, first, size) for kind in kinds]))
            if len(waiting) > _AHEAD:
                yield _arrived(waiting.popleft())
        while waiting:
            yield _arrived(waiting.popleft())
    finally:
        threads.shutdown(cancel_futures=True)


def _arrived(waiting: tuple[int, list[Future[list[Any]]]]) -> tuple[int, list[list[Any]]]:
    first, parts = waiting
    return first, [part.result() for part in parts]


def run_of(place: Place, kind: Kind, number: int, size: int) -> list[Any]:
    """The parts of the file that holds entry `number` in the list of `size`. Raises SourceError, BundleError."""
    index = (number - 1) // TILE_WIDTH
    width = min(TILE_WIDTH, size - index * TILE_WIDTH)
    try:
        return kind.decode(place.read(kind.path(index, width), kind.limit), width)
    except NotThereError:
        # A list that has grown since need not keep the shorter file: the full one begins with the same.
        if width == TILE_WIDTH:
            raise
        return kind.decode(place.read(kind.path(index, TILE_WIDTH), kind.limit), TILE_WIDTH)[:width]


def part_of(place: Place, kind: Kind, number: int, size: int) -> Any:
    """The part for entry `number` alone."""
    return run_of(place, kind, number, size)[(number - 1) % TILE_WIDTH]
