"""The quick way of reading rows never reads otherwise than the slow way."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildhall.schema.errors import GateError
from guildhall.schema.grid import read_grid
from guildhall.schema.layout import Layout

from .makers import write

TEXTS = st.text(st.sampled_from('ab,,""\n\n\x01é '), max_size=30)


def plainly(text: str, width: int) -> list[list[str]] | None:
    """A second implementation; None where a row is ragged or a quotation mark not closed."""
    *read, last = csv.reader(io.StringIO(f"{text}\nEND\n", newline=""))
    if last != ["END"]:
        return None
    filled = [row for row in read if any(cell.strip() for cell in row)]
    rows = [row if any(row[width:]) else row[:width] for row in filled]
    return rows if all(len(row) == width for row in rows) else None


@settings(deadline=None, max_examples=300)
@given(TEXTS, st.integers(1, 3))
def test_read_grid_gives_the_rows_of_the_file(text: str, width: int) -> None:
    layout = Layout(",", [str(place) for place in range(width)], 1, 1)
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), f"header\n{text}")
        wanted = plainly(text, width)
        if wanted is None:
            with pytest.raises(GateError):
                read_grid("trees.csv", path, layout)
            return
        grid = read_grid("trees.csv", path, layout)
    rows = [[cell or "" for cell in row] for row in grid.frame.rows()]
    assert [row for row in rows if any(cell.strip() for cell in row)] == wanted
