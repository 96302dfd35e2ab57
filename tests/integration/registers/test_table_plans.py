"""The index plan of tables: every statement of a page finds its rows by an index, and in their order."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from guildhall.registers import catalogue
from guildhall.registers.queries import filters, joined, scopes
from guildhall.registers.queries.filters import find
from guildhall.registers.queries.parameters import read

from .plans import assert_no_scan, explained
from .woods import wood_register

pytestmark = pytest.mark.usefixtures("hall")

ASKED = [
    [],
    [("_sort", "-")],
    [("species", "oak")],
    [("species", "oak"), ("species", "ash")],
    [("species__not", "oak")],
    [("species", "oak"), ("kind", "new")],
    [("kind", "new"), ("_sort", "-planted")],
    [("species", "oak"), ("kind", "new"), ("_sort", "height")],
    [("planted__after", "1995"), ("_sort", "planted")],
    [("height__atleast", "3"), ("_sort", "species")],
    [("height__empty", "yes"), ("_sort", "kind")],
    [("birds", "owl"), ("_sort", "-height")],
    [("name__contains", "wood")],
]


def assert_sought(plans: list[tuple[str, str]], *, in_order: bool) -> None:
    """SQLite tells tables by their short names, and whether it sorts; PostgreSQL sorts what little a test has."""
    assert_no_scan(plans)
    for sql, plan in plans:
        if connection.vendor != "sqlite" or "ORDER BY" not in sql or not re.search(r"registers_(value|entry)\b", sql):
            continue
        for line in plan.splitlines():
            assert not line.startswith("SCAN") or line == "SCAN CONSTANT ROW", f"{sql}\n{plan}"
            assert "SEARCH c" not in line or "key=?" in line, f"{sql}\n{plan}"
            assert not in_order or "TEMP B-TREE" not in line, f"{sql}\n{plan}"


@pytest.mark.parametrize("few", [False, True], ids=["walked", "narrowed"])
def test_pages_of_a_large_list_read_no_table_from_end_to_end(monkeypatch: pytest.MonkeyPatch, *, few: bool) -> None:
    register = wood_register()
    scope = scopes.of_register(register, catalogue.current_standard("wood"))
    monkeypatch.setattr(filters, "SMALL", 0)
    monkeypatch.setattr(filters, "NARROW", 1_000 if few else 0)
    for pairs in ASKED:
        with explained() as plans:
            page = find(scope, read(pairs, scope.columns), limit=5)
            if page.after:
                page = find(scope, read(pairs, scope.columns), limit=5, after=page.after)
            if page.before:
                find(scope, read(pairs, scope.columns), limit=5, before=page.before)
        assert_sought(plans, in_order=not few)


def test_pages_of_many_lists_read_no_table_from_end_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    for slug in ("ambridge", "borchester"):
        wood_register(slug)
    scope = scopes.of_standard(catalogue.current_standard("wood"), joined.registers_to("wood"))
    monkeypatch.setattr(filters, "SMALL", 0)
    monkeypatch.setattr(filters, "NARROW", 0)
    for pairs in ASKED:
        with explained() as plans:
            find(scope, read(pairs, scope.columns), limit=5)
        assert_sought(plans, in_order=True)
