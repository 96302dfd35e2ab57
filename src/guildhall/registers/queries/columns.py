"""Large lists by their columns, from the Parquet file that is made of each for download.

It answers what no index does: fields without one, counts under many-recorded conditions. It shows the list as it was
when the file was made, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from guildhall.registers.exports import parquet_file
from guildhall.registers.queries import scan
from guildhall.registers.queries.asked import Asked, Found, read_records
from guildhall.registers.queries.conditions import NO, Condition
from guildhall.registers.queries.facets import VALUES, Facet, likely_columns, tells_apart
from guildhall.registers.queries.scan import Place
from guildhall.registers.queries.scopes import Scope
from guildhall.schema import kinds, order
from guildhall.schema.items import key_column
from guildhall.schema.model import Field

_FACETS_AT_MOST = 6
_KEY, _VALUE = "_key", "_value"
# More different values than this tell nothing apart.
_MOST_VALUES = 1_000


@dataclass(frozen=True)
class Columns:
    """A list's file: its columns, and the size of the list that they show."""

    frame: pl.LazyFrame
    types: pl.Schema
    size: int


def columns_of(scope: Scope) -> Columns | None:
    """None where there is no file that may be used, or more than one list is read."""
    if len(scope.registers) != 1 or not scope.is_now or scope.is_joined:
        return None
    kept = parquet_file(scope.registers[0])
    if kept is None:
        return None
    frame = pl.scan_parquet(kept[0])
    return Columns(frame, frame.collect_schema(), kept[1])


def counted(asked: Asked, columns: Columns) -> tuple[int, list[Facet]]:
    """How many records fulfil the conditions, and what they have in common."""
    scope = asked.scope
    kept = _filtered(asked, columns)
    told = [column for column in likely_columns(scope) if _is_text(columns, column)]
    questions = [kept.select(pl.len())]
    questions += [
        kept.select(pl.col(column).drop_nulls()).group_by(column).len().top_k(_MOST_VALUES, by="len") for column in told
    ]
    total, *answers = pl.collect_all(questions)
    records = int(total.item())
    facets = [_facet(scope, column, answer, records) for column, answer in zip(told, answers, strict=True)]
    return records, [facet for facet in facets if facet is not None][:_FACETS_AT_MOST]


def page(asked: Asked, columns: Columns) -> Found:
    """A page in any order under any conditions, of the list as the file shows it."""
    scope, register = asked.scope, asked.scope.registers[0]
    descending, backwards = asked.question.descending, asked.before is not None
    value = _sort_value(scope, columns, asked.question.sort)
    rows = _filtered(asked, columns).select(key_column(scope.standard).alias(_KEY), value.alias(_VALUE))
    start = asked.before or asked.after
    down = descending != backwards
    if start is not None:
        rows = rows.filter(_beyond(start, down=down, backwards=backwards))
    rows = rows.sort(
        [pl.col(_VALUE).is_null(), _VALUE, _KEY],
        descending=[backwards, down, down],
        nulls_last=True,
        maintain_order=True,
    )
    found = [Place(value, register.path, key) for key, value in rows.head(asked.limit + 1).collect().iter_rows()]
    places, more = found[: asked.limit], len(found) > asked.limit
    places = places[::-1] if backwards else places
    total, facets = counted(asked, columns)
    pairs = read_records(scope, {register.pk: columns.size}, [(register.pk, place.key) for place in places])
    by_key = {record.key: (one, record) for one, record in pairs}
    return Found(
        rows=[by_key[place.key] for place in places if place.key in by_key],
        before=places[0] if places and (more if backwards else start is not None) else None,
        after=places[-1] if places and (backwards or more) else None,
        total=total,
        facets=facets,
        behind=max(0, scope.sizes[register.pk] - columns.size),
        as_of=columns.size,
    )


def _filtered(asked: Asked, columns: Columns) -> pl.LazyFrame:
    tests = [_test(asked.scope, columns, one) for one in asked.conditions]
    return columns.frame.filter(tests) if tests else columns.frame


def _test(scope: Scope, columns: Columns, condition: Condition) -> pl.Expr:
    name = scope.own_name(condition.column) or ""
    column, known = pl.col(name), condition.field
    is_list = isinstance(columns.types[name], pl.List)
    if condition.operator == "empty":
        there = column.list.len().fill_null(0) > 0 if is_list else column.is_not_null()
        return there if condition.values[0] == NO else ~there
    if is_list:
        found = column.list.eval(_holds(condition, known, pl.element(), columns.types[name].inner)).list.any()  # type: ignore[attr-defined]
    else:
        found = _holds(condition, known, column, columns.types[name])
    found = found.fill_null(value=False)
    return ~found if condition.operator == "not" else found


def _holds(condition: Condition, known: Field, column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    intervals = condition.intervals
    if intervals is not None:
        rank = _rank(known, column, dtype)
        return pl.any_horizontal([rank.is_between(low, high) for low, high in intervals])
    text = column if dtype == pl.String else column.cast(pl.String)
    return scan.text_test(condition, text)


def _rank(known: Field, column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """The number by which a typed value is compared, the same as that of its text."""
    if dtype == pl.String:
        return kinds.rank(known.value_field, column)
    if isinstance(dtype, pl.Datetime):
        return column.dt.epoch("ms") / 1_000
    return column.to_physical().cast(pl.Float64)


def _sort_value(scope: Scope, columns: Columns, sort: str) -> pl.Expr:
    name = scope.own_name(sort)
    if not name:
        return pl.lit(None, dtype=pl.String)
    known, dtype = scope.columns[sort], columns.types[name]
    column = pl.col(name)
    if isinstance(dtype, pl.List):
        column, dtype = column.list.first(), dtype.inner  # type: ignore[assignment]
    if order.is_ordered(known):
        return _rank(known, column, dtype)
    return column if dtype == pl.String else column.cast(pl.String)


def _beyond(start: Place, *, down: bool, backwards: bool) -> pl.Expr:
    """Where a row lies beyond a place, in an order whose end are the rows without a value."""
    value, key = pl.col(_VALUE), pl.col(_KEY)
    key_beyond = key < start.key if down else key > start.key
    if start.value is None:
        same = value.is_null() & key_beyond
        return same | value.is_not_null() if backwards else same
    value_beyond = value < start.value if down else value > start.value
    found = (value_beyond | ((value == start.value) & key_beyond)).fill_null(value=False)
    return found if backwards else found | value.is_null()


def _is_text(columns: Columns, column: str) -> bool:
    return columns.types.get(column) in {pl.String, pl.Int32}


def _facet(scope: Scope, column: str, answer: pl.DataFrame, records: int) -> Facet | None:
    counts = {str(value): int(count) for value, count in answer.iter_rows()}
    if answer.height >= _MOST_VALUES or not tells_apart(counts, records):
        return None
    return Facet(column, scope.columns[column], _commonest(counts.items()), more=len(counts) > VALUES)


def _commonest(counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    ordered: Sequence[tuple[str, int]] = sorted(counts, key=lambda one: (-one[1], one[0]))
    return list(ordered[:VALUES])
