"""Checking proofs against roots (RFC 6962, section 2.1).

On its way up from a leaf a proof first meets the levels on which the leaf's subtree may have a neighbour to its right,
and above them only neighbours to its left: the second kind are as many as the leaf's place has bits there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from guildhall.log.merkle import EMPTY_ROOT, node_hash


class ProofError(ValueError):
    """A proof that does not show what it should."""


def verify_inclusion(index: int, size: int, leaf_hash: bytes, path: Sequence[bytes], root: bytes) -> None:
    """Raises ProofError unless `path` shows the leaf at `index` (from 0) in the tree of `size` with this root."""
    if not 0 <= index < size:
        raise ProofError(f"There is no leaf {index} in a tree of {size}.")
    found = leaf_hash
    for step, is_left in _steps(index, size, 0, path):
        found = node_hash(step, found) if is_left else node_hash(found, step)
    if found != root:
        raise ProofError("The proof does not lead to the root.")


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Raises ProofError unless `proof` shows that the tree of `old` leaves is the beginning of that of `new`."""
    if not 0 <= old <= new:
        raise ProofError(f"A tree of {old} cannot be the beginning of one of {new}.")
    if old in {0, new}:
        if proof or old_root != (new_root if old == new else EMPTY_ROOT):
            raise ProofError("The roots differ.")
        return
    # The old tree's last whole subtree, from which both roots are reached.
    height = (old & -old).bit_length() - 1
    seed, path = (old_root, proof) if old == 1 << height else (b"".join(proof[:1]), proof[1:])
    first = second = seed
    for step, is_left in _steps(old - 1, new, height, path):
        if is_left:
            first = node_hash(step, first)
        second = node_hash(step, second) if is_left else node_hash(second, step)
    if first != old_root or second != new_root:
        raise ProofError("The proof does not lead to both roots.")


def _steps(index: int, size: int, height: int, path: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each step of a path that begins at `height` above leaf `index`, and whether it lies to the left."""
    inner = (index ^ (size - 1)).bit_length()
    lefts_above = (index >> inner).bit_count()
    if len(path) != inner - height + lefts_above:
        raise ProofError("The proof is not as long as it should be.")
    for level, step in enumerate(path, height):
        yield step, level >= inner or bool(index >> level & 1)
