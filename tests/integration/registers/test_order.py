"""Keys and values in the order of code points, in whatever language the database sorts."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models

from guildhall.kit.code_points import CodePointField
from guildhall.publishing.registers import Description, add_organisation, open_register
from guildhall.registers import catalogue
from guildhall.registers.compare import compare
from guildhall.registers.exports.frames import raw_rows
from guildhall.registers.models import Register
from guildhall.registers.queries import filters, joined, records, scopes
from guildhall.registers.queries.conditions import Question
from guildhall.registers.rows import ListRows
from guildhall.search import vocabulary

from .woods import Row, put, wood_register

# Dictionaries put capitals beside small letters and accents beside bare ones, and pass over signs.
KEYS = (
    "A",
    "Zed",
    "a",
    "a b",
    "a-b",
    "ab",
    "B",
    "b",
    "é",
    "e",
    "f",
    "É1",
    "_x",
    "~x",
    "x",
    "x/1",
    "10",
    "9",
    "ǆ",
    "🌳",
    "ﬁ",
)
SLUGS = ("a-shire", "ab", "a-b", "abc", "a10", "a9")


@pytest.fixture(autouse=True)
def _empty(hall: None) -> None: ...


def _rows(keys: tuple[str, ...] = KEYS) -> list[Row]:
    return [{"wood": key, "name": key, "species": key, "kind": "new"} for key in keys]


def _lists() -> list[Register]:
    """One list, and others to the same standard in which every third record has no species."""
    wood_register("ab", _rows())
    for slug in SLUGS:
        if slug != "ab":
            add_organisation({"organisation": slug, "name": slug, "kind": "council"})
            register = open_register(f"{slug}/wood", catalogue.current_standard("wood"), Description())
            rows = _rows(KEYS[:7])
            for row in rows[::3]:
                del row["species"]
            put(register, rows)
    return joined.registers_to("wood")


def _one(path: str = "ab/wood") -> Register:
    return next(register for register in _lists() if register.path == path)


def _all_keys(scope: scopes.Scope, question: Question) -> list[str]:
    """Page by page to the end, and the same back again."""
    pages = [filters.find(scope, question, limit=4)]
    while pages[-1].after is not None:
        pages.append(filters.find(scope, question, limit=4, after=pages[-1].after))
        back = filters.find(scope, question, limit=4, before=pages[-1].before)
        assert back.rows == pages[-2].rows
    return [f"{register.path} {record.key}" for page in pages for register, record in page.rows]


def test_paging_through_records_shows_each_once() -> None:
    register = _one()
    size = register.head.size
    forwards, after = [], None
    while True:
        page = records.record_page(register, size, limit=3, after=after)
        forwards += [record.key for record in page.rows]
        if page.after is None:
            break
        after = page.after
    backwards, before = [], records.record_page(register, size, limit=1, before="\U0010ffff").rows[-1].key
    while True:
        page = records.record_page(register, size, limit=3, before=before)
        backwards[:0] = [record.key for record in page.rows]
        if page.before is None:
            break
        before = page.before
    assert forwards == sorted(KEYS)
    assert backwards == sorted(KEYS)[:-1]


def test_streams_have_every_record_once(monkeypatch: pytest.MonkeyPatch) -> None:
    register = _one()
    monkeypatch.setattr(records, "STREAM_ROWS", 4)
    monkeypatch.setattr("guildhall.registers.exports.frames.ROWS", 4)
    assert [record.key for record in records.stream_records(register, register.head.size)] == sorted(KEYS)
    assert [key for rows in raw_rows(register, register.head.size) for key, _ in rows] == sorted(KEYS)
    assert [one.key for one in records.stream_records(register, register.head.size, first="a", last="b")] == [
        key for key in sorted(KEYS) if "a" <= key <= "b"
    ]


def test_joined_pages_have_every_record_once() -> None:
    wanted = [(one.path, record.key) for one in _lists() for record in records.stream_records(one, one.head.size)]
    assert [path for path, _ in wanted] == sorted(path for path, _ in wanted)
    forwards, after = list[tuple[str, str]](), None
    while True:
        page = joined.joined_page("wood", limit=4, after=after)
        forwards += [(row.register.path, row.record.key) for row in page.rows]
        if page.after is None:
            break
        after = page.after
    backwards, before = list[tuple[str, str]](), ("\U0010ffff", "")
    while before is not None:
        page = joined.joined_page("wood", limit=4, before=before)
        backwards[:0] = [(row.register.path, row.record.key) for row in page.rows]
        before = page.before
    assert forwards == wanted
    assert backwards == wanted


@pytest.mark.parametrize("sort", ["", "species"])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("small", [0, filters.SMALL])
def test_tables_are_paged_alike_from_memory_and_from_an_index(
    monkeypatch: pytest.MonkeyPatch, sort: str, small: int, *, descending: bool
) -> None:
    lists = _lists()
    standard = catalogue.current_standard("wood")
    monkeypatch.setattr(filters, "SMALL", small)
    question = Question(sort=sort, descending=descending)
    ab = next(one for one in lists if one.path == "ab/wood")
    own = _all_keys(scopes.of_register(ab, standard), question)
    assert own == [f"ab/wood {key}" for key in sorted(KEYS, reverse=descending)]
    found = _all_keys(scopes.of_standard(standard, lists), question)
    assert len(found) == len(set(found)) == len(KEYS) + 7 * (len(SLUGS) - 1)


def test_what_a_file_no_longer_has_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    register = _one()
    monkeypatch.setattr("guildhall.registers.compare._KEYS_AT_ONCE", 3)
    kept = ListRows.of(catalogue.current_standard("wood"), _rows(KEYS[::2]))
    assert compare(register, kept).missing == sorted(KEYS[1::2])


def test_words_that_begin_alike_are_found() -> None:
    vocabulary.change(dict.fromkeys(("oak", "oaken", "oaks", "oak中", "oaž", "Oakham"), 1))
    assert set(vocabulary.beginning_with("oak")) == {"oaken", "oaks", "oak中"}


def test_what_an_index_holds_is_compared_by_code_points() -> None:
    bare = [
        f"{model.__name__}.{field.name}"
        for name in ("registers", "search")
        for model in apps.get_app_config(name).get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField) and not isinstance(field, CodePointField) and _is_indexed(model, field)
    ]
    assert bare == ["PastOrigin.origin"]  # never put in an order, only looked for


def _is_indexed(model: type[models.Model], field: models.CharField[str, str]) -> bool:
    named = [
        *model._meta.indexes,
        *(one for one in model._meta.constraints if isinstance(one, models.UniqueConstraint)),
    ]
    return (
        field.unique or field.db_index or any(field.name in {name.lstrip("-") for name in one.fields} for one in named)
    )


def test_the_tables_of_postgresql_say_how_their_keys_are_compared() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE collation_name = 'C'"
        )
        told = {name for (name,) in cursor.fetchall()}
    for name in ("registers", "search"):
        for model in apps.get_app_config(name).get_models():
            for field in model._meta.concrete_fields:
                if isinstance(field, CodePointField):
                    assert f"{model._meta.db_table}.{field.column}" in told
    assert "search_gram.word_id" in told
