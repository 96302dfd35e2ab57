"""The check of one row: its values as they are kept, and its faults in plain words."""

from __future__ import annotations

from typing import Any

import pytest

from guildhall.schema.load import parse_standard
from guildhall.schema.model import MAX_ITEM_BYTES
from guildhall.schema.rows import check_row, check_rows

from .makers import TREE, tree


def told(kind: str, value: object, **rest: Any) -> str:
    """What is said of one value of one field; nothing if it is right."""
    fields = [{"name": "key"}, {"name": "value", "type": kind} | rest]
    standard = parse_standard({"name": "any", "primaryKey": "key", "fields": fields})
    return " ".join(str(problem) for problem in check_row(standard, {"key": "1", "value": value})[1])


def test_check_good_row_gives_its_values_as_they_are_kept() -> None:
    row = {"tree": " T1 ", "Species": "oak", "height": 12.5, "tags": "old; tall;", "planted": "", "state": None}
    assert check_row(tree(), row) == ({"tree": "T1", "species": "oak", "height": "12.5", "tags": ["old", "tall"]}, [])


def test_check_row_takes_lists_and_json_values() -> None:
    assert check_row(tree(), {"tree": 7, "species": "oak", "tags": ["a;b", " "]})[0] == {
        "tree": "7", "species": "oak", "tags": ["a;b"],
    }  # fmt: skip


def test_check_row_composes_accents() -> None:
    assert check_row(tree(), {"tree": "1", "species": "cafe\u0301"})[0]["species"] == "caf\xe9"


def test_check_row_names_row_and_column_as_written() -> None:
    problem = check_row(tree(), {"TREE": "1", "Species ": " "}, number=7)[1][0]
    assert (problem.row, problem.column, problem.value, problem.rule) == (7, "Species ", "", "required")
    assert str(problem) == "Row 7, Species : this must be filled in. For example: oak."


def test_check_row_without_a_number_names_the_column_only() -> None:
    assert str(check_row(tree(), {"tree": "1"})[1][0]) == "species: this must be filled in. For example: oak."


def test_check_row_tells_every_column_that_is_at_fault() -> None:
    problems = check_row(tree(), {"tree": "", "species": "oak", "height": "tall", "planted": "soon"})[1]
    assert [problem.column for problem in problems] == ["tree", "height", "planted"]


@pytest.mark.parametrize(
    ("kind", "rest", "value", "better"),
    [
        ("date", {}, "23/03/2023", "2023-03-23"),
        ("date", {}, "23rd March 2023", "2023-03-23"),
        ("date", {}, "2023-03-23T00:00:00", "2023-03-23"),
        ("date", {}, "23-Mar-23", "2023-03-23"),
        ("date", {}, "12/23/2023", "2023-12-23"),
        ("date", {"format": "%d/%m/%Y"}, "2023-03-23", "23/03/2023"),
        ("datetime", {}, "23/03/2023 09:30", "2023-03-23T09:30:00Z"),
        ("time", {}, "9.30am", "09:30:00"),
        ("yearmonth", {}, "March 2023", "2023-03"),
        ("integer", {}, "3,562.00", "3562"),
        ("number", {}, "£3,562.12", "3562.12"),
        ("number", {}, "(12.50)", "-12.50"),
        ("year", {}, "2023.0", "2023"),
        ("boolean", {}, "Yes", "true"),
        ("boolean", {"trueValues": ["Y"], "falseValues": ["N"]}, "no", "N"),
        ("string", {"format": "uri"}, "www.hackney.gov.uk/a", "https://www.hackney.gov.uk/a"),
        ("string", {"format": "email"}, "mailto:me@example.org", "me@example.org"),
        ("string", {"constraints": {"enum": ["not granted", "granted"]}}, "Not-Granted", "not granted"),
        ("string", {"constraints": {"enum": ["residential", "office"]}}, "residental", "residential"),
        ("string", {"constraints": {"pattern": "(?i)(yes|not yet)"}}, "not_yet", "not yet"),
        ("string", {"constraints": {"pattern": "[A-Z][0-9]{8}"}}, "e0900 0012", "E09000012"),
        ("list", {"itemType": "date"}, "2023-01-01, 3/4/2023", "2023-04-03"),
    ],
)
def test_check_row_shows_the_corrected_value(kind: str, rest: dict[str, Any], value: str, better: str) -> None:
    assert f": write {better}." in told(kind, value, **rest)


@pytest.mark.parametrize(
    ("kind", "rest", "value", "words"),
    [
        (
            "date",
            {},
            "31/02/2001",
            "“31/02/2001” is not a date written YYYY-MM-DD: write a day that is in the calendar",
        ),
        ("date", {"constraints": {"minimum": "1990-01-01"}}, "1980-01-01", "is too early: 1990-01-01 or later."),
        ("date", {"format": "any"}, "soon", "“soon” is not a date: write it like"),
        ("integer", {}, "twelve", "“twelve” is not a whole number: write it like 12."),
        ("number", {"constraints": {"maximum": 5}}, "6", "“6” is too large: 5 or less."),
        (
            "string",
            {"constraints": {"minLength": 3}},
            "ab",
            "“ab” has 2 characters and is too short: at least 3 characters.",
        ),
        ("string", {"constraints": {"maxLength": 1}}, "ab", "has 2 characters and is too long: 1 character at most."),
        ("list", {"constraints": {"maxLength": 1}}, "a,b", "“a,b” has 2 values and is too long"),
        (
            "string",
            {"constraints": {"enum": list("abcdefghijklmnop")}},
            "zzz",
            "a, b, c, d, e, f, g, h, i, j, k, l … (16 in all)",
        ),
        ("boolean", {}, "maybe", "“maybe” is not true or false: write true or false."),
        ("geopoint", {}, "London", "is not a point written as longitude, latitude"),
        ("string", {"format": "uri"}, "x" * 100, "…” is not a web address"),
        ("string", {}, "a\x00b", "holds a character that cannot be kept"),
        ("string", {}, "\ud800", "holds a character that cannot be kept"),
        ("list", {}, ["a", "b\x00"], "holds a character that cannot be kept"),
    ],
)
def test_check_row_says_what_is_wrong(kind: str, rest: dict[str, Any], value: object, words: str) -> None:
    assert words in told(kind, value, **rest)


def test_pattern_error_shows_an_example_first_and_the_expression_last() -> None:
    words = told("string", "?", example="E09000012", constraints={"pattern": "^[A-Z][0-9]{8}$"})
    assert words == (
        "value: “?” is not written as it should be: write it like E09000012. (As an expression: [A-Z][0-9]{8})"
    )


@pytest.mark.parametrize(
    ("kind", "rest", "value"),
    [
        ("date", {}, "2024-02-29"),
        ("date", {"format": "%d/%m/%Y"}, "5/3/2023"),
        ("date", {"format": "any"}, "5 March 2023"),
        ("datetime", {}, "2023-03-05T09:30:00Z"),
        ("datetime", {}, "2023-03-05 09:30+01:00"),
        ("datetime", {"format": "%d/%m/%Y %H:%M"}, "05/03/2023 09:30"),
        ("datetime", {"constraints": {"maximum": "2000-01-01T00:00:00Z"}}, "2000-01-01T00:30:00+01:00"),
        ("time", {}, "09:30"),
        ("time", {"format": "%I:%M %p"}, "9:30 AM"),
        ("duration", {}, "P1Y2M"),
        ("number", {}, "-1.5e3"),
        ("number", {"bareNumber": False, "groupChar": ","}, "£1,234.50"),
        ("integer", {}, "-007"),
        ("point", {}, "POINT (-0.12 51.5)"),
        ("multipolygon", {}, "MULTIPOLYGON (((0 1, 1 2, 0 1)))"),
        ("geojson", {}, '{"type":"Point"}'),
        ("geopoint", {}, "-0.12, 51.5"),
        ("string", {"format": "curie"}, "local-authority:HCK"),
        ("string", {"format": "uri"}, "HTTPS://example.org/a?b"),
        ("string", {"format": "text"}, "line\nline"),
        ("any", {}, "anything"),
        ("list", {"constraints": {"enum": ["a", "b"]}}, ["a", "b"]),
        ("boolean", {}, True),
    ],
)
def test_check_row_accepts_what_is_right(kind: str, rest: dict[str, Any], value: object) -> None:
    assert told(kind, value, **rest) == ""


@pytest.mark.parametrize("key", [".", ".."])
def test_check_row_key_that_cannot_be_an_address_is_refused(key: str) -> None:
    assert f"“{key}” cannot name a record" in str(check_row(tree(), {"tree": key, "species": "oak"})[1][0])


def test_check_row_key_of_more_than_256_characters_is_refused() -> None:
    assert check_row(tree(), {"tree": "k" * 256, "species": "oak"})[1] == []
    assert "257 characters" in str(check_row(tree(), {"tree": "k" * 257, "species": "oak"})[1][0])


@pytest.mark.parametrize("text", ["x", '"', "\x07", "é"])
def test_check_row_item_of_more_than_64_kib_is_refused(text: str) -> None:
    frame = len('{"species":"","tree":"1"}')
    size = len(text.encode()) if text not in {'"', "\x07"} else {'"': 2, "\x07": 6}[text]
    most = (MAX_ITEM_BYTES - frame) // size
    assert check_row(tree(), {"tree": "1", "species": text * most})[1] == []
    assert [one.rule for one in check_row(tree(), {"tree": "1", "species": text * (most + 1)})[1]] == ["large_row"]


def test_check_row_examples_of_a_standard() -> None:
    assert (
        check_row(parse_standard(TREE), {"tree": "1", "species": "oak", "tags": ["a", "b", "c", "d"]})[1][0].rule
        == "too_long"
    )


def test_check_rows_says_the_same_as_the_check_of_each() -> None:
    rows: list[dict[str, Any]] = [
        {"tree": "1", "species": "oak"},
        {"tree": ".", "species": "o\0k", "tags": ["a"] * 9},
        {},
        {"TREE": 7, "height": "tall"},
    ]
    told_apart = [check_row(tree(), row, number=number) for number, row in enumerate(rows, 2)]
    assert check_rows(tree(), list(enumerate(rows, 2))) == told_apart
    assert [bool(problems) for _, problems in told_apart] == [False, True, True, True]
    assert check_rows(tree(), []) == []


@pytest.mark.parametrize(
    ("kind", "value", "rest", "parts"),
    [
        ("date", "32/1/20", {},
         ("“32/1/20” is not a date written YYYY-MM-DD.", "Write a day that is in the calendar, like 2023-03-23.")),
        ("string", "", {"constraints": {"required": True}}, ("This must be filled in.", "")),
        ("string", "", {"constraints": {"required": True}, "example": "A: b. C"},
         ("This must be filled in.", "For example: A: b. C.")),
        ("integer", "9: 8", {}, ("“9: 8” is not a whole number.", "Write it like 12.")),
        ("integer", "3", {"constraints": {"minimum": 5}}, ("“3” is too small.", "5 or more.")),
    ],
)  # fmt: skip
def test_problem_tells_what_is_wrong_and_what_to_do_apart(
    kind: str, value: str, rest: dict[str, Any], parts: tuple[str, str]
) -> None:
    fields = [{"name": "key"}, {"name": "value", "type": kind} | rest]
    standard = parse_standard({"name": "any", "primaryKey": "key", "fields": fields})
    (problem,) = check_row(standard, {"key": "1", "value": value})[1]
    assert problem.parts == parts
