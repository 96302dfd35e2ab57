"""The gate: files with the faults that real ones have, read all the same or refused with a plain reason."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildhall.schema import scan
from guildhall.schema.gate import GateError, Table, open_table

from .makers import tree, write


def opened(folder: Path, content: str | bytes) -> Table:
    return open_table(write(folder, content), expect=tree())


def rows(table: Table) -> list[tuple[str | None, ...]]:
    return table.frame.rows()


OAK = [("T1", "oak"), ("T2", "ash")]


@pytest.mark.parametrize(
    "content",
    [
        b"tree,species\nT1,oak\nT2,ash\n",
        b"tree,species\nT1,oak\nT2,ash",
        b"tree,species\r\nT1,oak\r\nT2,ash\r\n",
        b"tree,species\rT1,oak\rT2,ash\r",
        b"tree,species\r\nT1,oak\nT2,ash\r",
        b"\xef\xbb\xbftree,species\nT1,oak\nT2,ash\n",
        "tree,species\nT1,oak\nT2,ash\n".encode("utf-16"),
        b"\xfe\xff" + "tree,species\nT1,oak\nT2,ash\n".encode("utf-16-be"),
        b"tree;species\nT1;oak\nT2;ash\n",
        b"tree\tspecies\nT1\toak\nT2\tash\n",
        b"tree|species\nT1|oak\nT2|ash\n",
        b'"tree","species"\n"T1","oak"\n"T2","ash"\n',
        b"tree,species\nT1,oak\nT2,ash\n\n\n",
        b"\ntree,species\nT1,oak\n\nT2,ash\n",
        b"tree,species\nT1,oak\n   \nT2,ash\n",
        b"tree,species\nT1,oak,,\nT2,ash,\n",
        b"tree,species,,\nT1,oak,,\nT2,ash,,\n",
        b"Trees in Ambridge,\n,\ntree,species\nT1,oak\nT2,ash\n",
        b"Trees in Ambridge\nmade on 1 May 2026\n\ntree;species\nT1;oak\nT2;ash\n",
    ],
)
def test_open_table_that_is_well_meant_gives_its_rows(tmp_path: Path, content: bytes) -> None:
    table = opened(tmp_path, content)
    assert (table.header, rows(table)) == (("tree", "species"), OAK)


def test_open_table_gives_empty_cells_as_null(tmp_path: Path) -> None:
    assert rows(opened(tmp_path, 'tree,species\nT1,\n,""\nT3,x\n'))[:2] == [("T1", None), (None, "")]


def test_open_table_reads_quoted_values(tmp_path: Path) -> None:
    table = opened(tmp_path, 'tree,species\n"T,1","say ""oak"""\nT2,"two\nlines"\nT3,5" nail\n')
    assert rows(table) == [("T,1", 'say "oak"'), ("T2", "two\nlines"), ("T3", '5" nail')]
    assert [table.line(row) for row in range(3)] == [2, 3, 5]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_open_table_lines_are_those_of_the_file(tmp_path: Path, end: bytes) -> None:
    table = opened(tmp_path, end.join([b"Trees", b"", b"tree,species", b"T1,oak", b"", b'T2,"a', b'b"', b"T3,x", b""]))
    assert [table.line(row) for row in range(3)] == [4, 6, 8]
    assert "The header was found in line 3, and what stands above it was left out." in table.notes


def test_open_table_header_with_line_breaks(tmp_path: Path) -> None:
    table = opened(tmp_path, '"tree","species\n(in English)"\nT1,oak\n')
    assert (table.header, table.line(0)) == (("tree", "species (in English)"), 3)


@pytest.mark.parametrize(
    ("content", "text", "words"),
    [
        ("tree,species\nT1,crèche £5\n".encode("cp1252"), "crèche £5", "line 2), so it was read as Windows-1252"),
        (b"tree,species\nT1,\x81\xe9\n", "\x81é", "so it was read as ISO 8859-1"),
    ],
)
def test_open_table_that_is_not_utf_8_says_how_it_was_read(
    tmp_path: Path, content: bytes, text: str, words: str
) -> None:
    table = opened(tmp_path, content)
    assert rows(table) == [("T1", text)]
    assert words in table.notes[0]


def test_open_table_one_bad_byte_late_in_a_file_of_utf_8(tmp_path: Path) -> None:
    content = b"tree,species\n" + b"T1,oak\n" * 700_000 + "T2,Á".encode() + b"\xff\n"
    table = opened(tmp_path, content)
    assert rows(table)[-1] == ("T2", "Ã\x81ÿ")  # latin-1: the rest of the file has a byte that cp1252 lacks
    assert "see line 700,002" in table.notes[0]


def test_open_table_without_a_standard_takes_the_first_row_as_header(tmp_path: Path) -> None:
    table = open_table(write(tmp_path, "a;b\n1;2\n3;4\n"))
    assert (table.header, rows(table)) == (("a", "b"), [("1", "2"), ("3", "4")])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n\n  \n", "no text in it"),
        (b"tree,species\n", "has a header and no rows"),
        (b"%PDF-1.7\n...", "not a CSV file but a PDF"),
        (b"PK\x03\x04rest", "XLSX"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel workbook"),
        (b"\x1f\x8brest", "compressed"),
        (b"\n<!DOCTYPE html><html>", "a web page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Error/>", "XML"),
        (b'{"type": "FeatureCollection"}', "JSON"),
        (b'[{"a": 1}]', "JSON"),
        (b"tree,species\nT1,o\x00ak\n", "line 2: there is a NUL byte"),
        ("tree,species\nT1,\x00\n".encode("utf-16"), "NUL"),
        (b"\xff\xfe\x00\xd8", "begins as UTF-16-LE text, and is not"),
        (b"tree,species\nT1,oak\nT2\n", "line 3: there is 1 value, and the header names 2 columns"),
        (b"tree,species\nT1,oak\nT2,ash,5\nT3,elm\n", "line 3: there are 3 values, and the header names 2 columns"),
        (b"tree,species\nT1,oak,5\nT2\n", "line 2: there are 3 values"),
        (
            b"tree,species\nT1,oak,5,6\nT2,ash,5,6\n",
            "the header names 2 columns, and the rows from line 2 on have 4 values",
        ),
        (b"tree,Tree,species\nT1,T1,oak\n", "columns 1 and 2 are both called Tree"),
        (b"tree,,species\nT1,x,oak\n", "column 2 has values and no name"),
        (b'tree,species\nT1,oak\nT2,"ash\nT3,elm\n', "line 3: a quotation mark is opened in this row and not closed"),
        (b'"tree,species\n' + b"T1,oak\n" * 100, "longer than 500 characters"),
    ],
)
def test_open_table_that_cannot_be_read_says_why_and_what_to_do(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(GateError) as caught:
        opened(tmp_path, content)
    assert words in caught.value.problem
    assert caught.value.problem.startswith("trees.csv")
    assert caught.value.remedy
    assert str(caught.value) == f"{caught.value.problem} {caught.value.remedy}"


@pytest.mark.parametrize("before", [b"", b"tree,species\nT1,oak\n"])
def test_open_table_line_without_end_is_refused_early(tmp_path: Path, before: bytes) -> None:
    path = write(tmp_path, before + b"x" * (scan.MAX_LINE_BYTES + 1))
    with pytest.raises(GateError, match=rf"line {before.count(b'\n') + 1}: the line is longer"):
        open_table(path, expect=tree())


def test_open_table_line_of_just_the_limit_is_read(tmp_path: Path) -> None:
    value = "x" * (scan.MAX_LINE_BYTES - 3)
    assert rows(opened(tmp_path, f"tree,species\nT1,{value}\nT2,ash\n"))[0] == ("T1", value)


def test_open_table_larger_than_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "MAX_FILE_BYTES", 10)
    with pytest.raises(GateError, match="at most can be read"):
        opened(tmp_path, "tree,species\nT1,oak\n")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("block", [5, 64])
def test_open_table_in_small_blocks_gives_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str, block: int
) -> None:
    text = 'tree,species\n"T,1",é\nT2,""\nT3,"say ""é"""\n'.replace("\n", end)
    whole = opened(tmp_path, text)
    monkeypatch.setattr(scan, "BLOCK", block)
    monkeypatch.setattr("guildhall.schema.grid.BLOCK", block)
    pieces = open_table(tmp_path / "trees.csv", expect=tree())
    assert (rows(pieces), pieces.notes) == (rows(whole), whole.notes)


CELLS = st.text(st.sampled_from('ab1é£ ,;|\t"\n'), max_size=5)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8)
)


@settings(deadline=None)
@given(
    TABLES,
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
)
def test_open_table_gives_what_was_written(
    cells: list[list[str]], delimiter: str, end: str, quoting: int, encoding: str
) -> None:
    header = ["tree", "species", "height", "planted"][: len(cells[0])]
    delimiter = delimiter if len(header) > 1 else ","  # with one column there is nothing to tell it by
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows([header, *cells])
    wanted = [row for row in cells if any(cell.strip() for cell in row)]
    if not wanted:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), text.getvalue().encode(encoding))
        table = open_table(path, expect=tree())
    got = [[cell or "" for cell in row] for row in rows(table)]
    assert [row for row in got if any(cell.strip() for cell in row)] == wanted
