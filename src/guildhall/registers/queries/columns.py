"""Large tables by their columns, from the Parquet file that is made for download of each list and of all to a standard.

It answers what no index does: fields without one, counts under many-recorded conditions. It shows the table as it was
when the file was made, and says so.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from pathlib import Path

import polars as pl

from guildhall.registers.exports import files, subject
from guildhall.registers.exports.files import Kept
from guildhall.registers.queries import scan
from guildhall.registers.queries.asked import Asked, Found, behind, read_records
from guildhall.registers.queries.conditions import NO, Condition
from guildhall.registers.queries.facets import VALUES, Facet, telling_columns, tells_apart
from guildhall.registers.queries.scan import Place
from guildhall.registers.queries.scopes import KEY_COLUMN, Pair, Scope
from guildhall.registers.queries.time import sizes_at
from guildhall.schema import kinds, order
from guildhall.schema.items import key_column
from guildhall.schema.model import Field

_FACETS_AT_MOST = 6
_PATH, _KEY, _VALUE = "_path", "_key", "_value"
_TOTAL, _COUNT = "_total", "_count"
_LIST = "register"
# More different values than this tell nothing apart.
_MOST_VALUES = 1_000
# What was counted, by the file that it was counted in, the lists and the conditions.
_MOST_REMEMBERED = 1_000
_remembered: dict[Hashable, tuple[int, list[Facet]]] = {}


@dataclass(frozen=True)
class Columns:
    """A table's file: its columns, and the size of the table that they show, of all lists together and of each."""

    path: Path
    frame: pl.LazyFrame
    types: pl.Schema
    size: int
    sizes: Mapping[int, int]


def file_of(scope: Scope) -> Kept | None:
    """The file that is kept of a list, or of all lists to a standard; None while there is none that may be used."""
    if not scope.is_now or not scope.registers:
        return None
    return files.newest(subject.of_scope(scope), "parquet")


def columns_of(scope: Scope) -> Columns | None:
    """None where there is no file that may be used, or it was made before the standard had all of these columns."""
    kept = file_of(scope)
    if kept is None:
        return None
    frame = pl.scan_parquet(kept.path)
    types = frame.collect_schema()
    if not types.keys() >= scope.columns.keys():
        return None
    if scope.is_joined:
        sizes = sizes_at(scope.registers, kept.position)
        frame = frame.filter(pl.col(_LIST).is_in([one.path for one in scope.registers]))
    else:
        sizes = {scope.registers[0].pk: kept.size}
    return Columns(kept.path, frame, types, kept.size, sizes)


def counted(asked: Asked, columns: Columns) -> tuple[int, list[Facet]]:
    """How many records fulfil the conditions, and what they have in common.

    A file never changes: whoever sorts what was found, or goes from page to page of it, has it counted once.
    """
    conditions = tuple((one.column, one.operator, one.values) for one in asked.conditions)
    key = (columns.path, tuple(columns.sizes), conditions)
    found = _remembered.get(key)
    if found is None:
        if len(_remembered) >= _MOST_REMEMBERED:
            _remembered.clear()
        found = _remembered[key] = _count(asked, columns)
    return found


def _count(asked: Asked, columns: Columns) -> tuple[int, list[Facet]]:
    """Some columns at a time, each time in one reading of the file, until enough of them tell records apart."""
    scope, rows = asked.scope, _filtered(asked, columns)
    told = [column for column in telling_columns(scope) if _is_text(columns, column)]
    facets: list[Facet] = []
    records = 0
    for some in list(batched(told, _FACETS_AT_MOST)) or [()]:
        answer = rows.select(pl.len().alias(_TOTAL), *(_commonest_of(column) for column in some)).collect()
        records = int(answer[_TOTAL].item())
        found = [_facet(scope, column, answer[column].item(), records) for column in some]
        facets += [facet for facet in found if facet is not None]
        if len(facets) >= _FACETS_AT_MOST:
            break
    return records, facets[:_FACETS_AT_MOST]


def _commonest_of(column: str) -> pl.Expr:
    values = pl.col(column).drop_nulls().value_counts(sort=True, name=_COUNT)
    return values.head(_MOST_VALUES).implode()


def page(asked: Asked, columns: Columns) -> Found:
    """A page in any order under any conditions, of the lists as the file shows them."""
    descending, backwards = asked.question.descending, asked.before is not None
    start = asked.before or asked.after
    rows = _ordered(asked, columns, start, down=descending != backwards)
    found = [Place(value, path, key) for path, key, value in rows.head(asked.limit + 1).collect().iter_rows()]
    places, more = found[: asked.limit], len(found) > asked.limit
    places = places[::-1] if backwards else places
    total, facets = counted(asked, columns)
    return Found(
        rows=_records(asked.scope, columns, places),
        before=places[0] if places and (more if backwards else start is not None) else None,
        after=places[-1] if places and (backwards or more) else None,
        total=total,
        facets=facets,
        behind=behind(asked.scope, columns.sizes),
        as_of=columns.size,
    )


def _ordered(asked: Asked, columns: Columns, start: Place | None, *, down: bool) -> pl.LazyFrame:
    """Path, key and value of each record that fulfils the conditions, in the direction of travel, from a place on."""
    scope, backwards = asked.scope, asked.before is not None
    path = pl.col(_LIST) if scope.is_joined else pl.lit(scope.registers[0].path)
    key = pl.col(KEY_COLUMN) if scope.is_joined else key_column(scope.standard)
    value = _sort_value(scope, columns, asked.question.sort)
    rows = _filtered(asked, columns).select(path.alias(_PATH), key.alias(_KEY), value.alias(_VALUE))
    if start is not None:
        rows = rows.filter(_beyond(start, down=down, backwards=backwards))
    return rows.sort(
        [pl.col(_VALUE).is_null(), _VALUE, _PATH, _KEY],
        descending=[backwards, down, down, down],
        nulls_last=True,
        maintain_order=True,
    )


def _records(scope: Scope, columns: Columns, places: Sequence[Place]) -> list[Pair]:
    """The records at some places, as the file shows them; of a list that has just begun, as they are now."""
    ids = {one.path: one.pk for one in scope.registers}
    keys = [(ids[place.path], place.key) for place in places]
    by_name = {
        (register.pk, record.key): (register, record) for register, record in read_records(scope, columns.sizes, keys)
    }
    newer = [name for name in keys if name not in by_name]
    by_name |= {
        (register.pk, record.key): (register, record) for register, record in read_records(scope, scope.sizes, newer)
    }
    return [by_name[name] for name in keys if name in by_name]


def _filtered(asked: Asked, columns: Columns) -> pl.LazyFrame:
    tests = [_test(columns, one) for one in asked.conditions]
    return columns.frame.filter(tests) if tests else columns.frame


def _test(columns: Columns, condition: Condition) -> pl.Expr:
    name, known = condition.column, condition.field
    column = pl.col(name)
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
        return order.finite(kinds.rank(known.value_field, column))
    if isinstance(dtype, pl.Datetime):
        return column.dt.epoch("ms") / 1_000
    return order.finite(column.to_physical())


def _sort_value(scope: Scope, columns: Columns, sort: str) -> pl.Expr:
    if not sort:
        return pl.lit(None, dtype=pl.String)
    known, dtype, column = scope.columns[sort], columns.types[sort], pl.col(sort)
    if isinstance(dtype, pl.List):
        column, dtype = column.list.first(), dtype.inner  # type: ignore[assignment]
    if order.is_ordered(known):
        return _rank(known, column, dtype)
    return column if dtype == pl.String else column.cast(pl.String)


def _beyond(start: Place, *, down: bool, backwards: bool) -> pl.Expr:
    """Where a row lies beyond a place, in an order whose end are the rows without a value."""
    value, path, key = pl.col(_VALUE), pl.col(_PATH), pl.col(_KEY)
    in_list = key < start.key if down else key > start.key
    key_beyond = (path < start.path if down else path > start.path) | ((path == start.path) & in_list)
    if start.value is None:
        same = value.is_null() & key_beyond
        return same | value.is_not_null() if backwards else same
    value_beyond = value < start.value if down else value > start.value
    found = (value_beyond | ((value == start.value) & key_beyond)).fill_null(value=False)
    return found if backwards else found | value.is_null()


def _is_text(columns: Columns, column: str) -> bool:
    return columns.types.get(column) in {pl.String, pl.Int32}


def _facet(scope: Scope, column: str, answer: pl.Series, records: int) -> Facet | None:
    counts = {str(row[column]): int(row[_COUNT]) for row in answer.to_list()}
    if len(counts) >= _MOST_VALUES or not tells_apart(counts, records):
        return None
    return Facet(column, scope.columns[column], _commonest(counts.items()), more=len(counts) > VALUES)


def _commonest(counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    ordered: Sequence[tuple[str, int]] = sorted(counts, key=lambda one: (-one[1], one[0]))
    return list(ordered[:VALUES])
