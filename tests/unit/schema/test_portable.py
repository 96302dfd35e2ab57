"""Fields as programs read them that know Table Schema, and nothing of what this hall adds."""

from __future__ import annotations

from typing import Any

import pytest

from guildhall.schema.load import parse_standard
from guildhall.schema.portable import portable_field


def told(field: dict[str, Any], *, is_alone: bool = True) -> dict[str, Any]:
    standard = parse_standard({"name": "thing", "primaryKey": "thing", "fields": [{"name": "thing"}, field]})
    return portable_field(standard.field(field["name"]), field, is_alone=is_alone)


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ({"name": "a", "type": "string", "format": "text"}, {"name": "a", "type": "string"}),
        ({"name": "a", "type": "string", "format": "curie"}, {"name": "a", "type": "string"}),
        ({"name": "a", "type": "string", "format": "uri"}, {"name": "a", "type": "string", "format": "uri"}),
        ({"name": "a", "type": "point"}, {"name": "a", "type": "string"}),
        ({"name": "a", "type": "date", "format": "%d/%m/%Y"}, {"name": "a", "type": "date", "format": "%d/%m/%Y"}),
        ({"name": "a", "type": "date"}, {"name": "a", "type": "date"}),
        (
            {"name": "a", "type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]},
            {"name": "a", "type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]},
        ),
        (
            {"name": "a", "type": "list", "delimiter": ";", "constraints": {"required": True, "pattern": "x"}},
            {"name": "a", "type": "list", "delimiter": ";", "itemType": "string", "constraints": {"required": True}},
        ),
        (
            {"name": "a", "type": "integer", "title": "A", "level": "must", "indexed": True},
            {"name": "a", "type": "integer", "title": "A"},
        ),
    ],
)
def test_field_keeps_what_others_know(field: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert told(field) == wanted


def test_what_is_told_apart_in_one_list_is_not_in_several() -> None:
    field = {"name": "a", "type": "string", "constraints": {"unique": True, "maxLength": 9}}
    assert told(field)["constraints"] == {"unique": True, "maxLength": 9}
    assert told(field, is_alone=False)["constraints"] == {"maxLength": 9}
