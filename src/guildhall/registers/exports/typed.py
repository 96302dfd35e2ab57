"""Texts as what the standard says they are: numbers, dates, moments, true or false.

What is none of its type, as a value kept to another version of the standard may be, is left empty.
"""

from __future__ import annotations

import polars as pl

from guildhall.registers.exports.subject import Subject
from guildhall.schema import kinds
from guildhall.schema.model import Field

MOMENT = pl.Datetime("ms", "UTC")


def dtype(subject: Subject, known: Field) -> pl.DataType:
    """The type of a field's column. A key names a record by its very letters, so it stays a text."""
    if known.is_list:
        return pl.List(_plain(known.value_field))
    return pl.String() if known.name in subject.standard.key else _plain(known)


def schema(subject: Subject) -> dict[str, pl.DataType]:
    """The type of each column, by its name."""
    return {name: dtype(subject, known) if known else pl.String() for name, known in subject.table.items()}


def columns(subject: Subject) -> list[pl.Expr]:
    """From a frame of texts to one of values: what to select."""
    return [_typed(subject, known) if known else pl.col(name) for name, known in subject.table.items()]


def _plain(known: Field) -> pl.DataType:
    if known.type == "integer" and known.bare_number:
        return pl.Int64()
    if known.type == "number" and known.bare_number:
        return pl.Float64()
    named = {"boolean": pl.Boolean(), "date": pl.Date(), "datetime": MOMENT, "year": pl.Int32()}
    return named.get(known.type, pl.String())


def _typed(subject: Subject, known: Field) -> pl.Expr:
    name = subject.column(known)
    wanted = dtype(subject, known)
    if isinstance(wanted, pl.List):
        return pl.col(name) if wanted.inner == pl.String else pl.col(name).list.eval(_value(known, pl.element()))
    return pl.col(name) if wanted == pl.String else _value(known, pl.col(name)).alias(name)


def _value(known: Field, column: pl.Expr) -> pl.Expr:
    field = known.value_field
    if field.type == "boolean":
        return pl.when(column.is_in(field.true_values)).then(True).when(column.is_in(field.false_values)).then(False)  # noqa: FBT003 - polars takes values so
    if field.type in {"integer", "number"}:
        bare = column.str.replace_all(field.group_char, "", literal=True) if field.group_char else column
        return bare.cast(_plain(field), strict=False)
    if field.type == "date":
        if field.format == "default":
            return column.str.to_date("%Y-%m-%d", strict=False)
        return kinds.rank(field, column).cast(pl.Int32).cast(pl.Date)
    if field.type == "datetime":
        return (kinds.rank(field, column) * 1_000).cast(pl.Int64).cast(MOMENT)
    return column.cast(pl.Int32, strict=False)
