"""Entry leaves, salts, hashes and times."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from guildhall.log.leaf import (
    EntryLeaf,
    LeafError,
    entry_leaf,
    format_time,
    from_multihash,
    item_hash,
    multihash,
    new_salts,
    parse_leaf,
    parse_time,
)

DIGEST = bytes(range(32))
KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=256).filter(
    lambda key: key not in {".", ".."}
)
TIMES = st.integers(0, 253_402_300_799)  # to the end of the year 9999


@given(st.integers(1, 2**53 - 1), KEYS, TIMES, st.binary(min_size=32, max_size=32))
def test_entry_leaf_is_canonical_json_and_reads_back(number: int, key: str, time: int, digest: bytes) -> None:
    leaf = entry_leaf(number, key, time, digest)
    assert leaf == rfc8785.dumps(
        {
            "blob-hash": "1220" + digest.hex(),
            "entry-number": number,
            "entry-timestamp": format_time(time),
            "key": key,
        }
    )
    assert parse_leaf(leaf) == EntryLeaf(number, key, time, digest)


def test_entry_leaf_is_written_as_published() -> None:
    assert entry_leaf(1, "AD/1", 1_459_862_585, DIGEST) == (
        b'{"blob-hash":"1220' + DIGEST.hex().encode() + b'",'
        b'"entry-number":1,"entry-timestamp":"2016-04-05T13:23:05Z","key":"AD/1"}'
    )


GOOD = json.loads(entry_leaf(7, "T1", 1_459_862_585, DIGEST))


@pytest.mark.parametrize(
    "changes",
    [
        {"entry-number": 0},
        {"entry-number": -1},
        {"entry-number": True},
        {"entry-number": 7.5},
        {"entry-number": "7"},
        {"key": ""},
        {"key": "."},
        {"key": ".."},
        {"key": "k" * 257},
        {"key": None},
        {"key": ["T1"]},
        {"entry-timestamp": "2016-04-05T13:23:05"},
        {"entry-timestamp": "2016-04-05T13:23:05+00:00"},
        {"entry-timestamp": "2016-04-05T13:23:05.0Z"},
        {"entry-timestamp": "2016-13-05T13:23:05Z"},
        {"entry-timestamp": 1_459_862_585},
        {"entry-timestamp": []},
        {"blob-hash": DIGEST.hex()},
        {"blob-hash": "1220" + "A" * 64},
        {"blob-hash": "1220" + "0" * 63},
        {"blob-hash": None},
        {"more": "x"},
    ],
)
def test_parse_leaf_with_a_wrong_member_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(LeafError):
        parse_leaf(rfc8785.dumps(GOOD | changes))


@pytest.mark.parametrize(
    "leaf",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"[" * 60_000,
        b"\xff",
        rfc8785.dumps(GOOD)[:-1],
        rfc8785.dumps(GOOD) + b" ",
        json.dumps(GOOD).encode(),
        rfc8785.dumps(GOOD).replace(b"T1", b"T\\u0031"),
        rfc8785.dumps(GOOD).replace(b'"key"', b'"key":"T0","key"'),
        rfc8785.dumps({name: value for name, value in GOOD.items() if name != "key"}),
    ],
)
def test_parse_leaf_of_anything_else_is_refused(leaf: bytes) -> None:
    with pytest.raises(LeafError):
        parse_leaf(leaf)


@given(TIMES)
def test_parse_time_reads_what_is_written(seconds: int) -> None:
    assert parse_time(format_time(seconds)) == seconds


def test_new_salts_are_of_16_bytes_and_all_different() -> None:
    salts = new_salts(1_000)
    assert {len(salt) for salt in salts} == {16}
    assert len(set(salts)) == 1_000
    assert new_salts(0) == []


def test_item_hash_covers_salt_and_item() -> None:
    assert item_hash(b"s" * 16, b"{}") == sha256(b"s" * 16 + b"{}").digest()


def test_multihash_reads_back() -> None:
    assert multihash(DIGEST) == "1220" + DIGEST.hex()
    assert from_multihash(multihash(DIGEST)) == DIGEST


@pytest.mark.parametrize(
    "text", ["", "1220", "1220" + "g" * 64, "1220" + "0" * 65, "1114" + "0" * 64, "1220" + "0" * 64 + "\n"]
)
def test_from_multihash_of_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="1220"):
        from_multihash(text)
