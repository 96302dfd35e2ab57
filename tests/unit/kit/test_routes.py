from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.kit.routes import KeyConverter, SuffixConverter

KEY, SUFFIX = KeyConverter(), SuffixConverter()
# As Django puts the two together in a route.
ROUTE = re.compile(f"(?P<key>{KEY.regex})(?P<suffix>{SUFFIX.regex})\\Z")

keys = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=256).filter(
    lambda key: key not in {".", ".."}
)


@given(keys, st.sampled_from(["", "json", "csv"]))
def test_key_and_suffix_come_apart_as_they_were_put_together(key: str, suffix: str) -> None:
    found = ROUTE.match(KEY.to_url(key) + SUFFIX.to_url(suffix))
    assert found is not None
    assert KEY.to_python(found["key"]) == key
    assert SUFFIX.to_python(found["suffix"]) == suffix


@pytest.mark.parametrize("segment", [".", "..", "~2", ".~2"])
def test_way_to_another_folder_is_no_key(segment: str) -> None:
    with pytest.raises(ValueError, match="folder"):
        KEY.to_python(segment)


def test_key_with_a_nul_is_none() -> None:
    with pytest.raises(ValueError, match="NUL"):
        KEY.to_python("a\0b")
