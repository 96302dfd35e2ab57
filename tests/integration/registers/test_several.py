"""Several short lists read at once, and records found by a value: what they give, and by which indexes."""

from __future__ import annotations

import pytest

from guildhall.registers.followers import run as followers
from guildhall.registers.models import Register
from guildhall.registers.queries import links, several
from guildhall.registers.queries.registers import registers
from guildhall.registers.sequencer import sequence

from .makers import many, plant, tree_register
from .plans import assert_no_scan, explained

pytestmark = pytest.mark.usefixtures("hall")


def woods() -> list[Register]:
    for slug in ("ambridge", "borchester"):
        register = tree_register(slug)
        plant(register, {"T1": "oak", "T2": "ash"})
        plant(register, {"T1": "elm"})
    sequence()
    followers.catch_up()
    return list(registers().filter(standard_name="tree"))


def test_records_of_several_lists_are_read_each_at_its_head() -> None:
    found = several.records_of(woods())
    told = [(register.path, record.key, record.item["species"]) for register, record in found]
    assert told == [
        ("ambridge/tree", "T1", "elm"),
        ("ambridge/tree", "T2", "ash"),
        ("borchester/tree", "T1", "elm"),
        ("borchester/tree", "T2", "ash"),
    ]
    assert len(several.records_of(woods(), limit=3)) == 3
    assert several.records_of([]) == []


def test_latest_publications_of_several_lists_come_newest_first() -> None:
    lists = woods()
    found = several.latest_publications(lists, limit=3)
    assert len(found) == 3
    assert [one.pk for one in found] == sorted((one.pk for one in found), reverse=True)
    assert several.latest_publications([], limit=3) == []


def test_records_are_found_by_a_value_that_they_have_now() -> None:
    woods()
    assert [(one.path, record.key) for one, record in links.records_with("tree", "species", "elm")] == [
        ("ambridge/tree", "T1"),
        ("borchester/tree", "T1"),
    ]
    assert links.records_with("tree", "species", "oak") == []
    assert links.records_with("no-such", "species", "elm") == []


def test_several_lists_are_read_by_indexes_alone() -> None:
    lists = woods()
    plant(lists[0], many(600))
    with explained() as plans:
        several.records_of(lists)
        several.latest_publications(lists, limit=3)
        links.records_with("tree", "species", "elm")
    assert_no_scan(plans)
