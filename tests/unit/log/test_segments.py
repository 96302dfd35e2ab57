"""Keys as segments of addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.log.segments import decode_segment, encode_segment

SEGMENTS = {
    "project-1": "project-1",
    "2015/1/FUL": "2015~11~1FUL",
    "a~b": "a~0b",
    "~1": "~01",
    "report.csv": "report~2csv",
    "a.b.json": "a.b~2json",
    "example.gov.uk": "example.gov~2uk",
    "v1.0": "v1.0",  # one letter or digit is no suffix
    "a.ninechars": "a.ninechars",
    "a.b c": "a.b c",
    ".json": "~2json",
    "a.json/": "a.json~1",
    "a.json\n": "a.json\n",
    "a.é1": "a.é1",
    "…": "…",
}


@pytest.mark.parametrize("key", SEGMENTS)
def test_encode_segment_of_a_key_is_known(key: str) -> None:
    assert encode_segment(key) == SEGMENTS[key]
    assert decode_segment(SEGMENTS[key]) == key


@given(st.text(min_size=1).filter(lambda key: key not in {".", ".."}) | st.from_regex(r"[a~/.]{1,6}\.[a-z0-9]{1,9}"))
def test_decode_segment_gives_the_key_back(key: str) -> None:
    segment = encode_segment(key)
    assert decode_segment(segment) == key
    assert "/" not in segment
    assert segment not in {"", ".", ".."}
    name, dot, suffix = segment.rpartition(".")
    assert not (dot and suffix in {"json", "csv", "html"}), name


@pytest.mark.parametrize("key", [".", ".."])
def test_encode_segment_of_dots_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        encode_segment(key)


def test_decode_segment_with_no_known_escape_leaves_it() -> None:
    assert decode_segment("a~b~3c~") == "a~b~3c~"
