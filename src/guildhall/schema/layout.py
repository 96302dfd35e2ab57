"""Where the table begins in a file, and what divides its columns."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from guildhall.schema import headers
from guildhall.schema.model import Standard
from guildhall.schema.scan import MAX_LINE_BYTES
from guildhall.schema.text import tidy

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes"}
_LOOKED_AT = 40  # rows in which a header is looked for
_SURE = 2  # names of a standard's fields that make a row a header


@dataclass(frozen=True)
class Layout:
    """`header` has a text for each column; it begins on `line`, and ends with that many `lines` of the file."""

    delimiter: str
    header: list[str]
    line: int
    lines: int


@dataclass(frozen=True)
class _Row:
    cells: list[str]
    line: int
    last: int

    @property
    def width(self) -> int:
        return len(self.cells)

    @property
    def is_blank(self) -> bool:
        return not any(self.cells)


def find_layout(head: str, standard: Standard | None) -> Layout | None:
    """Find the header in the beginning of a file. None if all of it is blank.

    It is the first row that names most of the standard's fields, so that titles and notes above it are passed over.
    """
    best: Layout | None = None
    best_score = (-1, -1)
    for delimiter in DELIMITERS:
        rows = [row for row in _rows(head, delimiter) if not row.is_blank]
        if not rows:
            continue
        row, named = _header(rows, standard)
        score = (named, _evenness(rows) if row.width > 1 else 0)
        if score > best_score:
            best_score, best = score, Layout(delimiter, row.cells, row.line, row.last)
    return best


def _rows(head: str, delimiter: str) -> Iterator[_Row]:
    csv.field_size_limit(MAX_LINE_BYTES)
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    last = 0
    for number, cells in enumerate(reader):
        if number == _LOOKED_AT:
            return
        yield _Row([" ".join(tidy(cell).split()) for cell in cells], last + 1, reader.line_num)
        last = reader.line_num


def _header(rows: list[_Row], standard: Standard | None) -> tuple[_Row, int]:
    """The header, and how many of the standard's fields it names."""
    if standard is None:
        return rows[0], 0
    counts = [headers.matches(standard, row.cells) for row in rows]
    most = max(counts)
    if most >= _SURE or rows[counts.index(most)].width == most:
        return rows[counts.index(most)], most
    return rows[0], counts[0]


def _evenness(rows: list[_Row]) -> int:
    """How many rows have the commonest number of columns, if that is more than one."""
    width, count = Counter(row.width for row in rows).most_common(1)[0]
    return count if width > 1 else 0
