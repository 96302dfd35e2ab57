"""What is said of a file as a whole: what keeps it out, and advice that does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from guildhall.schema.checks import Rule
from guildhall.schema.headers import Match
from guildhall.schema.model import Standard
from guildhall.schema.text import fold
from guildhall.schema.words import Problem

_LISTED = 10  # columns that a message names
_HARDLY_ANY = 5  # one column in so many


def file_problems(standard: Standard, found: Match, header: Sequence[str]) -> list[Problem]:
    """What is wrong with the columns: the wrong file, two for one field, or one that must be there and is not."""
    if _is_another_list(standard, found):
        number = "none" if not found.columns else f"only {len(found.columns)}"
        told = (
            f"this file does not look like {standard.title}: {number} of its columns ({_listed(header)}) "
            f"{'is' if len(found.columns) <= 1 else 'are'} among the data standard's "
            f"({_listed([field.name for field in standard.fields])}). "
            "Choose another file or another data standard, or write the names of the columns in the first row."
        )
        return [_problem(Rule.NO_COLUMN, "", told)]
    problems = [
        _problem(Rule.REPEATED, name, f"the columns {' and '.join(columns)} both bear this name: keep one of them.")
        for name, columns in found.clashes.items()
    ]
    for field in standard.fields:
        if field.constraints.required and field.name in found.missing:
            near = found.near(field.name)
            better = f"Is it {near}? Then rename it to {field.name}." if near else f"Add a column called {field.name}."
            told = f"there is no such column, and it must be filled in for every row. {better}"
            problems.append(_problem(Rule.NO_COLUMN, field.name, told))
    return problems


def _is_another_list(standard: Standard, found: Match) -> bool:
    """The key is not there, nor is anything like it, and hardly any other column."""
    if not found.columns:
        return not any(found.near(name) for name in found.missing)
    lacks_key = any(name in found.missing and not found.near(name) for name in standard.key)
    return lacks_key and len(found.columns) * _HARDLY_ANY <= len(standard.fields)


def notes(standard: Standard, found: Match, frame: pl.DataFrame, blank: int) -> Iterator[str]:
    """Advice about columns and empty values."""
    if blank:
        yield f"{blank:,} blank {'row was' if blank == 1 else 'rows were'} left out."
    if not found.columns:
        return
    for name, column in found.columns.items():
        if fold(column) != fold(name):
            yield f"The column {column} was read as {name}."
    if found.extra:
        yield f"Not in the data standard, and left out: {_listed(found.extra)}."
    yield from _missing(standard, found)
    for field in standard.fields:
        empty = frame[field.name].null_count() if field.level == "should" and field.name in frame.columns else 0
        if empty:
            rows = "row" if empty == 1 else "rows"
            yield f"{found.columns[field.name]} should be filled in, and is empty in {empty:,} {rows}."


def _missing(standard: Standard, found: Match) -> Iterator[str]:
    """Fields without a column that need not have one."""
    others = []
    for field in standard.fields:
        if field.name not in found.missing or field.constraints.required:
            continue
        near = found.near(field.name)
        if near:
            yield f"Did you mean {field.name} by the column {near}? Then rename it."
        elif field.level == "should":
            yield f"There is no column {field.name}, and the data standard says that there should be."
        else:
            others.append(field.name)
    if others:
        yield f"Columns of the data standard that the file does not have: {_listed(others)}."


def _problem(rule: Rule, column: str, told: str) -> Problem:
    return Problem(None, column, "", rule.name.lower(), told)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_LISTED])
    return shown if len(names) <= _LISTED else f"{shown} and {len(names) - _LISTED} more"
