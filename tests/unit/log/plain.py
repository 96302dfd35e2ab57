"""The tree of RFC 6962 once more, word for word by its recursive definitions: slow, and plain to read."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256


def root(leaves: list[bytes]) -> bytes:
    """MTH of section 2.1, over leaf hashes."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return sha256(b"\x01" + root(leaves[:k]) + root(leaves[k:])).digest()


def audit_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*audit_path(m, leaves[:k]), root(leaves[k:])]
    return [*audit_path(m - k, leaves[k:]), root(leaves[:k])]


def consistency(m: int, leaves: list[bytes]) -> list[bytes]:
    """PROOF of section 2.1.2."""
    return subproof(m, leaves, is_whole=True)


def subproof(m: int, leaves: list[bytes], *, is_whole: bool) -> list[bytes]:
    if m == len(leaves):
        return [] if is_whole else [root(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], is_whole=is_whole), root(leaves[k:])]
    return [*subproof(m - k, leaves[k:], is_whole=False), root(leaves[:k])]


def split(n: int) -> int:
    """The largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def leaves(count: int) -> list[bytes]:
    """Leaf hashes of so many different leaves."""
    return [sha256(b"\x00" + str(number).encode()).digest() for number in range(count)]


class Tiles(dict[tuple[int, int], bytes]):
    """Stored hashes, as a database holds them."""

    def read(self, level: int, index: int) -> bytes:
        return self.get((level, index), b"")

    def reader(self) -> Callable[[int, int], bytes]:
        return self.read
