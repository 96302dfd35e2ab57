"""Schemas with the faults that published ones have, mended or refused with the reason."""

from __future__ import annotations

from typing import Any

import pytest

from guildhall.schema.lint import ADVICE, MENDED, REFUSED, lint, mend
from guildhall.schema.load import StandardError, parse_standard

from .makers import TREE


def schema(**extra: Any) -> dict[str, Any]:
    return TREE | {"fields": [*TREE["fields"], {"name": "extra"} | extra]}


def mended(**extra: Any) -> dict[str, Any]:
    descriptor = mend(schema(**extra))
    assert mend(descriptor) == descriptor
    assert [finding.level for finding in lint(schema(**extra))].count(MENDED) >= 1
    parse_standard(descriptor)
    field: dict[str, Any] = descriptor["fields"][-1]
    return field


def test_mend_unique_outside_constraints_is_moved_in() -> None:
    field = mended(unique=True, constraints={"required": True})
    assert field["constraints"] == {"required": True, "unique": True}
    assert "unique" not in field


def test_mend_enum_outside_constraints_is_moved_in() -> None:
    assert mended(enum=["a", "b"])["constraints"] == {"enum": ["a", "b"]}


@pytest.mark.parametrize(
    ("shape", "better"),
    [
        ("fmt:DD/MM/YYYY", "%d/%m/%Y"),
        ("fmt:%d/%m/%Y", "%d/%m/%Y"),
        ("YYYY-MM-DD", "%Y-%m-%d"),
        ("fmt:DD/MM/YY", "%d/%m/%y"),
    ],
)
def test_mend_legacy_date_format_becomes_strptime(shape: str, better: str) -> None:
    assert mended(type="date", format=shape)["format"] == better


def test_mend_currency_takes_signs_and_commas() -> None:
    field = mended(type="number", format="currency")
    assert (field["bareNumber"], field["groupChar"]) == (False, ",")


def test_mend_type_inside_constraints_is_moved_out_and_translated() -> None:
    field = mended(constraints={"type": "http://www.w3.org/2001/XMLSchema#int", "description": "Pounds"})
    assert (field["type"], field["description"], field["constraints"]) == ("integer", "Pounds", {})


@pytest.mark.parametrize(
    ("pattern", "better"),
    [
        ("^[A-Z]+$", "[A-Z]+"),
        ("(?i)(y|yes)", "(?i:(y|yes))"),
        (r"\A[0-9]+\Z", "[0-9]+"),
        (r"^cost\$", r"cost\$"),
    ],
)
def test_mend_pattern_is_made_portable(pattern: str, better: str) -> None:
    assert mended(constraints={"pattern": pattern})["constraints"]["pattern"] == better


def test_mend_other_names_of_types() -> None:
    assert mended(type="float")["type"] == "number"
    assert mended(format="url")["format"] == "uri"


def test_mend_spaces_around_a_name_are_taken_off() -> None:
    assert mended(name=" girth ")["name"] == "girth"


def test_mend_data_package_of_one_table_takes_its_schema() -> None:
    package = {
        "name": "trees",
        "resources": [{"name": "tree", "schema": {"primaryKey": "a", "fields": [{"name": "a"}]}}],
    }
    assert parse_standard(mend(package)).key == ("a",)


def test_mend_leaves_a_sound_schema_alone() -> None:
    assert mend(TREE) == TREE
    assert lint(TREE) == []


@pytest.mark.parametrize("pattern", ["(?=x)y", "(?!x)y", "(?<=x)y", "(?<!x)y", r"(a)\1"])
def test_mend_pattern_that_is_not_portable_is_refused_with_the_reason(pattern: str) -> None:
    with pytest.raises(StandardError, match=r"field extra cannot be used.*not every program"):
        mend(schema(constraints={"pattern": pattern}))
    assert lint(schema(constraints={"pattern": pattern}))[-1].level == REFUSED


@pytest.mark.parametrize("pattern", [r"\(?=", r"\\1", r"a\\$"])
def test_mend_pattern_that_only_looks_so_is_kept(pattern: str) -> None:
    mend(schema(constraints={"pattern": pattern}))


def test_mend_remote_reference_is_refused_and_named() -> None:
    with pytest.raises(StandardError, match=r"https://example\.org/other\.json"):
        mend({"name": "x", "properties": [{"items": {"$ref": "https://example.org/other.json"}}]})


def test_lint_tells_of_what_is_not_checked() -> None:
    messages = [
        one.message for one in lint(schema(format="postcode", constraints={"jsonSchema": {}})) if one.level == ADVICE
    ]
    assert any("jsonSchema" in message for message in messages)
    assert any("postcode" in message for message in messages)


def test_lint_tells_of_examples_that_break_the_standard() -> None:
    bad = schema(type="date", example="yesterday") | {
        "examples": [{"tree": "1"}],
        "invalidExamples": [{"tree": "1", "species": "oak"}],
    }
    messages = " ".join(one.message for one in lint(bad))
    assert "The example of the field extra" in messages
    assert "Example 1 does not keep to the standard. species: this must be filled in." in messages
    assert "Invalid example 1 keeps to the standard" in messages


def test_lint_schema_without_a_key_is_refused() -> None:
    assert "--key" in lint({name: value for name, value in TREE.items() if name != "primaryKey"})[-1].message
