"""The gate: from a file, whatever its bytes, to a table of texts with a header; or a plain reason why not."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from guildhall.schema.errors import GateError
from guildhall.schema.grid import read_grid
from guildhall.schema.layout import DELIMITERS, Layout, find_layout
from guildhall.schema.model import Standard
from guildhall.schema.scan import Scan, read_head, scan, write_plain

_LONGEST_NAME = 500
_ENCODINGS = {"cp1252": "Windows-1252 (cp1252)", "latin-1": "ISO 8859-1 (latin-1)"}


@dataclass(frozen=True)
class Table:
    """A file's rows as texts, one column for each name of the header as it is written; null where nothing is.

    `first_line` is the line of the first row; `lines` has that of each, where they do not simply follow one another.
    """

    name: str
    frame: pl.DataFrame
    header: tuple[str, ...]
    first_line: int = 2
    lines: pl.Series | None = None
    notes: tuple[str, ...] = field(default=())

    def line(self, row: int) -> int:
        """The line of the file that a row of the frame, counted from 0, begins on."""
        return self.first_line + row if self.lines is None else int(self.lines[row])


def open_table(path: Path, expect: Standard | None = None) -> Table:
    """Read a CSV file. `expect` is the standard whose fields the header is recognised by.

    Raises GateError, whose words name the file, the line where there is one, and what to do.
    """
    found = scan(path)
    with tempfile.TemporaryDirectory(prefix="guildhall-") as folder:
        plain = path
        if not found.is_plain:
            plain = Path(folder) / "plain.csv"
            _make_plain(path, found, plain)
        layout = _layout(path.name, plain, expect)
        _check_header(path.name, layout)
        grid = read_grid(path.name, plain, layout)
    if not grid.frame.height:
        raise GateError(f"{path.name} has a header and no rows below it.", "Add the rows, or choose another file.")
    frame, dropped = _named(path.name, grid.frame, layout)
    notes = (*_notes(found, layout), *grid.notes, *dropped)
    return Table(path.name, frame, tuple(frame.columns), layout.lines + 1, grid.lines, notes)


def _make_plain(path: Path, found: Scan, plain: Path) -> None:
    try:
        write_plain(path, found.encoding, plain)
    except UnicodeDecodeError as error:
        raise GateError(
            f"{path.name} begins as {found.encoding.upper()} text, and is not.", "Save it again as CSV (UTF-8)."
        ) from error


def _layout(name: str, plain: Path, expect: Standard | None) -> Layout:
    """Find the header in the first part of the file, up to a whole line."""
    layout = find_layout(read_head(plain), expect)
    if layout is None:
        raise GateError(f"{name} has no text in it, only blank lines.", "Choose the file that has the rows.")
    return layout


def _check_header(name: str, layout: Layout) -> None:
    long = next((place for place, column in enumerate(layout.header, 1) if len(column) > _LONGEST_NAME), None)
    if long is not None:
        raise GateError(
            f"{name}, line {layout.line:,}: the name of column {long} is longer than {_LONGEST_NAME} characters.",
            "Look for a quotation mark that is not closed, or write a shorter name.",
        )
    places: dict[str, int] = {}
    for place, column in enumerate(layout.header, 1):
        first = places.setdefault(column.casefold(), place)
        if column and first != place:
            raise GateError(
                f"{name}, line {layout.line:,}: columns {first} and {place} are both called {column}.",
                "Give each column a name of its own, or take one of the two out.",
            )


def _named(name: str, frame: pl.DataFrame, layout: Layout) -> tuple[pl.DataFrame, Sequence[str]]:
    """The frame with the header's names. Columns without a name are dropped if they are empty, else refused."""
    unnamed = [place for place, column in enumerate(layout.header) if not column]
    for place in unnamed:
        filled = (frame[str(place)].str.strip_chars() != "").fill_null(value=False)
        if filled.any():
            title = (
                "If this line is a title, take it out. Else write"
                if len(unnamed) == len(layout.header) - 1
                else "Write"
            )
            raise GateError(
                f"{name}, line {layout.line:,}: column {place + 1} has values and no name.",
                f"{title} the column's name in the header, or take the column out.",
            )
    named = {str(place): column for place, column in enumerate(layout.header) if column}
    notes = []
    if unnamed:
        count = len(unnamed)
        what = "column without a name was" if count == 1 else "columns without names were"
        notes.append(f"{count} empty {what} left out.")
    return frame.select(list(named)).rename(named), notes


def _notes(found: Scan, layout: Layout) -> list[str]:
    notes = []
    if found.odd_line is not None:
        notes.append(
            f"The file is not UTF-8 (see line {found.odd_line:,}), so it was read as {_ENCODINGS[found.encoding]}. "
            "Check that accents and signs such as £ came out right."
        )
    elif found.encoding != "utf-8":
        notes.append(f"The file was read as {found.encoding.upper()}.")
    if layout.delimiter != ",":
        notes.append(f"The columns are divided by {DELIMITERS[layout.delimiter]}.")
    if layout.line > 1:
        notes.append(f"The header was found in line {layout.line:,}, and what stands above it was left out.")
    return notes


__all__ = ["GateError", "Table", "open_table"]
