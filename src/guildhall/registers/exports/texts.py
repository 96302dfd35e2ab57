"""A list as text, which can be sent as it is written, however long: CSV, JSON, NDJSON and GeoJSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import polars as pl

from guildhall.kit.answers import json_pieces
from guildhall.registers.exports import facts, frames, geometry
from guildhall.registers.exports.subject import Subject
from guildhall.registers.models import Register
from guildhall.registers.queries import joined
from guildhall.registers.queries.records import Item
from guildhall.schema.model import Field

# What a spreadsheet would run, though spaces or wide signs hide it, and what it would not though it begins alike.
_FORMULA = r"^(?:[\t\r\n]|\s*[=+\-@\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}])"
_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_FIGURE = rf"^{_NUMBER}(?:, ?{_NUMBER})?$"
_FIGURES = frozenset(("integer", "number", "geopoint"))
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_PIECE = 64 * 1024
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def csv_pieces(subject: Subject, *, for_excel: bool = False) -> Iterator[bytes]:
    return csv_of(subject, frames.text_frames(subject), for_excel=for_excel)


def write_csv(subject: Subject, path: Path) -> None:
    """The plain form as a file, so that a long download that was cut off can go on."""
    with path.open("wb") as file:
        file.writelines(csv_pieces(subject))


def csv_of(subject: Subject, rows: Iterable[pl.DataFrame], *, for_excel: bool = False) -> Iterator[bytes]:
    """Lines end in CRLF, as RFC 4180 has it.

    `for_excel` begins with the mark by which Excel knows UTF-8, and takes their force from values that it would run as
    formulas, by an apostrophe before them. The plain form has every value as it is.
    """
    head = io.StringIO()
    csv.writer(head, lineterminator="\r\n").writerow(subject.columns)
    yield (_BYTE_ORDER_MARK if for_excel else b"") + head.getvalue().encode()
    select = [_text(name, known, for_excel=for_excel) for name, known in subject.table.items()]
    for frame in rows:
        buffer = io.BytesIO()
        frame.select(select).write_csv(buffer, include_header=False, line_terminator="\r\n")
        yield buffer.getvalue()


def json_array(subject: Subject) -> Iterator[bytes]:
    """An array, one record a line."""
    return json_pieces(_objects(subject))


def ndjson(subject: Subject) -> Iterator[bytes]:
    """One object a line."""
    return json_lines(_objects(subject))


def json_lines(objects: Iterable[dict[str, object]]) -> Iterator[bytes]:
    return _lines(_encode(one) + "\n" for one in objects)


def geojson(subject: Subject, place: geometry.Reader) -> Iterator[bytes]:
    """A FeatureCollection, one record a line; a record without a place has `null` for its geometry.

    What the file says of itself is one member more, which RFC 7946 leaves free.
    """
    # In the language of whoever asks, which is forgotten by the time that it is sent.
    head = f'{{"type":"FeatureCollection","about":{_encode(facts.of(subject))},"features":['
    return _lines(chain((head,), _features(subject, place, frames.records(subject)), ("\n]}\n",)))


def _features(subject: Subject, place: geometry.Reader, records: Iterable[tuple[Register, str, Item]]) -> Iterator[str]:
    comma = "\n"
    for register, key, item in records:
        own = f"{register.path}/{key}" if subject.is_joined else key
        properties = object_of(subject, register, key, item)
        feature = {"type": "Feature", "id": own, "geometry": place(item), "properties": properties}
        yield comma + _encode(feature)
        comma = ",\n"


def _lines(texts: Iterator[str]) -> Iterator[bytes]:
    """Texts in pieces that are worth sending."""
    waiting: list[str] = []
    held = 0
    for text in texts:
        waiting.append(text)
        held += len(text)
        if held > _PIECE:
            yield "".join(waiting).encode()
            waiting, held = [], 0
    yield "".join(waiting).encode()


def _objects(subject: Subject) -> Iterator[dict[str, object]]:
    return (object_of(subject, register, key, item) for register, key, item in frames.records(subject))


def object_of(subject: Subject, register: Register, key: str, item: Item) -> dict[str, object]:
    """What a record has, in its own order, or that of the columns where these were chosen."""
    told: dict[str, object] = dict(item)
    if subject.is_joined:
        leading = zip(joined.LEADING_COLUMNS, joined.leading_values(register, key), strict=True)
        told = dict(leading) | {
            joined.joined_column(subject.standard.name, name): value for name, value in item.items()
        }
    chosen = subject.excerpt.columns if subject.excerpt else ()
    return {name: told[name] for name in chosen if name in told} if chosen else told


def _text(name: str, known: Field | None, *, for_excel: bool) -> pl.Expr:
    column = pl.col(name)
    if known is not None and known.is_list:
        column = column.list.join(known.delimiter)
    if not for_excel:
        return column
    runs = column.str.contains(_FORMULA)
    if known is not None and known.type in _FIGURES:
        runs &= ~column.str.contains(_FIGURE)
    return pl.when(runs).then(pl.lit("'") + column).otherwise(column).alias(name)
