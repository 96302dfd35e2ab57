"""Formats that are sent as they are written, however long: CSV, JSON, NDJSON and GeoJSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator

import polars as pl

from guildhall.kit.answers import json_pieces
from guildhall.registers.exports import frames, geometry
from guildhall.registers.exports.subject import Subject
from guildhall.registers.models import Register
from guildhall.registers.queries import joined
from guildhall.registers.queries.records import Item
from guildhall.schema.model import Field

# What a spreadsheet would run, and what it would not though it begins alike.
_FORMULA = r"^[=+\-@\t\r]"
_FIGURE = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_PIECE = 64 * 1024
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def csv_pieces(subject: Subject, *, for_excel: bool = False) -> Iterator[bytes]:
    return csv_of(subject, frames.text_frames(subject), for_excel=for_excel)


def csv_of(subject: Subject, rows: Iterable[pl.DataFrame], *, for_excel: bool = False) -> Iterator[bytes]:
    """Lines end in CRLF, as RFC 4180 has it.

    `for_excel` begins with the mark by which Excel knows UTF-8, and takes their force from values that it would run as
    formulas, by an apostrophe before them. The plain form has every value as it is.
    """
    head = io.StringIO()
    csv.writer(head, lineterminator="\r\n").writerow(subject.columns)
    yield (_BYTE_ORDER_MARK if for_excel else b"") + head.getvalue().encode()
    select = [pl.col(name) for name in subject.leading] + [_text(subject, known) for known in subject.fields]
    if for_excel:
        figures = {subject.column(known) for known in subject.fields if known.type in {"integer", "number"}}
        select = [
            _harmless(column, is_figure=name in figures).alias(name)
            for column, name in zip(select, subject.columns, strict=True)
        ]
    for frame in rows:
        buffer = io.BytesIO()
        frame.select(select).write_csv(buffer, include_header=False, line_terminator="\r\n")
        yield buffer.getvalue()


def json_array(subject: Subject) -> Iterator[bytes]:
    """An array, one record a line."""
    return json_pieces(_objects(subject))


def ndjson(subject: Subject) -> Iterator[bytes]:
    """One object a line."""
    return _lines(_encode(one) + "\n" for one in _objects(subject))


def geojson(subject: Subject, place: geometry.Reader) -> Iterator[bytes]:
    """A FeatureCollection, one record a line; a record without a place has `null` for its geometry."""
    return _lines(_features(subject, place))


def _features(subject: Subject, place: geometry.Reader) -> Iterator[str]:
    yield '{"type":"FeatureCollection","features":['
    comma = "\n"
    for register, key, item in frames.records(subject):
        own = f"{register.path}/{key}" if subject.is_joined else key
        properties = _object(subject, register, key, item)
        feature = {"type": "Feature", "id": own, "geometry": place(item), "properties": properties}
        yield comma + _encode(feature)
        comma = ",\n"
    yield "\n]}\n"


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
    return (_object(subject, register, key, item) for register, key, item in frames.records(subject))


def _object(subject: Subject, register: Register, key: str, item: Item) -> dict[str, object]:
    if not subject.is_joined:
        return dict(item)
    leading = dict(zip(joined.LEADING_COLUMNS, joined.leading_values(register, key), strict=True))
    return leading | {joined.joined_column(subject.standard.name, name): value for name, value in item.items()}


def _text(subject: Subject, known: Field) -> pl.Expr:
    column = pl.col(subject.column(known))
    return column.list.join(known.delimiter) if known.is_list else column


def _harmless(column: pl.Expr, *, is_figure: bool) -> pl.Expr:
    runs = column.str.contains(_FORMULA)
    if is_figure:
        runs &= ~column.str.contains(_FIGURE)
    return pl.when(runs).then(pl.lit("'") + column).otherwise(column)
