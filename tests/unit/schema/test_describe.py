"""What a field allows, in sentences and as JSON Schema."""

from __future__ import annotations

from typing import Any

import pytest

from guildhall.schema.describe import field_meaning, json_schema
from guildhall.schema.load import parse_standard

from .makers import field, tree

E09 = "A text. Written like E09. As an expression: [A-Z][0-9]+"


@pytest.mark.parametrize(
    ("kind", "rest", "sentences"),
    [
        ("string", {}, ["A text."]),
        ("string", {"format": "text"}, ["A text of any length, with line breaks."]),
        ("string", {"format": "uri"}, ["A web address."]),
        ("string", {"constraints": {"unique": True}}, ["A text.", "Different in every row."]),
        ("string", {"constraints": {"maxLength": 9}}, ["A text.", "At most 9 characters."]),
        ("string", {"constraints": {"enum": ["a", "b"]}}, ["One of: a, b."]),
        ("string", {"constraints": {"pattern": "(?i)(y|yes)"}}, ["One of: y, yes. Capitals do not matter."]),
        ("string", {"example": "E09", "constraints": {"pattern": "[A-Z][0-9]+"}}, [E09]),
        ("integer", {"constraints": {"minimum": 1, "maximum": 9}}, ["A whole number.", "From 1 to 9."]),
        ("number", {"constraints": {"minimum": 1}}, ["A number.", "At least 1."]),
        ("date", {"format": "%d/%m/%Y"}, ["A date written DD/MM/YYYY."]),
        ("date", {"constraints": {"minimum": "2000-01-01"}}, ["A date written YYYY-MM-DD.", "Not before 2000-01-01."]),
        ("list", {"delimiter": ";"}, ["Texts, with a semicolon between them."]),
        ("list", {"constraints": {"enum": ["a", "b"]}}, ["One or more of: a, b, with a comma between them."]),
        ("list", {"itemType": "date"}, ["Each a date written YYYY-MM-DD, with a comma between them."]),
        ("boolean", {}, ["True or false."]),
    ],
)
def test_field_meaning_says_what_is_allowed(kind: str, rest: dict[str, Any], sentences: list[str]) -> None:
    assert field_meaning(field(kind, **rest)) == ["May be left empty.", *sentences]


@pytest.mark.parametrize(
    ("rest", "sentence"),
    [
        ({}, "May be left empty."),
        ({"level": "should"}, "Should be filled in."),
        ({"constraints": {"required": True}}, "Must be filled in."),
    ],
)
def test_field_meaning_begins_with_whether_it_must_be_filled_in(rest: dict[str, Any], sentence: str) -> None:
    assert field_meaning(field(**rest))[0] == sentence


def test_json_schema_describes_an_item() -> None:
    told = json_schema(tree())
    assert told["required"] == ["tree", "species"]
    assert told["properties"]["state"]["enum"] == ["healthy", "ailing", "felled"]
    assert told["properties"]["planted"]["format"] == "date"
    assert told["properties"]["tags"] == {
        "title": "tags",
        "type": "array",
        "items": {"type": "string", "minLength": 1},
        "minItems": 1,
        "maxItems": 3,
    }
    assert told["properties"]["species"]["examples"] == ["oak"]


@pytest.mark.parametrize(("pattern", "told"), [("(?i)(y|yes)", None), ("[a-z]", "^(?:[a-z])$")])
def test_json_schema_leaves_out_patterns_with_flags(pattern: str, told: str | None) -> None:
    fields = [{"name": "key"}, {"name": "value", "constraints": {"pattern": pattern}}]
    standard = parse_standard({"name": "any", "primaryKey": "key", "fields": fields})
    assert json_schema(standard)["properties"]["value"].get("pattern") == told
