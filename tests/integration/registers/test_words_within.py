"""Words looked for within lists, together with conditions and orders, however large the list."""

from __future__ import annotations

import pytest

from guildhall.kit.bounded import TooLongError
from guildhall.registers import catalogue
from guildhall.registers.followers import run as followers
from guildhall.registers.models import Register
from guildhall.registers.queries import filters, joined, registers, scopes, walks
from guildhall.registers.queries.filters import find
from guildhall.registers.queries.parameters import read
from guildhall.registers.queries.scan import Place
from guildhall.registers.queries.scopes import Scope

from .test_filters import all_keys
from .woods import put, wood_register, wood_rows

pytestmark = pytest.mark.usefixtures("hall")

Pairs = list[tuple[str, str]]


@pytest.fixture(params=["read", "by their keys", "looked through"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Few records have the words, many, or so many that the list is looked through."""
    if request.param != "read":
        monkeypatch.setattr(filters, "NARROW", 0)
    if request.param == "looked through":
        monkeypatch.setattr(filters, "SMALL", 1)
    return str(request.param)


def scope_of(register: Register) -> Scope:
    return scopes.of_register(register, catalogue.current_standard(register.standard_name))


def keys(scope: Scope, pairs: Pairs) -> list[str]:
    return all_keys(scope, read(pairs, scope.columns))


@pytest.mark.parametrize("words", ["pine", "ynys mon", "YNYS MÔN", "Môn: pines!", "pine AND* (\"'%)"])
def test_words_are_found_whatever_their_signs_accents_and_endings(way: str, words: str) -> None:
    scope = scope_of(wood_register())
    wanted = [row["wood"] for row in wood_rows() if row["species"] == "Ynys Môn pine"]
    assert keys(scope, [("q", words)]) == wanted


def test_words_of_several_values_and_keys_are_found(way: str) -> None:
    scope = scope_of(wood_register())
    wanted = [row["wood"] for row in wood_rows() if row["species"] == "oak" and "wren" in row.get("birds", [])]
    assert keys(scope, [("q", "wrens oak")]) == wanted
    assert keys(scope, [("q", "w007")]) == ["W007"]
    assert keys(scope, [("q", "café 7")]) == ["W007"]


def test_words_go_with_conditions_and_the_order_of_keys(way: str) -> None:
    scope = scope_of(wood_register())
    wanted = [row["wood"] for row in wood_rows() if row["species"] == "oak" and row["kind"] == "new"]
    assert keys(scope, [("q", "oak"), ("kind", "new")]) == wanted
    assert keys(scope, [("q", "oak"), ("kind", "new"), ("_sort", "-")]) == wanted[::-1]
    assert keys(scope, [("q", "oak"), ("_sort", "-")])[-1] == "W000"


def test_words_go_with_any_order_where_they_are_not_too_many(way: str) -> None:
    scope = scope_of(wood_register())
    rows = [row for row in wood_rows() if row["species"] == "oak" and "note" in row]
    asked: Pairs = [("q", "oak"), ("note__empty", "no"), ("_sort", "-note")]
    if way == "looked through":
        with pytest.raises(TooLongError):
            keys(scope, asked)
    else:
        assert keys(scope, asked) == [row["wood"] for row in sorted(rows, key=lambda row: str(row["note"]))][::-1]


def test_words_are_counted_where_they_are_not_too_many(way: str) -> None:
    scope = scope_of(wood_register())
    found = find(scope, read([("q", "oak")], scope.columns), limit=5)
    assert found.total == (None if way == "looked through" else 12)
    if way == "read":
        kinds = next(facet for facet in found.facets if facet.column == "kind")
        assert kinds.values == [("ancient", 8), ("new", 4)]


def test_words_are_found_in_all_lists_to_a_standard(way: str) -> None:
    wood_register("ambridge", wood_rows(20))
    wood_register("borchester", wood_rows(20))
    scope = scopes.of_standard(catalogue.current_standard("wood"), joined.registers_to("wood"))
    found = keys(scope, [("q", "oak")])
    assert found == sorted(found)
    assert len(found) == 8
    assert keys(scope, [("q", "oak"), ("organisation", "borchester")])[0] == "borchester W000"
    assert keys(scope, [("q", "borchester oak")]) == [key for key in found if key.startswith("borchester")]


def test_misspelt_words_give_way_and_it_is_said(way: str) -> None:
    scope = scope_of(wood_register())
    found = find(scope, read([("q", "ancientt oak")], scope.columns), limit=100)
    assert len(found.rows) == 8
    assert found.wording is not None
    assert found.wording.instead == {"ancientt": ("ancient",)}


@pytest.mark.parametrize("words", ["%", '""', "🌳", "-", "(*)"])
def test_signs_alone_find_nothing(way: str, words: str) -> None:
    scope = scope_of(wood_register())
    found = find(scope, read([("q", words)], scope.columns), limit=5)
    assert (found.rows, found.total) == ([], 0)
    assert found.wording is not None
    assert not found.wording.has_words


def test_words_of_a_past_state_are_found_in_its_records(way: str) -> None:
    register = wood_register()
    scope = scopes.of_register(register, catalogue.current_standard("wood"), 20)
    assert keys(scope, [("q", "plum")]) == [f"W{number:03}" for number in range(20)]
    assert keys(scope_of(register), [("q", "w003 plum")]) == ["W003"]  # no wood has plums now
    assert keys(scope, [("q", "w003 oak")]) == []


def test_words_say_how_far_the_index_is_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    register = wood_register(rows=wood_rows(30))
    monkeypatch.setattr(followers, "catch_up", lambda: 0)
    put(register, [row | {"species": "lime"} for row in wood_rows(3)])
    scope = scope_of(registers.register(register.path))
    found = find(scope, read([("q", "oak")], scope.columns), limit=50)
    assert (found.behind, found.total) == (3, 6)


def test_looking_backwards_through_a_large_list_stops_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    scope = scope_of(wood_register())
    monkeypatch.setattr(filters, "SMALL", 1)
    monkeypatch.setattr(walks, "LOOK_SECONDS", 0)
    monkeypatch.setattr(walks, "_BATCH", 10)
    asked = read([("name", "Wood 35")], scope.columns)
    page = find(scope, asked, limit=5)
    while page.stopped:
        page = find(scope, asked, limit=5, after=page.stopped)
    assert page.before is None
    page = find(scope, asked, limit=5, before=place_of(scope, "W059"))
    while page.before and not page.rows:
        page = find(scope, asked, limit=5, before=page.before)
    assert [record.key for _, record in page.rows] == ["W035"]


def place_of(scope: Scope, key: str) -> Place:
    return Place(None, scope.registers[0].path, key)
