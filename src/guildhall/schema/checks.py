"""The check of a standard, compiled once to column expressions. Both the row check and the file check run it."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

import polars as pl

from guildhall.schema import kinds, patterns
from guildhall.schema.items import key_column, make_items
from guildhall.schema.model import MAX_ITEM_BYTES, MAX_KEY_CHARACTERS, Field, Standard

ROW = ""  # the column of verdicts about whole rows; no field has this name
# An escaped character takes six bytes at most, so no row with less text than this can be too large.
_SURELY_SMALL = MAX_ITEM_BYTES // 8


class Rule(IntEnum):
    """What is wrong with a cell. Of several faults the first in this order is told."""

    KEPT = 0
    REQUIRED = 1
    CHARACTERS = 2
    TYPE = 3
    CHOICES = 4
    PATTERN = 5
    TOO_SHORT = 6
    TOO_LONG = 7
    TOO_SMALL = 8
    TOO_LARGE = 9
    REPEATED = 10
    NO_KEY = 11
    LONG_KEY = 12
    LARGE_ROW = 13
    NO_COLUMN = 14


class Checks:
    """Runs over frames of tidied columns: texts, and lists of texts for fields that are lists."""

    def __init__(self, standard: Standard) -> None:
        self.standard = standard
        self._cells = {field.name: verdict(field, pl.col(field.name)).alias(field.name) for field in standard.fields}

    def verdicts(self, frame: pl.DataFrame) -> pl.DataFrame:
        """A rule's number for each cell and, in the column ROW, for each row; 0 where all is well."""
        found = frame.select(self._cells[name] for name in frame.columns)
        if any(name not in frame.columns for name in self.standard.key):
            return found.with_columns(pl.lit(0, pl.UInt8).alias(ROW))
        return found.with_columns(self._rows(frame))

    def _rows(self, frame: pl.DataFrame) -> pl.Series:
        key = key_column(self.standard)
        verdicts = frame.select(
            pl.when(key.is_in([".", ".."])).then(Rule.NO_KEY)
            .when(key.str.len_chars() > MAX_KEY_CHARACTERS).then(Rule.LONG_KEY)
            .otherwise(Rule.KEPT).cast(pl.UInt8).alias(ROW)
        )[ROW]  # fmt: skip
        heavy = _bytes(frame) > _SURELY_SMALL
        if not heavy.any():
            return verdicts
        return verdicts.zip_with(
            ~_too_large(self.standard, frame, heavy),
            pl.repeat(Rule.LARGE_ROW, frame.height, dtype=pl.UInt8, eager=True),
        )


@lru_cache(maxsize=256)
def compiled(standard: Standard) -> Checks:
    """The checks of a standard, made once."""
    return Checks(standard)


def verdict(field: Field, column: pl.Expr) -> pl.Expr:
    """The rule that each cell breaks, as a number."""
    limits = field.constraints
    missing = pl.lit(Rule.REQUIRED if limits.required else Rule.KEPT, pl.UInt8)
    faults = _list_faults(field, column) if field.is_list else _faults(field, column)
    found: pl.Expr = pl.lit(Rule.KEPT, pl.UInt8)
    if field.is_list:
        found = column.list.eval(verdict(field.value_field, pl.element())).list.max()
    for rule, is_broken in reversed(faults):
        found = pl.when(is_broken).then(pl.lit(rule, pl.UInt8)).otherwise(found)
    return pl.when(column.is_null()).then(missing).otherwise(found)


def _faults(field: Field, column: pl.Expr) -> list[tuple[Rule, pl.Expr]]:
    limits = field.constraints
    faults: list[tuple[Rule, pl.Expr]] = []
    wrong = kinds.is_wrong(field, column)
    if wrong is not None:
        faults.append((Rule.TYPE, wrong))
    if limits.enum:
        faults.append((Rule.CHOICES, ~column.is_in(list(limits.enum))))
    if limits.pattern is not None:
        faults.append((Rule.PATTERN, ~column.str.contains(patterns.anchored(limits.pattern))))
    if limits.min_length is not None:
        faults.append((Rule.TOO_SHORT, column.str.len_chars() < limits.min_length))
    if limits.max_length is not None:
        faults.append((Rule.TOO_LONG, column.str.len_chars() > limits.max_length))
    if limits.minimum is not None:
        faults.append((Rule.TOO_SMALL, kinds.rank(field, column) < kinds.bound(field, limits.minimum)))
    if limits.maximum is not None:
        faults.append((Rule.TOO_LARGE, kinds.rank(field, column) > kinds.bound(field, limits.maximum)))
    return faults


def _list_faults(field: Field, column: pl.Expr) -> list[tuple[Rule, pl.Expr]]:
    limits = field.constraints
    faults: list[tuple[Rule, pl.Expr]] = []
    if limits.min_length is not None:
        faults.append((Rule.TOO_SHORT, column.list.len() < limits.min_length))
    if limits.max_length is not None:
        faults.append((Rule.TOO_LONG, column.list.len() > limits.max_length))
    return faults


def _bytes(frame: pl.DataFrame) -> pl.Series:
    """The bytes of text in each row."""
    sizes = [
        (pl.col(name).list.join("") if isinstance(dtype, pl.List) else pl.col(name)).str.len_bytes().fill_null(0)
        for name, dtype in frame.schema.items()
    ]
    return frame.select(pl.sum_horizontal(sizes)).to_series()


def _too_large(standard: Standard, frame: pl.DataFrame, heavy: pl.Series) -> pl.Series:
    """Which of the heavy rows are too large once they are written as items. A row without a key has its own fault."""
    whole = frame.select(pl.all_horizontal(pl.col(name).is_not_null() for name in standard.key)).to_series()
    asked = (heavy & whole).arg_true()
    _, items = make_items(standard, frame[asked])
    large = [place for place, item in zip(asked, items, strict=True) if len(item) > MAX_ITEM_BYTES]
    return pl.int_range(frame.height, eager=True).is_in(large)
