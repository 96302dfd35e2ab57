"""The rows of a list, or of all lists to a standard, as frames of texts, a bounded number at a time.

Values are read from the stored bytes a column at a time, which takes a fifth of the time of a row at a time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl
from django.db import connection

from guildhall.registers.exports.subject import Subject
from guildhall.registers.models import Register
from guildhall.registers.queries import joined
from guildhall.registers.queries.records import Item, read_item
from guildhall.schema.model import Field

# A frame has about so many rows, and fewer where values are long: what is held at a time stays small.
ROWS, BYTES = 5_000, 8 * 1024 * 1024
_PIECE = 500

type Row = tuple[str, bytes]

_SELECT = (
    "SELECT key, item FROM registers_entry WHERE register_id = %s AND number <= %s"
    " AND (superseded_by IS NULL OR superseded_by > %s) AND key >= %s ORDER BY key LIMIT %s"
)
_SELECT_ON = _SELECT.replace("key >= %s", "key > %s")


def text_frames(subject: Subject) -> Iterator[pl.DataFrame]:
    """Frames whose columns are `subject.columns`: texts or lists of texts, null where a record has none."""
    rows: list[Row] = []
    places: list[int] = []
    held = 0
    for place, (register, size) in enumerate(zip(subject.registers, subject.sizes, strict=True)):
        for read in raw_rows(register, size):
            piece = _shown(subject, read)
            rows += piece
            places += [place] * len(piece)
            held += sum(len(item) for _, item in piece)
            if len(rows) >= ROWS or held >= BYTES:
                yield frame_of(subject, rows, places)
                rows, places, held = [], [], 0
    if rows:
        yield frame_of(subject, rows, places)


def raw_rows(register: Register, size: int) -> Iterator[list[Row]]:
    """Keys and stored items of a list at a size, in the order of the keys."""
    select, start = _SELECT, ""
    while True:
        rows, is_all = _read(select, [register.pk, size, size, start, ROWS])
        if rows:
            yield rows
        if is_all:
            return
        select, start = _SELECT_ON, rows[-1][0]


def sample(subject: Subject, *, most: int, most_lists: int) -> tuple[list[Row], list[int]]:
    """Some of its first rows, and of which of its lists each is."""
    rows: list[Row] = []
    places: list[int] = []
    kept = [place for place, register in enumerate(subject.registers) if register.head.records]
    for place in kept[:most_lists]:
        size = subject.sizes[place]
        read, _ = _read(_SELECT, [subject.registers[place].pk, size, size, "", most - len(rows)])
        rows += read
        places += [place] * len(read)
        if len(rows) >= most:
            break
    return rows, places


def records(subject: Subject) -> Iterator[tuple[Register, str, Item]]:
    """Whose each record is, its key and its values, a row at a time."""
    for register, size in zip(subject.registers, subject.sizes, strict=True):
        for piece in raw_rows(register, size):
            for key, item in piece:
                values = read_item(item)
                if subject.shows is None or subject.shows(values):
                    yield register, key, values


def _shown(subject: Subject, rows: list[Row]) -> list[Row]:
    return rows if subject.shows is None else [row for row in rows if subject.shows(read_item(row[1]))]


def _read(select: str, parameters: Sequence[int | str]) -> tuple[list[Row], bool]:
    """Some rows, and whether there are no more."""
    rows: list[Row] = []
    held = 0
    with connection.cursor() as cursor:
        cursor.execute(select, parameters)
        while piece := cursor.fetchmany(_PIECE):
            rows += [(key, _as_bytes(item)) for key, item in piece]
            held += sum(len(item) for _, item in piece)
            if held >= BYTES:
                return rows, False
    return rows, len(rows) < ROWS


def frame_of(subject: Subject, rows: list[Row], places: list[int]) -> pl.DataFrame:
    """Stored rows as a frame; `places` says of which of the subject's lists each is."""
    values = _values(subject.fields, [item for _, item in rows])
    values.columns = [subject.column(known) for known in subject.fields]
    if not subject.is_joined:
        return values
    told = zip(*(joined.leading_values(register, "") for register in subject.registers), strict=True)
    chosen = pl.Series(places, dtype=pl.UInt32)
    leading = [
        pl.Series(name, texts, dtype=pl.String).gather(chosen)
        for name, texts in zip(subject.leading, told, strict=True)
    ]
    leading[subject.leading.index("key")] = pl.Series("key", [key for key, _ in rows], dtype=pl.String)
    return values.select(*leading, *values.columns)


def _values(fields: Sequence[Field], items: list[bytes]) -> pl.DataFrame:
    schema = {known.name: pl.List(pl.String) if known.is_list else pl.String() for known in fields}
    try:
        read = pl.Series(items, dtype=pl.Binary).cast(pl.String).str.json_decode(pl.Struct(schema))
    except (pl.exceptions.PolarsError, UnicodeError):
        # Only a value kept to another version of the standard, or tampering, brings this about.
        return pl.DataFrame([_fitted(read_item(item), fields) for item in items], schema=schema)
    return read.struct.unnest()


def _fitted(item: Item, fields: Sequence[Field]) -> dict[str, Any]:
    """Lists where the standard has lists, and texts where it has texts."""
    row: dict[str, Any] = {}
    for known in fields:
        value = item.get(known.name)
        if isinstance(value, str) and known.is_list:
            value = [value]
        elif isinstance(value, list) and not known.is_list:
            value = json.dumps(value, ensure_ascii=False)
        row[known.name] = value
    return row


def _as_bytes(stored: Any) -> bytes:
    return stored.encode() if isinstance(stored, str) else bytes(stored)
