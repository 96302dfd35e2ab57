"""Canonical JSON against the reference implementation of RFC 8785."""

from __future__ import annotations

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from guildhall.log.canonical import CanonicalError, canonical_json

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
ITEMS = st.dictionaries(TEXTS, TEXTS | st.lists(TEXTS))


@given(ITEMS)
def test_canonical_json_of_an_item_is_that_of_the_reference(item: dict[str, Any]) -> None:
    assert canonical_json(item) == rfc8785.dumps(item)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False) | TEXTS,
        lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    ).filter(lambda value: "inf" not in repr(value))
)
def test_canonical_json_of_any_value_is_that_of_the_reference(value: Any) -> None:
    assert canonical_json(value) == rfc8785.dumps(value)


def test_canonical_json_orders_names_by_utf_16() -> None:
    """The example of RFC 8785, section 3.2.3: by code points the smiley would come last."""
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    written = json.loads(canonical_json(dict.fromkeys(names, "x")))
    assert list(written) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_canonical_json_escapes_as_little_as_it_may() -> None:
    assert canonical_json({"a": '\b\t\n\f\r"\\/\x0f\x7fé€'}) == '{"a":"\\b\\t\\n\\f\\r\\"\\\\/\\u000f\x7fé€"}'.encode()


@pytest.mark.parametrize(
    "value", [{"a": "\ud800"}, {"\udfff": "a"}, {"a": 2**53}, {"a": float("nan")}, {1: "a"}, {"a"}]
)
def test_canonical_json_of_what_has_none_is_refused(value: Any) -> None:
    with pytest.raises(CanonicalError):
        canonical_json(value)
