"""Whatever is sent, it is either good rows or a clear refusal, in both ways of sending the same."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.kit.exceptions import GuildhallError
from guildhall.publishing.bodies import CSV, JSON, NDJSON, BodyKindError, check_body, kind_of
from guildhall.schema.load import parse_standard

STANDARD = parse_standard(
    {
        "name": "tree",
        "primaryKey": ["street", "tree"],
        "fields": [
            {"name": "street", "constraints": {"required": True}},
            {"name": "tree", "constraints": {"required": True}},
            {"name": "height", "type": "number"},
            {"name": "planted", "type": "date"},
            {"name": "birds", "type": "list", "delimiter": ";"},
        ],
    }
)
NAMES = [field.name for field in STANDARD.fields]
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
ITEMS = st.lists(st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), ANY_JSON, max_size=6), max_size=4)
WORDS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=8).filter(
    lambda one: one.strip()
)
ROWS = st.lists(
    st.fixed_dictionaries({"street": WORDS, "tree": WORDS, "height": st.sampled_from(["", "1", "4.50"])}), min_size=1
)


def assert_refusal(error: GuildhallError) -> None:
    assert error.status in {400, 413, 422}
    assert error.problem
    assert error.remedy
    json.dumps(dict(error.more), ensure_ascii=False).encode()


def told(body: bytes, kind: str) -> list[tuple[str, bytes]] | None:
    """Keys and items, or None where it was refused, in words."""
    try:
        checked = check_body(STANDARD, body, kind)
    except GuildhallError as error:
        assert_refusal(error)
        return None
    "".join(checked.notes).encode()
    return [pair for keys, items in checked.rows.slices() for pair in zip(keys, items, strict=True)]


@given(st.binary(max_size=200), st.sampled_from([JSON, NDJSON, CSV]))
def test_bytes_of_any_kind_are_taken_or_refused(body: bytes, kind: str) -> None:
    told(body, kind)


@given(ITEMS)
def test_json_of_any_kind_is_taken_or_refused(items: list[dict[str, Any]]) -> None:
    found = told("\n".join(json.dumps(item) for item in items).encode(), NDJSON)
    assert found is None or len(found) == len(items)


@given(ROWS)
def test_same_rows_give_the_same_items_however_they_are_sent(rows: list[dict[str, str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, ["street", "tree", "height"], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    assert told(text.getvalue().encode(), CSV) == told(lines.encode(), NDJSON)


def test_line_of_each_problem_is_its_own() -> None:
    body = '{"street": "a", "tree": "1"}\n\n{"street": "a"}\n{"street": "a", "tree": "1"}'
    with pytest.raises(GuildhallError) as caught:
        check_body(STANDARD, body.encode(), NDJSON)
    errors: Any = caught.value.more["errors"]
    assert [(one["line"], one["field"]) for one in errors] == [(3, "tree"), (4, "street and tree")]
    assert errors[1]["remedy"] == "Keep one of the two."


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("application/json", JSON),
        ("Application/JSON; charset=utf-8", JSON),
        ("application/x-ndjson", NDJSON),
        ("application/jsonl", NDJSON),
        ("text/csv;header=present", CSV),
    ],
)
def test_kind_is_told_by_its_content_type(header: str, kind: str) -> None:
    assert kind_of(header) == kind


@pytest.mark.parametrize("header", ["", "text/plain", "application/jsonx", "json"])
def test_kind_that_is_not_taken_says_which_are(header: str) -> None:
    with pytest.raises(BodyKindError, match="text/csv"):
        kind_of(header)
