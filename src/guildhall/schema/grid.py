"""The rows below a header, as a frame of texts with one column for each name.

Most files are regular: every row stands on one line and has a value for each column. Those are read at full speed.
Others are read a row at a time, with the line of each noted.
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
from guildhall.schema.words import counted

# Stands for quoted text while delimiters are counted; a file that holds it is read the slow way.
_MARK = b"\x01"
_LOOKED_AT = 1_000
_AT_ONCE = 20_000


@dataclass(frozen=True)
class Grid:
    """`lines` has the line of each row of the frame, where they do not simply follow one another."""

    frame: pl.DataFrame
    lines: pl.Series | None
    notes: list[str]


def read_grid(name: str, path: Path, layout: Layout) -> Grid:
    """Read a file of UTF-8 without lone carriage returns. `name` is what the publisher calls it.

    Raises GateError, which names the line that has more or fewer values than the header.
    """
    frame = _read_regular(path, layout.delimiter, layout.lines, len(layout.header))
    if frame is not None:
        return Grid(frame, None, [])
    return _read_slowly(name, path, layout)


# ---- the quick way


def _read_regular(path: Path, delimiter: str, skipped: int, width: int) -> pl.DataFrame | None:
    """The rows after so many lines, if each stands on a line of its own, is well quoted, and has as many values.

    A block at a time, so that the bytes of the file and the frame are never in memory together.
    """
    schema = {str(place): pl.String for place in range(width)}
    frames = [pl.DataFrame(schema=schema)]
    is_over = False
    for block in _whole_lines(path, skipped):
        text = block.replace(b"\r\n", b"\n") if b"\r" in block else block
        lines = text.rstrip(b"\n")
        rows = lines.count(b"\n") + 1
        if is_over or b"\n\n" in lines or text.startswith(b"\n"):
            return None
        if _delimiters(lines, rows, delimiter) != rows * (width - 1):
            return None
        is_over = len(text) > len(lines) + 1
        try:
            frame = pl.read_csv(lines, has_header=False, separator=delimiter, schema=schema, infer_schema=False)
        except (pl.exceptions.ComputeError, pl.exceptions.SchemaError):
            return None  # a row has too many values, and another as many too few
        if frame.height != rows:
            return None
        frames.append(frame)
    return pl.concat(frames, rechunk=False)


def _whole_lines(path: Path, skipped: int) -> Iterator[bytes]:
    """The bytes after so many lines, in blocks of whole lines."""
    with path.open("rb") as file:
        for _ in range(skipped):
            file.readline()
        while block := file.read(BLOCK):
            yield block + file.readline()


def _delimiters(lines: bytes, rows: int, delimiter: str) -> int:
    """How many delimiters stand outside quotation marks; -1 if these stand where they should not."""
    between = delimiter.encode()
    pieces = lines.split(b'"')
    if len(pieces) == 1:
        return lines.count(between)
    outside = _MARK.join(pieces[::2])  # two marks together where a quotation mark is written twice
    if len(pieces) % 2 == 0 or _MARK in lines or outside.count(b"\n") != rows - 1:
        return -1
    return outside.count(between) if _is_well_quoted(outside, len(pieces) // 2, between) else -1


def _is_well_quoted(outside: bytes, marks: int, between: bytes) -> bool:
    """A mark stands for a whole value: between delimiters or line ends, or beside another mark."""
    before = outside.count(between + _MARK) + outside.count(b"\n" + _MARK) + outside.startswith(_MARK)
    after = outside.count(_MARK + between) + outside.count(_MARK + b"\n") + outside.endswith(_MARK)
    if before == after == marks:
        return True
    edge = f"[^\\x{{{ord(between):x}}}\\n\\x01]"
    return not pl.Series([outside.decode()]).str.contains(f"{edge}\\x01|\\x01{edge}").item()


# ---- the slow way


@dataclass(frozen=True)
class _Record:
    cells: list[str]
    line: int


def _read_slowly(name: str, path: Path, layout: Layout) -> Grid:
    """The rows and the line of each. Blank lines are dropped, and so are empty values beyond the header."""
    width = len(layout.header)
    frames = [_frame([], width)]
    rows: list[list[str]] = []
    lines, blank, trimmed = array("L"), 0, 0
    records = _records(name, path, layout)
    for record in records:
        cells = record.cells
        if not any(cell.strip() for cell in cells):
            blank += 1
            continue
        if len(cells) > width and not any(cells[width:]):
            cells, trimmed = cells[:width], trimmed + 1
        if len(cells) != width:
            raise _ragged(name, layout, record, records, is_first=not lines)
        rows.append(cells)
        lines.append(record.line)
        if len(rows) == _AT_ONCE:
            frames.append(_frame(rows, width))
            rows = []
    frames.append(_frame(rows, width))
    frame = pl.concat(frames, rechunk=False)
    return Grid(frame, pl.Series("line", lines, dtype=pl.UInt32), _dropped(blank, trimmed))


def _frame(rows: list[list[str]], width: int) -> pl.DataFrame:
    columns = zip(*rows, strict=True) if rows else ([] for _ in range(width))
    return pl.DataFrame([pl.Series(str(place), column, dtype=pl.String) for place, column in enumerate(columns)])


def _dropped(blank: int, trimmed: int) -> list[str]:
    notes = []
    if blank:
        notes.append(f"{blank:,} blank {'line was' if blank == 1 else 'lines were'} left out.")
    if trimmed:
        notes.append(f"{trimmed:,} {'row has' if trimmed == 1 else 'rows have'} empty values after the last column.")
    return notes


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
            f"{name}: the header names {counted(width, 'column')}, "
            f"and the rows from line {record.line:,} on have {found} values.",
            f"Add the names of the missing columns to the header in line {layout.line:,}.",
        )
    return GateError(
        f"{name}, line {record.line:,}: there {'is' if found == 1 else 'are'} {counted(found, 'value')}, "
        f"and the header names {counted(width, 'column')}.",
        "Give each row one value for each column. A value that has a comma or a line break in it must stand between "
        "quotation marks.",
    )
