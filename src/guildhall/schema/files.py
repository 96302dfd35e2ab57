"""The check of a whole file, compiled from its standard once: exact totals, and the first examples of each fault.

Verdicts are columns of small numbers, so that many errors take no longer than few; words are found for examples only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from guildhall.schema import advice, headers, text, words
from guildhall.schema.checks import ROW, Rule, compiled
from guildhall.schema.gate import Table
from guildhall.schema.items import key_column
from guildhall.schema.model import Field, Standard
from guildhall.schema.words import Problem

EXAMPLES = 3
_SLICE = 65_536  # rows whose verdicts are worked out at once


@dataclass(frozen=True)
class Group:
    """One fault of one column: how many rows have it, and the first of them."""

    summary: str
    count: int
    column: str
    rule: str
    first_row: int | None
    examples: list[Problem]


@dataclass(frozen=True)
class FileReport:
    """`error_count` are the rows in error. `problems` are those of the whole file, which stand among the groups too.

    `rows` are the good rows, tidied, its columns named as the standard names them.
    """

    row_count: int
    error_count: int
    groups: list[Group]
    problems: list[Problem]
    notes: list[str]
    rows: pl.DataFrame


def compile_check(standard: Standard, *, examples: int = EXAMPLES) -> FileCheck:
    """The check of files to a standard; may be kept and used again. It tells so many examples of each fault."""
    return FileCheck(standard, examples)


class FileCheck:
    """Made by `compile_check`."""

    def __init__(self, standard: Standard, examples: int) -> None:
        self._standard = standard
        self._examples = examples
        self._checks = compiled(standard)

    def run(self, table: Table) -> FileReport:
        """Check a table that came through the gate."""
        found = headers.match(self._standard, table.header)
        problems = advice.file_problems(self._standard, found, table.header)
        frame, places, blank = _tidied_rows(self._standard, table, found)
        notes = [*table.notes, *advice.notes(self._standard, found, frame, blank)]
        rows = table.frame.height - blank
        groups = [_whole_file_group(problem, rows) for problem in problems]
        verdicts = self._verdicts(frame)
        is_bad = verdicts.select(pl.any_horizontal(pl.all() != Rule.KEPT)).to_series()
        groups += _Groups(self._standard, found.columns, table, frame, places, self._examples).of(verdicts)
        if problems:
            return FileReport(rows, rows, groups, problems, notes, _no_rows(self._standard))
        errors = int(is_bad.sum())
        return FileReport(rows, errors, groups, [], notes, frame.filter(~is_bad) if errors else frame)

    def _verdicts(self, frame: pl.DataFrame) -> pl.DataFrame:
        slices = [self._checks.verdicts(frame.slice(at, _SLICE)) for at in range(0, max(frame.height, 1), _SLICE)]
        verdicts = pl.concat(slices)
        for name, values in _to_be_different(self._standard, frame):
            # Only what is well otherwise: of several faults the first is told.
            repeated = ~values.is_first_distinct() & values.is_not_null() & (verdicts[name] == Rule.KEPT)
            if repeated.any():
                told = pl.select(pl.when(repeated).then(pl.lit(Rule.REPEATED, pl.UInt8)).otherwise(verdicts[name]))
                verdicts = verdicts.with_columns(told.to_series().alias(name))
        return verdicts


def _to_be_different(standard: Standard, frame: pl.DataFrame) -> Iterator[tuple[str, pl.Series]]:
    """The columns whose values must be different in every row. A key of several fields is told of the whole row."""
    for field in standard.fields:
        if field.name in frame.columns and (field.constraints.unique or standard.key == (field.name,)):
            column = frame[field.name]
            yield field.name, column.list.join("\n") if field.is_list else column
    if len(standard.key) > 1 and all(name in frame.columns for name in standard.key):
        yield ROW, frame.select(key_column(standard)).to_series()


def _tidied_rows(standard: Standard, table: Table, found: headers.Match) -> tuple[pl.DataFrame, pl.Series | None, int]:
    """The tidied rows, named as the fields; their places in the table, unless all are there; how many were blank."""
    fields = [field for field in standard.fields if field.name in found.columns]
    frame = pl.DataFrame([_tidied_column(field, table.frame[found.columns[field.name]]) for field in fields])
    empty = (
        frame.select(pl.all_horizontal(pl.all().is_null())).to_series() if fields else pl.Series([], dtype=pl.Boolean)
    )
    if not empty.any():
        return frame, None, 0
    rest = table.frame.select(found.extra)
    filled = (
        rest.select(pl.any_horizontal((pl.all().str.strip_chars() != "").fill_null(value=False)))
        if found.extra
        else None
    )
    blank = empty & ~filled.to_series() if filled is not None else empty
    return frame.filter(~blank), (~blank).arg_true(), int(blank.sum())


def _tidied_column(field: Field, column: pl.Series) -> pl.Series:
    """Most columns are tidy already, and then no memory is taken for another."""
    expression = pl.col(column.name)
    if field.is_list:
        expression = text.tidied_list(expression, field.delimiter)
    elif column.str.contains(text.UNTIDY).any():
        expression = text.tidied(expression)
    return column.to_frame().select(expression.alias(field.name)).to_series()


def _no_rows(standard: Standard) -> pl.DataFrame:
    return pl.DataFrame(
        schema={field.name: pl.List(pl.String) if field.is_list else pl.String() for field in standard.fields}
    )


def _whole_file_group(problem: Problem, rows: int) -> Group:
    what = {Rule.NO_COLUMN: "there is no such column", Rule.REPEATED: "there are two such columns"}
    told = f"{problem.column}: {what[Rule[problem.rule.upper()]]}" if problem.column else "Another list than this one"
    return Group(f"{told}. {words.counted(rows, 'row')} in all.", rows, problem.column, problem.rule, None, [problem])


@dataclass(frozen=True)
class _Groups:
    """Makes groups of verdicts. `columns`: field name -> column as written."""

    standard: Standard
    columns: Mapping[str, str]
    table: Table
    frame: pl.DataFrame
    places: pl.Series | None
    examples: int

    def of(self, verdicts: pl.DataFrame) -> list[Group]:
        return [
            self._group(name, Rule(rule), verdicts[name] == rule)
            for name in verdicts.columns
            for rule in sorted(verdicts[name].unique())
            if rule != Rule.KEPT
        ]

    def _group(self, name: str, rule: Rule, has_it: pl.Series) -> Group:
        rows = has_it.arg_true()
        count, first = len(rows), self._line(rows[0])
        named = self._named(name)
        what = words.row_fault(rule) if name == ROW else words.fault(self.standard.field(name), rule)
        where = f"1 row, row {first:,}" if count == 1 else f"{count:,} rows, first in row {first:,}"
        summary = f"{' and '.join(named)}: {what}. {where[:1].upper()}{where[1:]}."
        examples = [self._problem(name, rule, row) for row in rows.head(self.examples)]
        return Group(summary, count, " and ".join(named), rule.name.lower(), first, examples)

    def _problem(self, name: str, rule: Rule, row: int) -> Problem:
        line = self._line(row)
        if rule == Rule.REPEATED:
            return self._repeated(name, row)
        if name == ROW:
            key = self.frame[row].select(key_column(self.standard)).item() or ""
            return words.tell_row(rule, key, columns=self._named(name), row=line)
        value = self.frame[name][row]
        value = value.to_list() if isinstance(value, pl.Series) else value or ""
        return words.tell(self.standard.field(name), rule, value, column=self.columns[name], row=line)

    def _repeated(self, name: str, row: int) -> Problem:
        values = next(values for known, values in _to_be_different(self.standard, self.frame) if known == name)
        first = (values == values[row]).arg_max()
        return words.tell_repeated(
            values[row], columns=self._named(name), row=self._line(row), first=self._line(first or 0)
        )

    def _named(self, name: str) -> list[str]:
        return [self.columns[one] for one in (self.standard.key if name == ROW else (name,))]

    def _line(self, row: int) -> int:
        return self.table.line(row if self.places is None else int(self.places[row]))
