"""Proofs that hold, and every way to spoil one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.log.merkle import EMPTY_ROOT
from guildhall.log.proofs import ProofError, verify_consistency, verify_inclusion
from unit.log import plain

MOST = 70
ALL = plain.leaves(MOST)
OTHER = b"\x55" * 32


@pytest.mark.parametrize("size", range(1, MOST + 1))
def test_verify_inclusion_of_every_leaf_holds_and_no_other_does(size: int) -> None:
    leaves = ALL[:size]
    root = plain.root(leaves)
    for index, leaf in enumerate(leaves):
        path = plain.audit_path(index, leaves)
        verify_inclusion(index, size, leaf, path, root)
        spoiled = [
            (index, size, OTHER, path, root),
            (index, size, leaf, path, OTHER),
            (index, size, leaf, [*path, OTHER], root),
            (index, size, leaf, path[:-1], root) if path else (-1, size, leaf, path, root),
            (size, size, leaf, path, root),
            *((index, size, leaf, [*path[:at], OTHER, *path[at + 1 :]], root) for at in range(len(path))),
        ]
        for arguments in spoiled:
            with pytest.raises(ProofError):
                verify_inclusion(*arguments)


@given(st.data())
def test_verify_inclusion_at_another_place_fails(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, MOST))
    index, other = data.draw(st.lists(st.integers(0, size - 1), min_size=2, max_size=2, unique=True))
    with pytest.raises(ProofError):
        verify_inclusion(other, size, ALL[index], plain.audit_path(index, ALL[:size]), plain.root(ALL[:size]))


@given(st.data())
def test_verify_consistency_holds_and_no_spoiled_one_does(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, MOST))
    old = data.draw(st.integers(1, new))
    proof = plain.consistency(old, ALL[:new])
    roots = plain.root(ALL[:old]), plain.root(ALL[:new])
    verify_consistency(old, new, proof, *roots)
    spoiled = [
        (old, new, [*proof, OTHER], *roots),
        (old, new, proof, OTHER, roots[1]),
        (old, new, proof, roots[0], OTHER),
        (old, old - 1, proof, *roots),
        *((old, new, [*proof[:at], OTHER, *proof[at + 1 :]], *roots) for at in range(len(proof))),
        *((old, new, proof[:at], *roots) for at in range(len(proof))),
    ]
    for arguments in spoiled:
        with pytest.raises(ProofError):
            verify_consistency(*arguments)


def test_verify_consistency_with_nothing_holds_for_every_tree() -> None:
    verify_consistency(0, 5, [], EMPTY_ROOT, plain.root(ALL[:5]))
    verify_consistency(0, 0, [], EMPTY_ROOT, EMPTY_ROOT)
    with pytest.raises(ProofError):
        verify_consistency(0, 5, [], OTHER, plain.root(ALL[:5]))


def test_verify_consistency_of_a_fork_fails() -> None:
    """Two trees of 5 and 8 that differ in the second leaf: no proof of the one joins them."""
    forked = [ALL[0], OTHER, *ALL[2:8]]
    with pytest.raises(ProofError):
        verify_consistency(5, 8, plain.consistency(5, forked), plain.root(ALL[:5]), plain.root(forked))
