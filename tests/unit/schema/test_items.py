"""Keys and canonical items: one row and many give the same bytes, and these are RFC 8785's."""

from __future__ import annotations

import re
import unicodedata

import polars as pl
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from guildhall.schema.items import make_item, make_items
from guildhall.schema.load import parse_standard
from guildhall.schema.model import Standard
from guildhall.schema.text import UNTIDY, WHITE, tidy

NAMES = ["b key", "a", "Z", "é", "\u20ac", "\U0001f600", 'q"uote', "list", "zz"]


def standard(*key: str) -> Standard:
    fields = [{"name": name, "type": "list" if name == "list" else "string", "delimiter": ";"} for name in NAMES]
    return parse_standard({"name": "any", "primaryKey": list(key), "fields": fields})


TEXT = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.text(st.sampled_from('ab"\\\n\t\x00\x1f\x7f/~;, \xa0e\u0301\u1e9b\u0323\u2028'), max_size=12),
    st.none(),
)
KEY = TEXT.map(lambda text: text if text and tidy(text) else "k")
ROW = st.fixed_dictionaries(dict.fromkeys(NAMES, TEXT) | {"b key": KEY, "\u20ac": KEY})


def canonical(row: dict[str, str | None]) -> bytes:
    """A plain second implementation."""
    item: dict[str, object] = {}
    for name, value in row.items():
        if name == "list":
            parts = [tidy(part) for part in (value or "").split(";") if tidy(part)]
            if parts:
                item[name] = parts
        elif value and tidy(value):
            item[name] = tidy(value)
    return rfc8785.dumps(item)


@settings(deadline=None)
@given(st.lists(ROW, min_size=1, max_size=6))
def test_make_items_gives_the_same_as_make_item_and_as_rfc_8785(rows: list[dict[str, str | None]]) -> None:
    known = standard("b key")
    keys, items = make_items(known, pl.DataFrame(rows, schema=dict.fromkeys(NAMES, pl.String)))
    for key, item, row in zip(keys, items, rows, strict=True):
        assert (key, item) == make_item(known, {name: value for name, value in row.items() if value is not None})
        assert item == canonical(row)


@settings(deadline=None)
@given(st.lists(ROW, min_size=1, max_size=6))
def test_make_items_of_composite_keys_gives_the_same_as_make_item(rows: list[dict[str, str | None]]) -> None:
    known = standard("\u20ac", "b key")
    keys, _ = make_items(known, pl.DataFrame(rows, schema=dict.fromkeys(NAMES, pl.String)))
    assert keys == [make_item(known, {name: value for name, value in row.items() if value})[0] for row in rows]


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_tidy_text_is_tidy(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert tidy(text) == tidy(text).strip(WHITE)


def test_characters_that_are_passed_over_need_no_composing() -> None:
    passed = [
        chr(code)
        for code in range(0x300, 0x3000)
        if not re.search(UNTIDY.replace("x{", "u").replace("}", ""), f"e{chr(code)}e")
    ]
    assert "\u2019" in passed
    for one in passed:
        assert unicodedata.is_normalized("NFC", f"e{one}a{one}")
        assert not unicodedata.combining(one)


def test_make_item_sorts_members_by_utf_16_code_units() -> None:
    key, item = make_item(standard("zz"), {name: "1" for name in NAMES if name != "list"})
    assert key == "1"
    assert item == rfc8785.dumps({name: "1" for name in NAMES if name != "list"})


def test_make_item_leaves_out_what_is_empty_or_unknown() -> None:
    assert make_item(standard("a"), {"a": " x\xa0", "Z": " ", "list": ["", " "], "other": "1"}) == ("x", b'{"a":"x"}')


def test_make_item_divides_the_text_of_a_list() -> None:
    assert make_item(standard("a"), {"a": "x", "list": "p; q;;"})[1] == b'{"a":"x","list":["p","q"]}'


@pytest.mark.parametrize(
    ("parts", "key"), [(("a", "b"), "a/b"), (("a/b", "c~d"), "a~1b/c~0d"), (("~1", "/"), "~01/~1")]
)
def test_make_item_key_of_several_parts_can_be_divided_again(parts: tuple[str, str], key: str) -> None:
    assert make_item(standard("a", "Z"), {"a": parts[0], "Z": parts[1]})[0] == key


def test_make_item_key_of_one_part_is_the_value_itself() -> None:
    assert make_item(standard("a"), {"a": "x/y~z"})[0] == "x/y~z"


def test_make_items_takes_columns_of_lists() -> None:
    frame = pl.DataFrame({"a": ["x", "y"], "list": [["p;q", '"'], None]})
    assert make_items(standard("a"), frame)[1] == [b'{"a":"x","list":["p;q","\\""]}', b'{"a":"y"}']


def test_make_items_of_no_rows_is_empty() -> None:
    assert make_items(standard("a"), pl.DataFrame(schema={"a": pl.String})) == ([], [])
