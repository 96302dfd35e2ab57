"""Conditions, orders and counts, found in the same way however large the list."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from guildhall.kit.bounded import TooLongError
from guildhall.publishing.registers import Description, add_organisation, add_standard, open_register
from guildhall.registers import catalogue
from guildhall.registers.exports import files, parquet, subject
from guildhall.registers.followers import run as followers
from guildhall.registers.hiding.actions import What, hold
from guildhall.registers.models import Register, ValueCount
from guildhall.registers.queries import filters, joined, registers, scopes, walks
from guildhall.registers.queries.conditions import Condition, FilterError, Question
from guildhall.registers.queries.filters import find
from guildhall.registers.queries.parameters import read
from guildhall.registers.queries.scopes import Scope

from .woods import WOOD, Row, put, wood_register, wood_rows

pytestmark = pytest.mark.usefixtures("hall")

Pairs = list[tuple[str, str]]
INDEXED: list[tuple[Pairs, Callable[[dict[str, object]], bool]]] = [
    ([], bool),
    ([("species", "oak")], lambda row: row.get("species") == "oak"),
    ([("species", "100% yew")], lambda row: row.get("species") == "100% yew"),
    ([("species", "plum")], lambda row: row.get("species") == "plum"),
    ([("species", "oak"), ("species", "ash")], lambda row: row.get("species") in {"oak", "ash"}),
    ([("species__in", "oak, ash")], lambda row: row.get("species") in {"oak", "ash"}),
    ([("species__not", "oak")], lambda row: row.get("species") != "oak"),
    ([("species", "oak"), ("kind", "new")], lambda row: row.get("species") == "oak" and row.get("kind") == "new"),
    ([("planted__after", "31/12/1995")], lambda row: int(str(row.get("planted", "0"))[-4:]) > 1995),
    ([("planted__after", "1995")], lambda row: int(str(row.get("planted", "0"))[-4:]) > 1995),
    ([("planted__before", "1995-01-01")], lambda row: 0 < int(str(row.get("planted", "0"))[-4:]) < 1995),
    ([("planted", "1995")], lambda row: str(row.get("planted", ""))[-4:] == "1995"),
    ([("height__atleast", "9")], lambda row: float(str(row.get("height", "-1"))) >= 9),
    ([("height__atmost", "9")], lambda row: 0 <= float(str(row.get("height", "-1"))) <= 9),
    ([("height", "9")], lambda row: row.get("height") == "9.0"),
    ([("height__not", "9")], lambda row: row.get("height") != "9.0"),
    ([("birds", "owl")], lambda row: "owl" in list(row.get("birds", []))),  # type: ignore[call-overload]
    ([("birds__not", "owl")], lambda row: "owl" not in list(row.get("birds", []))),  # type: ignore[call-overload]
    ([("height__empty", "yes")], lambda row: "height" not in row),
    ([("height__empty", "no"), ("kind", "new")], lambda row: "height" in row and row["kind"] == "new"),
    ([("format__is", "pdf")], lambda row: row.get("format") == "pdf"),
    ([("wood__after", "W050")], lambda row: str(row["wood"]) > "W050"),
]
OTHERS: list[tuple[Pairs, Callable[[dict[str, object]], bool]]] = [
    ([("species__contains", "MON PINE")], lambda row: "Môn" in str(row.get("species"))),
    ([("species__contains", "100%")], lambda row: "100%" in str(row.get("species"))),
    ([("note__contains", "cafe, NO 1")], lambda row: "no 1" in str(row.get("note"))),
    ([("note__empty", "no"), ("kind", "new")], lambda row: "note" in row and row["kind"] == "new"),
    ([("name", "Wood 7")], lambda row: row["name"] == "Wood 7"),
]


@pytest.fixture(params=["read through", "narrowed", "walked", "from its file"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The same list, taken for a small one, a large one with few records left, or a large one with many."""
    if request.param != "read through":
        monkeypatch.setattr(filters, "SMALL", 0)
    if request.param in {"walked", "from its file"}:
        monkeypatch.setattr(filters, "NARROW", 0)
    if request.param == "from its file":
        monkeypatch.setattr(filters, "can_walk", lambda _asked: False)
    return str(request.param)


def scope_of(register: Register) -> Scope:
    return scopes.of_register(register, catalogue.current_standard(register.standard_name))


def with_file(register: Register) -> Scope:
    """With the file that is made of a large list."""
    files.make(subject.of_register(register), "parquet", parquet.write)
    return scopes.of_register(register, catalogue.current_standard(register.standard_name))


def question(scope: Scope, pairs: Pairs) -> Question:
    return read(pairs, scope.columns)


def all_keys(scope: Scope, asked: Question, *, limit: int = 7) -> list[str]:
    """Every page from the first to the last, and back again, which must show the same."""
    pages, page = [], find(scope, asked, limit=limit)
    while True:
        pages.append([(register.path, record.key) for register, record in page.rows])
        assert len(page.rows) <= limit
        if page.after is None:
            break
        previous = page
        page = find(scope, asked, limit=limit, after=page.after)
        if page.before is not None:
            back = find(scope, asked, limit=limit, before=page.before)
            assert [record.key for _, record in back.rows] == [record.key for _, record in previous.rows]
            assert (back.before is None) == (len(pages) == 1)
    return [f"{path.partition('/')[0]} {key}" if scope.is_joined else key for rows in pages for path, key in rows]


def test_filtering_finds_what_fulfils_all_conditions(size: str) -> None:
    scope = with_file(wood_register())
    for pairs, holds in INDEXED:
        wanted = [row["wood"] for row in wood_rows() if holds(row)]  # type: ignore[arg-type]
        assert all_keys(scope, question(scope, pairs)) == wanted, pairs


def test_filtering_by_fields_without_an_index_finds_the_same(size: str) -> None:
    register = wood_register()
    for scope in (scope_of(register), with_file(register)):
        for pairs, holds in OTHERS:
            wanted = [row["wood"] for row in wood_rows() if holds(row)]  # type: ignore[arg-type]
            found = find(scope, question(scope, pairs), limit=100)
            assert [record.key for _, record in found.rows] == wanted, pairs
            assert found.stopped is None


@pytest.mark.parametrize("pairs", [[], [("kind", "ancient")], [("height__atleast", "3")]], ids=repr)
def test_sorting_goes_by_what_values_mean_and_puts_missing_ones_last(size: str, pairs: Pairs) -> None:
    scope = with_file(wood_register())
    rows = [row for row in wood_rows() if not pairs or pairs[0][0] != "kind" or row["kind"] == "ancient"]
    rows = [row for row in rows if not pairs or pairs[0][0] == "kind" or float(str(row.get("height", -1))) >= 3]
    for sort in ("species", "-species", "planted", "-planted", "height", "-height", "wood", "-wood"):
        name, down = sort.removeprefix("-"), sort.startswith("-")
        wanted = [row["wood"] for row in sorted(rows, key=lambda row: _by(row, name, down), reverse=down)]
        assert all_keys(scope, question(scope, [*pairs, ("_sort", sort)])) == wanted, sort


def _by(row: Row, name: str, down: bool) -> tuple[bool, object, str]:  # noqa: FBT001
    """What a record is sorted by: what its value means, and its key."""
    value = str(row.get(name, ""))
    rank: object = value
    if name == "planted" and value:
        rank = value[6:] + value[3:5] + value[:2]
    if name == "height":
        rank = float(value or 0)
    return (not value) != down, rank, str(row["wood"])


@pytest.mark.parametrize("sort", ["", "-", "species", "-height", "note", "-organisation-name"])
def test_joined_lists_are_filtered_and_sorted_as_one(size: str, sort: str) -> None:
    rows = wood_rows()
    wood_register("ambridge", rows[:25])
    wood_register("borchester", [row | {"wood": f"X{row['wood']}"} for row in rows[25:]])
    wood_register("felpersham", rows[40:])
    files.make(subject.of_standard("wood"), "parquet", parquet.write)
    scope = scopes.of_standard(catalogue.current_standard("wood"), joined.registers_to("wood"))
    asked = question(scope, [("kind", "ancient"), ("_sort", sort)])
    found = all_keys(scope, asked)
    assert len(found) == len(set(found)) == sum(row["kind"] == "ancient" for row in rows + rows[40:])
    if not sort:
        assert found == sorted(found)
    whole = find(scope, asked, limit=1_000)
    assert found == [f"{register.path.partition('/')[0]} {record.key}" for register, record in whole.rows]


def test_long_values_that_begin_alike_are_told_apart(size: str) -> None:
    alike = "Quercus " * 33
    long = (alike + "robur", alike + "petraea", alike + "alba")
    rows = [row | {"species": long[place % 3]} for place, row in enumerate(wood_rows(12))]
    scope = with_file(wood_register(rows=rows))
    for place, value in enumerate(long):
        wanted = [row["wood"] for row in rows[place::3]]
        assert all_keys(scope, _is_text(scope, "species", "is", value)) == wanted
        assert find(scope, _is_text(scope, "species", "is", value), limit=2).total == 4
        others = [row["wood"] for row in rows if row["species"] != value]
        assert all_keys(scope, _is_text(scope, "species", "not", value)) == others
    later = [row["wood"] for row in rows if str(row["species"]) > long[1]]
    assert all_keys(scope, _is_text(scope, "species", "after", long[1])) == later
    assert find(scope, Question(), limit=2).facets == find(scope, Question(), limit=5).facets
    assert "species" not in {facet.column for facet in find(scope, Question(), limit=2).facets}


def _is_text(scope: Scope, column: str, operator: str, value: str) -> Question:
    """Longer than an address may have it."""
    return Question((Condition(column, scope.columns[column], operator, (value,)),))


def test_number_beyond_all_numbers_stands_where_there_is_none(size: str) -> None:
    heights = ("3", "1e400", "1", "-1e400", "2")
    rows = [row | {"height": heights[place % 5]} for place, row in enumerate(wood_rows(10))]
    scope = with_file(wood_register(rows=rows))
    for sort in ("height", "-height"):
        ordered = sorted((row for row in rows if "e" not in str(row["height"])), key=lambda row: str(row["height"]))
        keys = [str(row["wood"]) for row in ordered]
        found = all_keys(scope, question(scope, [("_sort", sort)]), limit=3)
        assert sorted(found) == [row["wood"] for row in rows]
        assert {row["wood"]: row["height"] for row in rows}[found[0]] == ("1" if sort == "height" else "3")
        assert set(found[6:]) == {row["wood"] for row in rows} - set(keys)
    assert set(all_keys(scope, question(scope, [("height__atleast", "0")]))) == set(keys)


def test_number_that_a_record_has_twice_does_not_show_it_twice(size: str) -> None:
    name, numbers = "girths", {"name": "girths", "title": "Girths", "type": "list", "delimiter": ";", "indexed": True}
    copse = WOOD | {"name": "copse", "fields": [*WOOD["fields"], numbers | {"itemType": "number"}]}  # type: ignore[misc]
    add_organisation({"organisation": "ambridge", "name": "Ambridge", "kind": "council"})
    add_standard(copse)
    register = open_register("ambridge/copse", catalogue.current_standard("copse"), Description())
    put(register, [row | {name: ["1", "1.0", "2"]} for row in wood_rows(9)])
    scope = with_file(registers.register(register.path))
    assert all_keys(scope, question(scope, [(name, "1")]), limit=2) == [row["wood"] for row in wood_rows(9)]


def test_joined_lists_are_filtered_by_what_is_known_of_the_list(size: str) -> None:
    wood_register("ambridge", wood_rows(5))
    wood_register("borchester", wood_rows(5))
    scope = scopes.of_standard(catalogue.current_standard("wood"), joined.registers_to("wood"))
    assert len(all_keys(scope, question(scope, [("region", "London")]))) == 10
    assert all_keys(scope, question(scope, [("organisation", "borchester"), ("wood.region__empty", "no")])) == []
    files.make(subject.of_standard("wood"), "parquet", parquet.write)
    asked = question(scope, [("organisation", "borchester"), ("note__contains", "café"), ("_sort", "-name")])
    assert all_keys(scope, asked) == ["borchester W002"]
    found = find(scope, question(scope, [("organisation-name__contains", "ambr")]), limit=50)
    assert {register.path for register, _ in found.rows} == {"ambridge/wood"}


def test_totals_and_counts_say_what_there_is(size: str) -> None:
    scope = with_file(wood_register())
    whole = find(scope, Question(), limit=5)
    assert whole.total == 60
    kinds = next(facet for facet in whole.facets if facet.column == "kind")
    assert kinds.values == [("ancient", 40), ("new", 20)]
    some = find(scope, question(scope, [("species", "oak")]), limit=5)
    assert some.total == 12
    kinds = next(facet for facet in some.facets if facet.column == "kind")
    assert kinds.values == [("ancient", 8), ("new", 4)]


def test_counts_of_a_file_are_those_of_the_newest_that_may_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filters, "SMALL", 0)
    monkeypatch.setattr(filters, "NARROW", 0)
    register = wood_register()

    def counted() -> tuple[int | None, list[tuple[str, int]]]:
        scope = scope_of(registers.register(register.path))
        found = find(scope, question(scope, [("species__not", "oak")]), limit=5)
        return found.total, [value for facet in found.facets if facet.column == "kind" for value in facet.values]

    with_file(register)
    assert [counted() for _ in range(2)] == [(48, [("ancient", 32), ("new", 16)])] * 2
    put(register, [row | {"species": "ash"} for row in wood_rows()])
    with_file(registers.register(register.path))
    assert counted() == (60, [("ancient", 40), ("new", 20)])
    hold(what=What(register.path, key="W001"))
    assert counted()[1] == []  # until there is a file without it
    with_file(registers.register(register.path))
    assert sum(count for _, count in counted()[1]) == 59


def test_joined_lists_are_counted_under_conditions_that_many_fulfil(size: str) -> None:
    for slug in ("ambridge", "borchester"):
        wood_register(slug, wood_rows(30))
    files.make(subject.of_standard("wood"), "parquet", parquet.write)
    scope = scopes.of_standard(catalogue.current_standard("wood"), joined.registers_to("wood"))
    some = find(scope, question(scope, [("kind__not", "new")]), limit=5)
    assert some.total == 40
    species = next(facet for facet in some.facets if facet.column == "species")
    assert species.values == [("100% yew", 8), ("Elm", 8), ("Ynys Môn pine", 8), ("ash", 8), ("oak", 8)]


def test_joined_lists_are_sorted_as_their_file_shows_them(monkeypatch: pytest.MonkeyPatch) -> None:
    register = wood_register("ambridge", wood_rows(6))
    wood_register("borchester", wood_rows(6))
    files.make(subject.of_standard("wood"), "parquet", parquet.write)
    put(register, [{"wood": "W000", "name": "Wood 99", "species": "lime", "kind": "new"}])
    wood_register("felpersham", wood_rows(3))
    monkeypatch.setattr(filters, "SMALL", 0)
    scope = scopes.of_standard(catalogue.current_standard("wood"), joined.registers_to("wood"))
    found = find(scope, question(scope, [("_sort", "-name")]), limit=50)
    assert [record.item["name"] for _, record in found.rows] == [f"Wood {5 - number // 2}" for number in range(12)]
    assert (found.total, found.behind) == (12, 7)


def test_sorting_by_an_index_goes_with_conditions_that_no_index_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    scope = scope_of(wood_register())
    monkeypatch.setattr(filters, "SMALL", 0)
    monkeypatch.setattr(walks, "_BATCH", 10)
    asked = question(scope, [("name__contains", "3"), ("kind", "new"), ("_sort", "-height")])
    rows = [row for row in wood_rows() if "3" in str(row["name"]) and row["kind"] == "new"]
    wanted = sorted(rows, key=lambda row: _by(row, "height", down=True), reverse=True)
    monkeypatch.setattr(filters, "NARROW", 0)
    assert all_keys(scope, asked, limit=3) == [row["wood"] for row in wanted]


def test_counts_follow_changes_and_a_rebuild() -> None:
    register = wood_register(rows=wood_rows(10))
    put(register, [{"wood": "W001", "name": "Wood 1", "species": "elder", "kind": "new"}])
    put(register, [{"wood": "W001", "name": "Wood 1", "species": "lime", "kind": "new"}])

    def kept() -> dict[tuple[str, str], int]:
        rows = ValueCount.objects.filter(register=register).values_list("field", "value", "count")
        return {(field, value): count for field, value, count in rows}

    before = kept()
    assert before["species", "lime"] == 1
    assert ("species", "elder") not in before
    assert sum(count for (field, _), count in before.items() if field == "species") == 10
    list(followers.rebuild(followers.follower("values")))
    assert kept() == before


def test_a_page_says_how_far_the_indexes_are_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    register = wood_register(rows=wood_rows(10))
    monkeypatch.setattr(followers, "catch_up", lambda: 0)
    put(register, [row | {"species": "lime"} for row in wood_rows(3)])
    scope = scope_of(registers.register(register.path))
    assert find(scope, question(scope, [("species", "lime")]), limit=5).behind == 0
    monkeypatch.setattr(filters, "SMALL", 0)
    found = find(scope, question(scope, [("species", "lime")]), limit=5)
    assert (found.rows, found.behind) == ([], 3)


def test_looking_through_a_large_list_stops_in_time_and_goes_on_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    scope = scope_of(wood_register())
    monkeypatch.setattr(filters, "SMALL", 0)
    monkeypatch.setattr(walks, "LOOK_SECONDS", 0)
    monkeypatch.setattr(walks, "_BATCH", 10)
    asked = question(scope, [("name", "Wood 35")])
    page = find(scope, asked, limit=5)
    assert (page.rows, page.total) == ([], None)
    assert page.stopped is not None
    assert page.stopped.key == "W009"
    while page.stopped:
        page = find(scope, asked, limit=5, after=page.stopped)
        if page.rows:
            break
    assert [record.key for _, record in page.rows] == ["W035"]


def test_sorting_a_large_list_by_a_field_without_an_index_says_that_it_takes_too_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scope = scope_of(wood_register())
    monkeypatch.setattr(filters, "SMALL", 0)
    with pytest.raises(TooLongError) as caught:
        find(scope, question(scope, [("_sort", "note")]), limit=5)
    assert "download" in caught.value.remedy


@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        ([("colour", "red")], "no field called colour"),
        ([("species__like", "x")], "no field called species__like"),
        ([("_sort", "colour")], "no field called colour"),
        ([("_columns", "species,colour")], "no field called colour"),
        ([("planted__after", "2001-02-30")], "cannot be compared with planted"),
        ([("planted__after", "a long time ago")], "cannot be compared with planted"),
        ([("height__atleast", "tall")], "cannot be compared with height"),
        ([("height__empty", "maybe")], "must be yes or no"),
        ([("planted__after", "nan")], "cannot be compared with planted"),
        ([("height__atleast", "nan")], "cannot be compared with height"),
        ([("height__atleast", "1e400")], "cannot be compared with height"),
        ([("height__atmost", "-inf")], "cannot be compared with height"),
        ([("_sort", "kind"), ("_sort", "-height")], "_sort is given more than once"),
        ([("_columns", "kind"), ("_columns", "kind")], "_columns is given more than once"),
        ([("_sortt", "kind")], "no parameter called _sortt"),
        ([("_limit", "5")], "no parameter called _limit"),
        ([("page-index", "2")], "page-index is not asked for here"),
        ([("q", "x" * 301)], "given for q cannot be looked for"),
        ([("q", "a\0b")], "given for q cannot be looked for"),
        ([("species", "x" * 301)], "cannot be looked for"),
        ([("species", "a\0b")], "cannot be looked for"),
        ([("species", str(number)) for number in range(101)], "more values"),
        ([("note__contains", str(number)) for number in range(21)], "more conditions"),
    ],
)
def test_reading_refuses_what_cannot_be_asked(pairs: Pairs, told: str) -> None:
    fields = {str(one["name"]): field for one, field in zip(WOOD["fields"], _fields(), strict=True)}  # type: ignore[arg-type]
    with pytest.raises(FilterError) as caught:
        read(pairs, fields)
    assert told in caught.value.problem
    assert caught.value.remedy


@pytest.mark.parametrize("pairs", [pairs for pairs, _ in INDEXED + OTHERS], ids=repr)
def test_a_question_can_be_written_and_read_again(pairs: Pairs) -> None:
    fields = {field.name: field for field in _fields()}
    asked = read([*pairs, ("q", "oak 100%"), ("_sort", "-planted"), ("_columns", "species,note")], fields)
    assert read(asked.pairs(), fields) == asked


def test_reading_passes_over_what_other_sites_add_to_links() -> None:
    fields = {field.name: field for field in _fields()}
    assert read([("utm_source", "x"), ("fbclid", "y"), ("_", "2"), ("at", "3"), ("species", "")], fields).is_plain


def _fields() -> tuple[object, ...]:
    from guildhall.schema.load import parse_standard  # noqa: PLC0415

    return parse_standard(WOOD).fields  # type: ignore[return-value]
