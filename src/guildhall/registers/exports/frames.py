"""The rows of a list, or of all lists to a standard, as frames of texts, a bounded number at a time.

Values are read from the stored bytes a column at a time, which takes a fifth of the time of a row at a time.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import polars as pl
from django.db import connection

from guildhall.log.bundles import ERASED, HELD, HERE
from guildhall.log.canonical import canonical_json
from guildhall.registers.catalogue import current_standard
from guildhall.registers.exports.subject import Subject
from guildhall.registers.hiding import states
from guildhall.registers.models import Register
from guildhall.registers.queries import joined
from guildhall.registers.queries.records import Item, Record, as_bytes, read_item
from guildhall.registers.queries.scopes import Pair
from guildhall.schema.items import key_values
from guildhall.schema.model import Field, Standard

# A frame has about so many rows, and fewer where values are long: what is held at a time stays small.
ROWS, BYTES = 5_000, 8 * 1024 * 1024
_PIECE = 500
# In formats that give each record its own members.
_MARKS = {ERASED: "_erased", HELD: "_held"}
# What was found under conditions is held with all its values, not only those that are shown.
_PAIRS = 1_000

type Row = tuple[str, bytes]

_SELECT = (
    "SELECT key, item, number FROM registers_entry WHERE register_id = %s AND number <= %s"
    " AND (superseded_by IS NULL OR superseded_by > %s) AND key >= %s ORDER BY key LIMIT %s"
)
_SELECT_ON = _SELECT.replace("key >= %s", "key > %s")


def text_frames(subject: Subject) -> Iterator[pl.DataFrame]:
    """Frames whose columns are `subject.columns`: texts or lists of texts, null where a record has none.

    Raises TooLargeError where more are meant than may be.
    """
    pairs = _found(subject)
    made = _frames_of_rows(subject) if pairs is None else _frames_of_pairs(subject, pairs)
    bound = subject.excerpt.bound if subject.excerpt else None
    return bound.held(made) if bound else made


def _frames_of_rows(subject: Subject) -> Iterator[pl.DataFrame]:
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


def _frames_of_pairs(subject: Subject, pairs: Iterator[Pair]) -> Iterator[pl.DataFrame]:
    places = {register.pk: place for place, register in enumerate(subject.registers)}
    while found := list(islice(pairs, _PAIRS)):
        values = _fitted_values(subject.fields, [_told(subject.standard, record) for _, record in found])
        keys = [record.key for _, record in found]
        yield _arranged(subject, values, keys, [places[register.pk] for register, _ in found])


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
    pairs = _found(subject)
    standard = subject.standard
    return _stored(subject) if pairs is None else ((register, one.key, _told(standard, one)) for register, one in pairs)


def _stored(subject: Subject) -> Iterator[tuple[Register, str, Item]]:
    for register, size in zip(subject.registers, subject.sizes, strict=True):
        for piece in raw_rows(register, size):
            yield from ((register, key, read_item(item)) for key, item in _shown(subject, piece))


def _found(subject: Subject) -> Iterator[Pair] | None:
    """The records that were asked for under conditions; None where none were asked."""
    excerpt = subject.excerpt
    if excerpt is None or excerpt.find is None:
        return None
    return excerpt.find(excerpt.bound.seconds if excerpt.bound else math.inf)


def _shown(subject: Subject, rows: list[Row]) -> list[Row]:
    shows = subject.excerpt.shows if subject.excerpt else None
    return rows if shows is None else [row for row in rows if shows(read_item(row[1]))]


def _read(select: str, parameters: Sequence[int | str]) -> tuple[list[Row], bool]:
    """Some rows, and whether there are no more. The first parameter is the id of the list."""
    rows: list[Row] = []
    numbers: list[int] = []
    held = 0
    with connection.cursor() as cursor:
        cursor.execute(select, parameters)
        while piece := cursor.fetchmany(_PIECE):
            rows += [(key, as_bytes(item)) for key, item, _ in piece]
            numbers += [number for _, _, number in piece]
            held += sum(len(item) for _, item, _ in piece)
            if held >= BYTES:
                break
    # Asked after the rows: what is hidden while a file is being made is not in what follows.
    return _without_hidden(int(parameters[0]), rows, numbers), held < BYTES and len(rows) < ROWS


def _without_hidden(register_id: int, rows: list[Row], numbers: Sequence[int]) -> list[Row]:
    hidden = states.fresh(register_id)
    if not hidden:
        return rows
    standard = current_standard(Register.objects.values_list("standard_name", flat=True).get(pk=register_id))
    return [
        row if state == HERE else (row[0], canonical_json(_of_key(standard, row[0], state)))
        for row, state in zip(rows, map(hidden.state, numbers), strict=True)
    ]


def _told(standard: Standard, record: Record) -> Item:
    return _of_key(standard, record.key, record.state) if record.is_hidden else record.item


def _of_key(standard: Standard, key: str, state: int) -> Item:
    """All that a file has of a hidden record, and that it is hidden."""
    return {**key_values(standard, key), _MARKS[state]: "yes"}


def frame_of(subject: Subject, rows: list[Row], places: list[int]) -> pl.DataFrame:
    """Stored rows as a frame; `places` says of which of the subject's lists each is."""
    values = _values(subject.fields, [item for _, item in rows])
    return _arranged(subject, values, [key for key, _ in rows], places)


def _arranged(subject: Subject, values: pl.DataFrame, keys: list[str], places: list[int]) -> pl.DataFrame:
    """The columns of the subject: values of its fields, and beside them whose each is."""
    found = {subject.column(known): values[known.name] for known in subject.fields}
    if subject.is_joined:
        told = zip(*(joined.leading_values(register, "") for register in subject.registers), strict=True)
        chosen = pl.Series(places, dtype=pl.UInt32)
        for name, texts in zip(subject.leading, told, strict=True):
            found[name] = pl.Series(texts, dtype=pl.String).gather(chosen)
        found["key"] = pl.Series(keys, dtype=pl.String)
    return pl.DataFrame({name: found[name] for name in subject.columns})


def _values(fields: Sequence[Field], items: list[bytes]) -> pl.DataFrame:
    if not fields:
        return pl.DataFrame()
    try:
        read = pl.Series(items, dtype=pl.Binary).cast(pl.String).str.json_decode(pl.Struct(_schema(fields)))
    except (pl.exceptions.PolarsError, UnicodeError):
        # Only a value kept to another version of the standard, or tampering, brings this about.
        return _fitted_values(fields, [read_item(item) for item in items])
    return read.struct.unnest()


def _fitted_values(fields: Sequence[Field], items: Iterable[Item]) -> pl.DataFrame:
    return pl.DataFrame([_fitted(item, fields) for item in items], schema=_schema(fields))


def _schema(fields: Sequence[Field]) -> dict[str, pl.DataType]:
    return {known.name: pl.List(pl.String) if known.is_list else pl.String() for known in fields}


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
