"""Reading a Table Schema: what it says, and what is refused with which words."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from guildhall.schema.load import StandardError, parse_standard
from guildhall.schema.model import Link

from .makers import TREE, field, tree

WHOLE: dict[str, Any] = {
    "name": "site",
    "title": "Site",
    "description": "Sites for housing.",
    "version": "2.0",
    "home": "hall/site",
    "primaryKey": ["council", "site"],
    "titleField": "name",
    "fields": [
        {"name": "council", "type": "string", "indexed": True},
        {"name": "site", "type": "string"},
        {"name": "name", "type": "string", "requirementLevel": "SHOULD", "aliases": ["SiteName"]},
        {"name": "owner", "type": "string"},
        {"name": "EndDate", "type": "date", "format": "%d/%m/%Y"},
    ],
    "foreignKeys": [
        {"fields": "owner", "reference": {"resource": "organisation", "fields": "organisation"}},
        {"fields": ["council", "site"], "reference": {"resource": "plan", "fields": ["council", "plan"]}},
    ],
    "examples": [{"council": "HCK", "site": "1"}],
    "invalidExamples": [{"council": "HCK"}],
}


def with_field(**rest: Any) -> dict[str, Any]:
    return TREE | {"fields": [*TREE["fields"], {"name": "extra"} | rest]}


def test_parse_whole_schema_reads_every_part() -> None:
    standard = parse_standard(WHOLE)
    assert (standard.name, standard.title, standard.version, standard.home) == ("site", "Site", "2.0", "hall/site")
    assert (standard.key, standard.title_field, standard.end_field) == (("council", "site"), "name", "EndDate")
    assert standard.links == (Link("owner", "organisation"),)
    assert standard.indexed_names == ("council", "owner")
    assert [one.level for one in standard.fields] == ["must", "must", "should", "may", "may"]
    assert standard.field("name").aliases == ("SiteName",)
    assert standard.examples[0]["council"] == "HCK"
    assert standard.invalid_examples == ({"council": "HCK"},)


def test_parse_dates_of_being_in_force_are_found_and_indexed() -> None:
    fields = [{"name": "a"}, {"name": "start-date", "type": "date"}, {"name": "EndDate", "type": "date"}]
    standard = parse_standard({"name": "stall", "primaryKey": "a", "fields": fields})
    assert (standard.start_field, standard.end_field) == ("start-date", "EndDate")
    assert standard.indexed_names == ("start-date", "EndDate")


@pytest.mark.parametrize("frequency", ["P1Y", "P3M", "P2W", "P1D", ""])
def test_parse_promise_of_renewal_is_kept(frequency: str) -> None:
    assert parse_standard(WHOLE | {"updateFrequency": frequency}).update_frequency == frequency


@pytest.mark.parametrize("frequency", ["yearly", "P0Y", "P1Y2M", "PT1H", 12])
def test_parse_promise_of_renewal_that_cannot_be_reckoned_with_is_refused(frequency: object) -> None:
    with pytest.raises(StandardError, match="P1Y, P3M, P1W or P1D"):
        parse_standard(WHOLE | {"updateFrequency": frequency})


def test_parse_key_field_is_required_though_the_schema_does_not_say_so() -> None:
    assert parse_standard(WHOLE).field("site").constraints.required


def test_parse_schema_with_little_in_it_fills_in_the_rest() -> None:
    standard = parse_standard({"name": "little-thing", "primaryKey": "a", "fields": [{"name": "a"}]})
    assert (standard.title, standard.version, standard.end_field, standard.title_field) == (
        "Little thing",
        "1",
        None,
        None,
    )
    assert (standard.field("a").title, standard.field("a").type) == ("a", "string")


def test_parse_twice_gives_equal_standards() -> None:
    assert tree() == tree()
    assert hash(tree()) == hash(tree())


@pytest.mark.parametrize("name", ["end-date", "EndDate", "end_date", "dateEnd", "End Date"])
def test_parse_end_date_however_it_is_written(name: str) -> None:
    assert parse_standard(with_field(name=name, type="date")).end_field == name


def test_parse_end_date_that_is_no_date_is_not_the_end_field() -> None:
    assert parse_standard(with_field(name="end-date", type="string")).end_field is None


def test_parse_without_a_key_says_how_to_give_one() -> None:
    with pytest.raises(StandardError, match=r"--key.*tree, species"):
        parse_standard({name: value for name, value in TREE.items() if name != "primaryKey"})


def test_parse_data_package_names_its_tables() -> None:
    with pytest.raises(StandardError, match=r"one of its tables: service, phone"):
        parse_standard({"name": "x", "resources": [{"name": "service"}, {"name": "phone"}]})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": None}, "--name"),
        ({"name": "Brown Field"}, "lower-case"),
        ({"fields": []}, "no fields"),
        ({"fields": [{"title": "x"}]}, "no name"),
        ({"primaryKey": "bush"}, "The key is bush, and there is no such field"),
        ({"primaryKey": "tags"}, "is a list"),
        ({"primaryKey": ["tree", "tree"]}, "twice"),
        ({"titleField": "bush"}, "title field is bush"),
        ({"foreignKeys": [{"fields": "bush", "reference": {"resource": "x"}}]}, "names the field bush"),
        ({"foreignKeys": [{"fields": "tree"}]}, "incomplete"),
        ({"examples": ["oak"]}, "must be a list of rows"),
    ],
)
def test_parse_schema_with_a_fault_says_what_is_wrong(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(StandardError, match=words):
        parse_standard(TREE | changes)


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ({"type": "colour"}, "type colour, which is not known"),
        ({"name": "_id"}, "cannot have this name"),
        ({"name": "Spe-cies"}, "or nearly so"),
        ({"name": "tree"}, "or nearly so"),
        ({"aliases": ["SPECIES"]}, "or nearly so"),
        ({"type": "date", "format": "%Q"}, "%Q is not known"),
        ({"type": "date", "format": "DD"}, "cannot be checked"),
        ({"type": "list", "itemType": "list"}, "not known"),
        ({"type": "list", "delimiter": ""}, "delimiter"),
        ({"requirementLevel": "ought"}, "must, should or may"),
        ({"constraints": ["required"]}, "not an object"),
        ({"constraints": {"enum": []}}, "no choices"),
        ({"constraints": {"minLength": "five"}}, "whole number"),
        ({"constraints": {"minimum": 1}}, "no order"),
        ({"type": "integer", "constraints": {"maximum": "many"}}, "not of the type integer"),
        ({"constraints": {"pattern": "(?=a)b"}}, "looks ahead"),
        ({"constraints": {"pattern": "("}}, "cannot be used"),
    ],
)
def test_parse_field_with_a_fault_says_what_is_wrong(extra: dict[str, Any], words: str) -> None:
    with pytest.raises(StandardError, match=words):
        parse_standard(with_field(**extra))


def test_parse_leaves_the_descriptor_as_it_was() -> None:
    before = copy.deepcopy(WHOLE)
    parse_standard(WHOLE)
    assert before == WHOLE


def test_parse_limits_as_texts() -> None:
    limits = field("number", constraints={"minimum": 0.5, "maximum": "12"}).constraints
    assert (limits.minimum, limits.maximum) == ("0.5", "12")
