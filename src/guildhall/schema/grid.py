"""The rows below a header, as a frame of texts with one column for each name.

Most files are regular: every row stands on one line and has a value for each column. Those are read at full speed.
Others are read slowly and written out anew, with the line of each row noted.
"""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from guildhall.schema.errors import GateError
from guildhall.schema.layout import Layout
from guildhall.schema.scan import BLOCK, MAX_LINE_BYTES

# Stands for a quoted value while delimiters are counted; a file that holds it is read the slow way.
_MARK = "\x01"
_QUOTED = r'"(?:[^"\n]|"")*"'
_LOOKED_AT = 1_000


@dataclass(frozen=True)
class Grid:
    """`lines` has the line of each row of the frame, where they do not simply follow one another."""

    frame: pl.DataFrame
    lines: pl.Series | None
    notes: list[str]


def read_grid(name: str, path: Path, layout: Layout, spare: Path) -> Grid:
    """Read a file of UTF-8 without lone carriage returns. `name` is the publisher's; `spare` is a path to write to.

    Raises GateError, which names the line that has more or fewer values than the header.
    """
    if _is_regular(path, layout):
        try:
            return Grid(_parse(path, layout.delimiter, layout.lines, len(layout.header)), None, [])
        except pl.exceptions.ComputeError:
            pass  # a row with too many values, and another with as many too few: the slow way names the first
    lines, notes = _write_regular(name, path, layout, spare)
    return Grid(_parse(spare, ",", 0, len(layout.header)), pl.Series("line", lines, dtype=pl.UInt32), notes)


def _parse(path: Path, delimiter: str, skipped: int, width: int) -> pl.DataFrame:
    schema = {str(place): pl.String for place in range(width)}
    if not path.stat().st_size:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(
        path,
        has_header=False,
        separator=delimiter,
        skip_lines=skipped,
        schema=schema,
        infer_schema=False,
        raise_if_empty=False,
        glob=False,
    )


# ---- the quick way


def _is_regular(path: Path, layout: Layout) -> bool:
    """Every line below the header is a row of its own with as many values as the header, and well quoted."""
    between, rows, is_over = 0, 0, False
    for text in _whole_lines(path, layout.lines):
        lines = text.rstrip("\n")
        if is_over or "\n\n" in lines or text.startswith("\n"):
            return False
        is_over = len(text) > len(lines) + 1
        if '"' in lines:
            unquoted = _without_quoted(lines, layout.delimiter)
            if unquoted is None:
                return False
            lines = unquoted
        between += lines.count(layout.delimiter)
        rows += lines.count("\n") + 1
    # The parser stops at a row that is too long. Where there is none, the sums are equal only if every row is right.
    return between == rows * (len(layout.header) - 1)


def _whole_lines(path: Path, skipped: int) -> Iterator[str]:
    """The text after so many lines, in blocks of whole lines."""
    with path.open("rb") as file:
        for _ in range(skipped):
            file.readline()
        while block := file.read(BLOCK):
            block += file.readline()
            yield block.decode().replace("\r\n", "\n")


def _without_quoted(text: str, delimiter: str) -> str | None:
    """The text with a mark in the place of each quoted value; None if quotation marks stand elsewhere too."""
    if _MARK in text:
        return None
    marked: str = pl.Series([text]).str.replace_all(_QUOTED, _MARK).item()
    if '"' in marked:
        return None
    escaped = f"\\x{{{ord(delimiter):x}}}"
    stray = pl.Series([marked]).str.contains(f"[^{escaped}\\n]{_MARK}|{_MARK}[^{escaped}\\n]")
    return None if stray.item() else marked


# ---- the slow way


@dataclass(frozen=True)
class _Record:
    cells: list[str]
    line: int


def _write_regular(name: str, path: Path, layout: Layout, spare: Path) -> tuple[array[int], list[str]]:
    """Write the rows anew, and return the line of each. Empty values beyond the header are dropped, blank lines too."""
    width = len(layout.header)
    lines, blank, trimmed = array("L"), 0, 0
    records = _records(name, path, layout)
    with spare.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for record in records:
            cells = record.cells
            if not any(cell.strip() for cell in cells):
                blank += 1
                continue
            if len(cells) > width and not any(cells[width:]):
                cells, trimmed = cells[:width], trimmed + 1
            if len(cells) != width:
                raise _ragged(name, layout, record, records, is_first=not lines)
            writer.writerow(cells)
            lines.append(record.line)
    notes = []
    if blank:
        notes.append(f"{blank:,} blank {'line was' if blank == 1 else 'lines were'} left out.")
    if trimmed:
        notes.append(f"{trimmed:,} {'row has' if trimmed == 1 else 'rows have'} empty values after the last column.")
    return lines, notes


def _records(name: str, path: Path, layout: Layout) -> Iterator[_Record]:
    csv.field_size_limit(MAX_LINE_BYTES)
    line = layout.lines + 1
    is_read = False

    def texts() -> Iterator[str]:
        nonlocal is_read
        with path.open(encoding="utf-8", newline=None) as file:
            for number, text in enumerate(file, 1):
                if number > layout.lines:
                    yield text
        is_read = True

    reader = csv.reader(texts(), delimiter=layout.delimiter)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _unclosed(name, line) from error
        if is_read:  # the text ended within a row
            raise _unclosed(name, line)
        yield _Record(cells, line)
        line = layout.lines + reader.line_num + 1


def _unclosed(name: str, line: int) -> GateError:
    return GateError(
        f"{name}, line {line:,}: a quotation mark is opened in this row and not closed.",
        "Close it, or write quotation marks inside a quoted value twice.",
    )


def _ragged(name: str, layout: Layout, record: _Record, rest: Iterator[_Record], *, is_first: bool) -> GateError:
    """A row with more or fewer values than the header; the header is at fault where all rows agree against it."""
    width, found = len(layout.header), len(record.cells)
    others = [len(one.cells) for one, _ in zip(rest, range(_LOOKED_AT), strict=False)]
    if is_first and found > width and all(other == found for other in others):
        return GateError(
            f"{name}: the header names {width} columns, and the rows from line {record.line:,} on have {found} values.",
            f"Add the names of the missing columns to the header in line {layout.line:,}.",
        )
    return GateError(
        f"{name}, line {record.line:,}: there {'is' if found == 1 else 'are'} {found} "
        f"value{'' if found == 1 else 's'}, and the header names {width} columns.",
        "Give each row one value for each column. A value that has a comma or a line break in it must stand between "
        "quotation marks.",
    )
