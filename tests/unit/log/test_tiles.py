"""Trees written in pieces, read back as tiles, at every size that they ever had."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildhall.log.merkle import EMPTY_ROOT, leaf_hash, root_of
from guildhall.log.proofs import verify_consistency, verify_inclusion
from guildhall.log.tiles import (
    TileError,
    TilePath,
    TilePathError,
    TreeWriter,
    bundle_path,
    consistency_proof,
    inclusion_proof,
    parse_tile_path,
    tile_path,
    tree_root,
)
from unit.log import plain
from unit.log.test_merkle import CONSISTENCY, INCLUSION, LEAVES

MOST = 1_100
ALL = plain.leaves(MOST)
LARGE = plain.leaves(66_000)


def written(leaves: list[bytes]) -> plain.Tiles:
    tiles = plain.Tiles()
    tiles.update(TreeWriter(0, tiles.reader()).append(leaves))
    return tiles


WHOLE = written(ALL)
LARGE_TILES = written(LARGE)


@given(st.lists(st.integers(0, 300), max_size=8), st.lists(st.booleans(), min_size=8, max_size=8))
def test_append_in_pieces_is_as_at_once_and_as_defined(pieces: list[int], starts_again: list[bool]) -> None:
    tiles, start = plain.Tiles(), 0
    writer = TreeWriter(0, tiles.reader())
    for piece, again in zip(pieces, starts_again, strict=False):
        end = min(start + piece, MOST)
        if again:
            writer = TreeWriter(start, tiles.reader())  # a new program goes on from what is stored
        tiles.update(writer.append(ALL[start:end]))
        start = end
        assert writer.size == start
        assert writer.root() == plain.root(ALL[:start]) == tree_root(start, tiles.reader())
    assert tiles == written(ALL[:start])


def test_append_returns_whole_tiles_that_changed_and_no_others() -> None:
    tiles = plain.Tiles()
    writer = TreeWriter(0, tiles.reader())
    tiles.update(writer.append(ALL[:257]))
    assert {place: len(hashes) // 32 for place, hashes in tiles.items()} == {(0, 0): 256, (0, 1): 1, (1, 0): 1}
    changed = writer.append(ALL[257:258])
    assert changed == {(0, 1): b"".join(ALL[256:258])}
    assert writer.append([]) == {}


def test_append_keeps_the_right_edge_only() -> None:
    writer = TreeWriter(0, lambda _level, _index: b"")
    for start in range(0, len(LARGE), 5_000):
        writer.append(LARGE[start : start + 5_000])
        assert all(len(edge) < 256 for edge in writer._edges)
    assert writer.root() == root_of(LARGE)


def test_append_of_70_000_makes_the_tiles_of_the_specification() -> None:
    """The example of C2SP tlog-tiles."""
    widths: dict[int, list[int]] = {}
    for (level, _), hashes in written(plain.leaves(70_000)).items():
        widths.setdefault(level, []).append(len(hashes) // 32)
    assert widths == {0: [256] * 273 + [112], 1: [256, 17], 2: [1]}


@given(st.integers(0, MOST))
def test_tree_root_at_any_size_passes_over_later_entries(size: int) -> None:
    assert tree_root(size, WHOLE.reader()) == plain.root(ALL[:size])


@pytest.mark.parametrize("size", [1, 255, 256, 257, 65_535, 65_536, 65_537, 65_792, 66_000])
def test_tree_root_at_borders_of_tiles_is_the_root(size: int) -> None:
    assert tree_root(size, LARGE_TILES.reader()) == root_of(LARGE[:size])
    assert TreeWriter(size, LARGE_TILES.reader()).root() == root_of(LARGE[:size])


def test_tree_root_of_nothing_is_the_empty_root() -> None:
    assert tree_root(0, WHOLE.reader()) == TreeWriter(0, WHOLE.reader()).root() == EMPTY_ROOT


@given(st.data())
def test_inclusion_proof_at_any_size_is_that_of_the_definition(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, MOST))
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, WHOLE.reader())
    assert proof == plain.audit_path(index, ALL[:size])
    verify_inclusion(index, size, ALL[index], proof, plain.root(ALL[:size]))


@given(st.data())
def test_consistency_proof_of_any_sizes_is_that_of_the_definition(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, MOST))
    old = data.draw(st.integers(1, new))
    proof = consistency_proof(old, new, WHOLE.reader())
    assert proof == plain.consistency(old, ALL[:new])
    verify_consistency(old, new, proof, plain.root(ALL[:old]), plain.root(ALL[:new]))


@settings(max_examples=25)
@given(st.integers(65_300, 66_000), st.integers(1, 66_000))
def test_proofs_over_three_levels_hold(new: int, old: int) -> None:
    old = min(old, new)
    read = LARGE_TILES.reader()
    roots = root_of(LARGE[:old]), root_of(LARGE[:new])
    verify_consistency(old, new, consistency_proof(old, new, read), *roots)
    verify_inclusion(old - 1, new, LARGE[old - 1], inclusion_proof(old - 1, new, read), roots[1])


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_inclusion_proof_of_known_leaves_is_the_known_proof(index: int, size: int) -> None:
    tiles = written([leaf_hash(leaf) for leaf in LEAVES])
    assert [step.hex() for step in inclusion_proof(index, size, tiles.reader())] == INCLUSION[index, size]


@pytest.mark.parametrize(("old", "new"), CONSISTENCY)
def test_consistency_proof_of_known_leaves_is_the_known_proof(old: int, new: int) -> None:
    tiles = written([leaf_hash(leaf) for leaf in LEAVES])
    assert [step.hex() for step in consistency_proof(old, new, tiles.reader())] == CONSISTENCY[old, new]


def test_proofs_read_few_tiles() -> None:
    read: list[tuple[int, int]] = []

    def reader(level: int, index: int) -> bytes:
        read.append((level, index))
        return LARGE_TILES.read(level, index)

    inclusion_proof(12_345, 66_000, reader)
    assert len(read) == len(set(read)) <= 6


@pytest.mark.parametrize("stored", [b"", b"x" * 31, b"x" * 32 * 9])
def test_tree_root_with_hashes_missing_is_refused(stored: bytes) -> None:
    with pytest.raises(TileError, match="should hold 10 hashes"):
        tree_root(10, lambda _level, _index: stored)
    with pytest.raises(TileError):
        TreeWriter(10, lambda _level, _index: stored)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_inclusion_proof_of_no_such_leaf_is_refused(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_proof(index, size, WHOLE.reader())


def test_consistency_proof_with_a_smaller_tree_is_refused() -> None:
    with pytest.raises(ValueError, match="beginning"):
        consistency_proof(4, 3, WHOLE.reader())


PATHS = {
    "tile/0/x001/x234/067": TilePath("hashes", 0, 1_234_067, 256),
    "tile/0/000": TilePath("hashes", 0, 0, 256),
    "tile/7/999.p/255": TilePath("hashes", 7, 999, 255),
    "tile/1/x001/000.p/1": TilePath("hashes", 1, 1_000, 1),
    "tile/entries/x001/067.p/5": TilePath("entries", 0, 1_067, 5),
    "tile/items/x001/x234/067": TilePath("items", 0, 1_234_067, 256),
}


@pytest.mark.parametrize("path", PATHS)
def test_parse_tile_path_reads_what_is_written(path: str) -> None:
    parsed = PATHS[path]
    assert parse_tile_path(path) == parsed
    if parsed.kind == "hashes":
        assert tile_path(parsed.level, parsed.index, parsed.width) == path
    else:
        assert bundle_path(parsed.kind, parsed.index, parsed.width) == path


@given(st.sampled_from(["entries", "items"]), st.integers(0, 10**15), st.integers(1, 256))
def test_bundle_path_of_any_index_reads_back(kind: str, index: int, width: int) -> None:
    assert parse_tile_path(bundle_path(kind, index, width)) == TilePath(kind, 0, index, width)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "checkpoint",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/001/067",
        "tile/0/x001/x067",
        "tile/0/001.p/0",
        "tile/0/001.p/256",
        "tile/0/001.p/05",
        "tile/0/001.p/1000",
        "tile/0/001.p/",
        "tile/0/001.p",
        "tile/0/001/",
        "tile/00/001",
        "tile/-1/001",
        "tile/8/001",
        "tile/64/001",
        "tile/entry/001",
        "tile/entries/0x1",
        "tile/entries/../001",
        "tile/entries/001.json",
        "tile/entries/001\n",
        "tile/entries/\uff10\uff10\uff11",
        "/tile/entries/001",
        "tile/0/" + "x001/" * 6 + "001",
    ],
)
def test_parse_tile_path_of_anything_else_is_refused(path: str) -> None:
    with pytest.raises(TilePathError):
        parse_tile_path(path)


@pytest.mark.parametrize(("index", "width"), [(-1, 1), (0, 0), (0, 257)])
def test_tile_path_of_no_tile_is_refused(index: int, width: int) -> None:
    with pytest.raises(ValueError, match="no tile"):
        tile_path(0, index, width)


def test_bundle_path_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="no bundles"):
        bundle_path("hashes", 0, 1)
