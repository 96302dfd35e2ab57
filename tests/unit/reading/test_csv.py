"""CSV as it is downloaded: whatever stands in a value comes back as it was, and a spreadsheet runs none of it."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.log.canonical import canonical_json
from guildhall.registers.exports.frames import frame_of
from guildhall.registers.exports.subject import Subject
from guildhall.registers.exports.texts import csv_of
from guildhall.schema.load import parse_standard

STANDARD = parse_standard(
    {
        "name": "thing",
        "primaryKey": "thing",
        "fields": [
            {"name": "thing", "type": "string"},
            {"name": "note, with comma", "type": "string"},
            {"name": "size", "type": "number"},
            {"name": "parts", "type": "list", "delimiter": ";"},
            {"name": "place", "type": "geopoint"},
        ],
    }
)
SUBJECT = Subject(STANDARD, (), (), is_joined=False, position=0)
SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # noqa: RUF001 - a spreadsheet takes the wide ones too
FORMULA = (*SIGNS, "\t", "\r", "\n")

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)
figures = st.floats(allow_nan=False, allow_infinity=False).map(str)
items = st.fixed_dictionaries(
    {"thing": texts},
    optional={
        "note, with comma": texts | st.sampled_from(FORMULA).flatmap(lambda sign: texts.map(lambda text: sign + text)),
        "size": figures,
        "parts": st.lists(texts.filter(lambda text: ";" not in text), min_size=1, max_size=3),
    },
)


def made(rows: list[dict[str, str | list[str]]], *, for_excel: bool = False) -> bytes:
    stored = [(str(row["thing"]), canonical_json(row)) for row in rows]
    frame = frame_of(SUBJECT, stored, [0] * len(rows))
    return b"".join(csv_of(SUBJECT, [frame], for_excel=for_excel))


def runs(text: str) -> bool:
    return text.startswith(FORMULA) or text.lstrip().startswith(SIGNS)


def read(text: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.decode(), newline="")))


@given(st.lists(items, min_size=1, max_size=20))
def test_plain_csv_read_back_gives_every_value_as_it_was(rows: list[dict[str, str | list[str]]]) -> None:
    header, *lines = read(made(rows))
    assert header == ["thing", "note, with comma", "size", "parts", "place"]
    wanted = [
        [value if isinstance(value := row.get(name, ""), str) else ";".join(value) for name in header] for row in rows
    ]
    assert lines == wanted


@given(st.lists(items, min_size=1, max_size=20))
def test_csv_for_excel_has_nothing_that_runs_as_a_formula(rows: list[dict[str, str | list[str]]]) -> None:
    text = made(rows, for_excel=True)
    assert text.startswith(b"\xef\xbb\xbf")
    plain, escaped = read(made(rows)), read(text.removeprefix(b"\xef\xbb\xbf"))
    for before, after in zip(plain[1:], escaped[1:], strict=True):
        for place, (was, is_now) in enumerate(zip(before, after, strict=True)):
            is_figure = place == 2
            assert is_now == was or (is_now == f"'{was}" and runs(was))
            assert is_figure or not runs(is_now)


@pytest.mark.parametrize(
    "value",
    [
        "=1+1",
        "+44",
        "-1",
        "@SUM(A1)",
        "=cmd|' /C calc'!A0",
        "\t=1",
        "\tx",
        "\r=1",
        "\n=1",
        "  =1+1",
        "\u00a0=1+1",
        '=HYPERLINK("https://example.org","x")',
        "＝1+1",  # noqa: RUF001
        "＠SUM(A1)",  # noqa: RUF001
    ],
)
def test_csv_for_excel_marks_a_text_that_begins_as_a_formula(value: str) -> None:
    rows: list[dict[str, str | list[str]]] = [{"thing": value}]
    assert read(made(rows, for_excel=True).removeprefix(b"\xef\xbb\xbf"))[1][0] == f"'{value}"
    assert read(made(rows))[1][0] == value


def test_csv_for_excel_leaves_negative_numbers_as_numbers() -> None:
    rows: list[dict[str, str | list[str]]] = [
        {"thing": "a", "size": "-0.5", "place": "-0.06,51.55"},
        {"thing": "b", "size": "-1+2", "place": "-1,=1"},
    ]
    _, first, second = read(made(rows, for_excel=True).removeprefix(b"\xef\xbb\xbf"))
    assert (first[2], second[2]) == ("-0.5", "'-1+2")
    assert (first[4], second[4]) == ("-0.06,51.55", "'-1,=1")


def test_value_of_another_kind_than_the_standard_has_is_not_lost() -> None:
    """As a value kept to an earlier version of the standard may be."""
    rows: list[dict[str, str | list[str]]] = [{"thing": "a", "note, with comma": ["x", "y"], "parts": "one"}]
    assert read(made(rows))[1] == ["a", '["x", "y"]', "", "one", ""]
