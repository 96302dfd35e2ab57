"""Bundles of entries and items: written, read back, and refused when damaged."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.log.bundles import (
    ERASED,
    HELD,
    HERE,
    BundledItem,
    BundleError,
    decode_entries,
    decode_items,
    encode_entries,
    encode_items,
)

SALTS = st.binary(min_size=16, max_size=16)
ITEMS = st.lists(
    st.tuples(st.just(HERE), SALTS, st.binary(max_size=300)) | st.sampled_from([(ERASED, b"", b""), (HELD, b"", b"")]),
    max_size=20,
)


def test_encode_entries_writes_length_and_leaf() -> None:
    assert encode_entries([b"ab", b"", b"c" * 258]) == b"\x00\x02ab\x00\x00\x01\x02" + b"c" * 258


def test_encode_items_writes_state_salt_length_and_item() -> None:
    bundle = encode_items([(HERE, b"s" * 16, b"{}"), (ERASED, b"s" * 16, b"{}"), (HELD, b"", b"")])
    assert bundle == b"\x00" + b"s" * 16 + b"\x00\x00\x00\x02{}" + b"\x01\x02"


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_decode_entries_reads_what_was_written_and_nothing_less_or_more(leaves: list[bytes]) -> None:
    data = encode_entries(leaves)
    assert decode_entries(data, len(leaves)) == leaves
    damaged(data, leaves, decode_entries)


@given(ITEMS)
def test_decode_items_reads_what_was_written_and_nothing_less_or_more(items: list[BundledItem]) -> None:
    data = encode_items(items)
    assert decode_items(data, len(items)) == items
    damaged(data, items, decode_items)


def damaged[T](data: bytes, parts: list[T], decode: Callable[[bytes, int], list[T]]) -> None:
    with pytest.raises(BundleError):
        decode(data + b"\x00", len(parts))
    with pytest.raises(BundleError, match="cut short"):
        decode(data, len(parts) + 1)
    for end in {0, len(data) // 2, len(data) - 1} - {len(data), -1}:
        with pytest.raises(BundleError, match="cut short"):
            decode(data[:end], len(parts))


def test_decode_items_of_an_unknown_state_is_refused() -> None:
    with pytest.raises(BundleError, match="unknown state 3"):
        decode_items(b"\x03", 1)


def test_decode_items_that_claims_a_huge_length_is_refused() -> None:
    with pytest.raises(BundleError, match="cut short"):
        decode_items(b"\x00" + b"s" * 16 + b"\xff\xff\xff\xff{}", 1)
