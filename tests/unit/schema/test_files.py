"""The check of a whole file: totals, first examples, advice, and the same words as for one row."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from guildhall.schema.files import EXAMPLES, compile_check
from guildhall.schema.gate import open_table
from guildhall.schema.items import make_item, make_items
from guildhall.schema.load import parse_standard
from guildhall.schema.rows import check_row
from guildhall.schema.text import tidy

from .makers import TREE, report, tree, write

EVERYTHING = parse_standard(
    {
        "name": "everything",
        "primaryKey": ["code", "day"],
        "fields": [
            {"name": "code", "constraints": {"pattern": "[A-Z]{1,2}[0-9]*"}, "example": "A1"},
            {"name": "day", "type": "date", "constraints": {"minimum": "2000-01-01"}},
            {"name": "count", "type": "integer", "constraints": {"required": True, "maximum": 99}},
            {"name": "rate", "type": "number", "groupChar": ","},
            {"name": "open", "type": "boolean"},
            {"name": "state", "constraints": {"enum": ["on", "off"], "maxLength": 2}},
            {"name": "ends", "type": "date", "format": "%d/%m/%Y"},
            {"name": "seen", "type": "datetime", "constraints": {"maximum": "2030-01-01T00:00:00Z"}},
            {"name": "days", "type": "list", "itemType": "date", "delimiter": ";", "constraints": {"minLength": 2}},
            {"name": "site", "format": "uri"},
        ],
    }
)
NAMES = [field.name for field in EVERYTHING.fields]
ODD = (
    "", " ", "A1", "a1", ".", "2020-02-29", "2019-02-29", "29/02/2020", "5", "500", "1,000", "£5", "true", "Yes", "on",
    "ON", "2020-01-01T10:00Z", "2040-01-01T00:00:00Z", "2020-01-01;2020-01-02", "2020-01-01;x", ";", "https://a.uk",
    "www.a.uk", "\xa0x\u0301",
)  # fmt: skip
CELL = st.sampled_from(ODD) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00"), max_size=8)
GOOD = {
    "code": "B",
    "day": "2020-02-28",
    "count": "7",
    "rate": "1,000.5",
    "open": "false",
    "state": "on",
    "ends": "1/2/2020",
    "seen": "2020-01-01T10:00:00Z",
    "days": "",
    "site": "https://b.uk",
}
ROW = st.fixed_dictionaries({name: st.just(good) | st.just(good) | CELL for name, good in GOOD.items()}).filter(
    lambda row: any(tidy(cell) for cell in row.values())
)


def as_csv(rows: list[dict[str, str]]) -> tuple[str, list[int]]:
    """The text of a file, and the line that each row begins on."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, NAMES, lineterminator="\n")
    writer.writeheader()
    lines = []
    for row in rows:
        lines.append(text.getvalue().count("\n") + 1)
        writer.writerow(row)
    return text.getvalue(), lines


@settings(deadline=None)
@given(st.lists(ROW, min_size=1, max_size=EXAMPLES))
def test_file_check_and_row_check_say_the_same(rows: list[dict[str, str]]) -> None:
    text, lines = as_csv(rows)
    with tempfile.TemporaryDirectory() as folder:
        found = report(Path(folder), text, EVERYTHING)
    told = [one for group in found.groups for one in group.examples]
    repeated = {one.row for one in told if one.rule == "repeated"}
    checked = [check_row(EVERYTHING, row, number=line) for row, line in zip(rows, lines, strict=True)]
    assert {str(one) for one in told if one.rule != "repeated"} == {str(one) for _, some in checked for one in some}
    assert found.error_count == len({one.row for _, some in checked for one in some} | repeated)
    good = [values for (values, some), line in zip(checked, lines, strict=True) if not some and line not in repeated]
    assert list(zip(*make_items(EVERYTHING, found.rows), strict=True)) == [make_item(EVERYTHING, one) for one in good]


def test_check_good_file_gives_rows_by_field_name(tmp_path: Path) -> None:
    found = report(tmp_path, "Tree,SPECIES,tags\n T1 ,oak,a;b\nT2,ash,\n")
    assert (found.row_count, found.error_count, found.groups, found.problems) == (2, 0, [], [])
    assert found.rows.to_dict(as_series=False) == {
        "tree": ["T1", "T2"],
        "species": ["oak", "ash"],
        "tags": [["a", "b"], None],
    }


def test_check_totals_are_exact_and_examples_few(tmp_path: Path) -> None:
    rows = "".join(f"T{number},oak,{'tall' if number % 3 == 0 else 5}\n" for number in range(3_000))
    found = report(tmp_path, f"tree,species,height\n{rows}")
    group = found.groups[0]
    assert (found.row_count, found.error_count, found.rows.height) == (3_000, 1_000, 2_000)
    assert (group.count, group.first_row, len(group.examples)) == (1_000, 2, EXAMPLES)
    assert group.summary == "height: not a number. 1,000 rows, first in row 2."
    assert str(group.examples[1]) == "Row 5, height: “tall” is not a number: write it like 12.5."


def test_check_row_with_two_faults_counts_once(tmp_path: Path) -> None:
    found = report(tmp_path, "tree,species,height\nT1,,tall\n")
    assert (found.error_count, len(found.groups)) == (1, 2)


def test_check_repeated_key_names_both_rows(tmp_path: Path) -> None:
    found = report(tmp_path, "tree,species\nT1,oak\nT2,ash\nT1,elm\n T1,fir\n")
    assert (found.error_count, found.groups[0].count) == (2, 2)
    assert str(found.groups[0].examples[0]).startswith("Row 4, tree: “T1” stands in row 2 already")


def test_check_repeated_composite_key_names_both_columns(tmp_path: Path) -> None:
    row = "A1,2020-01-01,5\n"
    found = report(tmp_path, f"code,day,count\n{row}A1,2020-01-02,5\n{row}", EVERYTHING)
    assert str(found.groups[0].examples[0]).startswith("Row 4, code and day: “A1/2020-01-01” stands in row 2 already")


def test_check_unique_field_that_is_not_the_key(tmp_path: Path) -> None:
    standard = parse_standard(TREE | {"fields": [*TREE["fields"], {"name": "tag", "constraints": {"unique": True}}]})
    found = report(tmp_path, "tree,species,tag\nT1,oak,x\nT2,ash,\nT3,ash,\nT4,ash,x\n", standard)
    assert [(group.column, group.rule, group.count) for group in found.groups] == [("tag", "repeated", 1)]


def test_check_missing_key_column_is_a_problem_of_the_file(tmp_path: Path) -> None:
    found = report(tmp_path, "treee,species\nT1,oak\n")
    assert (found.error_count, found.row_count) == (1, 1)
    assert "Is it treee? Then rename it to tree." in str(found.problems[0])
    assert found.groups[0].examples == found.problems
    assert found.groups[0].summary == "tree: there is no such column. 1 row in all."
    assert found.rows.height == 0
    assert make_items(tree(), found.rows) == ([], [])


def test_check_missing_required_column_is_a_problem_of_the_file(tmp_path: Path) -> None:
    found = report(tmp_path, "tree,height\nT1,5\n")
    assert "Add a column called species." in str(found.problems[0])


def test_check_another_list_says_so_once(tmp_path: Path) -> None:
    found = report(tmp_path, "payee,amount\nAcme,5\n")
    assert len(found.problems) == 1
    assert "This file does not look like Tree" in str(found.problems[0])


def test_check_two_columns_for_one_field_is_a_problem(tmp_path: Path) -> None:
    found = report(tmp_path, "tree,species,Spe cies\nT1,oak,ash\n")
    assert "species and Spe cies both bear this name" in str(found.problems[0])


def test_check_extra_and_misspelt_columns_are_advice(tmp_path: Path) -> None:
    found = report(tmp_path, "tree,species,hieght,girth\nT1,oak,5,1\n")
    assert found.error_count == 0
    assert "Not in the data standard, and left out: hieght, girth." in found.notes
    assert "Did you mean height by the column hieght? Then rename it." in found.notes
    assert any(
        note.startswith("Columns of the data standard that the file does not have: planted") for note in found.notes
    )


def test_check_alias_and_title_are_read_and_told(tmp_path: Path) -> None:
    standard = parse_standard(
        TREE | {"fields": [{"name": "tree", "aliases": ["TreeID"]}, {"name": "species", "title": "Kind of tree"}]}
    )
    found = report(tmp_path, "tree_id,kind of tree\nT1,oak\n", standard)
    assert found.rows.columns == ["tree", "species"]
    assert found.notes == ["The column tree_id was read as tree.", "The column kind of tree was read as species."]


def test_check_fields_that_should_be_filled_in_are_advice(tmp_path: Path) -> None:
    fields = [*TREE["fields"], {"name": "girth", "level": "should"}, {"name": "ward", "level": "should"}]
    found = report(tmp_path, "tree,species,girth\nT1,oak,\nT2,oak,5\n", parse_standard(TREE | {"fields": fields}))
    assert found.error_count == 0
    assert "girth should be filled in, and is empty in 1 row." in found.notes
    assert "There is no column ward, and the data standard says that there should be." in found.notes


def test_check_blank_rows_are_left_out_and_lines_stay_right(tmp_path: Path) -> None:
    found = report(tmp_path, "tree,species,note\nT1,oak,\n,, \nT2,,\n,,total\n")
    assert found.row_count == 3
    assert "1 blank row was left out." in found.notes
    assert [str(one).partition(":")[0] for group in found.groups for one in group.examples] == [
        "Row 5, tree", "Row 4, species", "Row 5, species",
    ]  # fmt: skip


def test_check_column_order_does_not_matter(tmp_path: Path) -> None:
    assert report(tmp_path, "species,tree\noak,T1\n").rows.rows() == [("T1", "oak")]


def test_check_more_rows_than_one_slice_finds_all(tmp_path: Path) -> None:
    rows = pl.DataFrame({"tree": pl.int_range(150_000, eager=True).cast(pl.String), "species": "oak", "height": "5"})
    rows[149_999, "height"] = "999"
    path = write(tmp_path, "")
    rows.write_csv(path)
    found = compile_check(tree()).run(open_table(path, expect=tree()))
    assert (found.row_count, found.error_count) == (150_000, 1)
    assert str(found.groups[0].examples[0]) == "Row 150,001, height: “999” is too large: 120 or less."
