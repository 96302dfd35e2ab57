"""The starter's standards, and that every row of every list keeps to them."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import polars as pl
import pytest

from guildhall.registers.catalogue import bootstrapped_descriptor
from guildhall.schema.checks import ROW, Rule, compiled
from guildhall.schema.items import make_item, tidy_values
from guildhall.schema.lint import lint
from guildhall.schema.load import parse_standard
from guildhall.schema.model import Standard
from guildhall.schema.rows import check_row
from guildhall.starter import standards
from guildhall.starter.data import Row
from guildhall.starter.lists import StarterList, starter_lists
from guildhall.starter.organisations import organisations

# The hall's own standards, to which the starter publishes too.
OWN = ("organisation", "register")


@cache
def standard(name: str) -> Standard:
    return parse_standard(bootstrapped_descriptor(name) if name in OWN else standards.descriptor(name))


@cache
def lists() -> list[StarterList]:
    return starter_lists()


@cache
def rows_by_standard() -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for one in lists():
        found[one.standard] += one.rows
    return found | {"organisation": organisations(), "register": [one.item("2026-01-15") for one in lists()]}


@pytest.mark.parametrize("name", standards.NAMES)
def test_standard_explains_itself_and_has_no_faults(name: str) -> None:
    descriptor = standards.descriptor(name)
    known = standard(name)
    assert (known.name, bool(known.title), bool(known.description)) == (name, True, True)
    assert descriptor["version"].count(".") == 1
    assert lint(descriptor) == []
    for field in known.fields:
        assert field.description.endswith("."), field.name
        assert field.example, field.name


@pytest.mark.parametrize("name", standards.NAMES)
def test_examples_of_a_standard_keep_to_it_and_wrong_ones_do_not(name: str) -> None:
    known = standard(name)
    assert known.examples
    assert known.invalid_examples
    for row in known.examples:
        assert check_row(known, row)[1] == []
        for field in known.fields:
            assert check_row(known, {**row, field.name: field.example})[1] == [], field.name
    for row in known.invalid_examples:
        assert check_row(known, row)[1]


@pytest.mark.parametrize("name", [*standards.NAMES[:-1], *OWN])
def test_every_row_keeps_to_its_standard(name: str) -> None:
    known, rows = standard(name), rows_by_standard()[name]
    assert rows
    assert {column for row in rows for column in row} <= {field.name for field in known.fields}
    schema = {field.name: pl.List(pl.String) if field.is_list else pl.String() for field in known.fields}
    frame = pl.DataFrame([tidy_values(known, row) for row in rows], schema=schema)
    verdicts = compiled(known).verdicts(frame)
    for field in [*schema, ROW]:
        wrong = [(Rule(verdict).name, row) for verdict, row in zip(verdicts[field], rows, strict=True) if verdict]
        assert not wrong, f"{name}.{field}: {len(wrong)}, such as {wrong[:2]}"


def test_keys_differ_within_each_list() -> None:
    for one in lists():
        keys = {make_item(standard(one.standard), row)[0] for row in one.rows}
        assert len(keys) == len(one.rows), one.path


def test_links_lead_to_records_of_the_home_list() -> None:
    known = rows_by_standard()
    keys = {name: {make_item(standard(name), row)[0] for row in known[name]} for name in (*standards.NAMES[:-1], *OWN)}
    for name in standards.NAMES[:-1]:
        for link in standard(name).links:
            values = {value for row in known[name] for value in row.get(link.field, "").split(";") if value}
            assert values <= keys[link.standard], f"{name}.{link.field}"


def test_home_lists_are_among_the_lists() -> None:
    homes = {standards.descriptor(name).get("home") for name in standards.NAMES} - {None}
    assert homes <= {one.path for one in lists()}


def test_lists_that_others_link_to_come_first() -> None:
    paths = [one.path for one in lists()]
    assert len(set(paths)) == len(paths) == 687
    assert paths.index("hall/local-authority") < paths.index("hackney/service-link")
    assert paths.index("hall/product") < paths.index("hackney/product-use")


def test_list_of_a_council_says_who_keeps_it_and_how_old_its_facts_are() -> None:
    (item,) = [one.item("2026-01-15") for one in lists() if one.path == "hackney/service-link"]
    assert (item["organisation"], item["keeper"], item["source-date"]) == ("hackney", "hall", "2018")
    assert item["licence"] == "Open Government Licence v3.0"
    assert item["title"] == "Service pages: London Borough of Hackney"


def test_uses_of_products_are_told_in_plain_words() -> None:
    (used,) = [one.rows for one in lists() if one.path == "hackney/product-use"]
    assert [(row["product"], row["what-for"]) for row in used] == [
        ("smartadmin", "Planning applications: search and comment"),
        ("fixmystreet", "Reports of potholes and other street problems"),
    ]
    (somerset,) = [one.rows for one in lists() if one.path == "somerset/product-use"]
    assert "Planning applications in Mendip: search and comment" in {row["what-for"] for row in somerset}


def test_council_in_words_for_the_list_of_organisations() -> None:
    by_slug = {row["organisation"]: row for row in organisations()}
    assert by_slug["cumbria"] == {
        "organisation": "cumbria",
        "name": "Cumbria County Council",
        "kind": "council",
        "local-authority": "CMA",
        "gss-code": "E10000006",
        "organisation-type": "County",
        "region": "North West",
        "nation": "England",
        "end-date": "2023-03-31",
    }
    assert by_slug["gmca"]["kind"] == "other"
    assert sum(row["kind"] == "council" and "end-date" not in row for row in by_slug.values()) == 382
