"""The check of single rows, from a form, the API or the hall itself: the file check over a frame of just these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from guildhall.schema import text
from guildhall.schema.checks import ROW, Rule, compiled
from guildhall.schema.items import key_of
from guildhall.schema.model import Field, Standard
from guildhall.schema.words import Problem, tell, tell_row

Values = dict[str, str | list[str]]


@dataclass(frozen=True)
class _Read:
    """One row as it was given: its values by field name, what they were called, and what no text can hold."""

    number: int | None
    values: Values
    columns: Mapping[str, str]
    problems: list[Problem]


def check_row(
    standard: Standard, row: Mapping[str, object], *, number: int | None = None
) -> tuple[Values, list[Problem]]:
    """The row's values as they are kept, by field name, and what is wrong with them.

    Columns may bear the fields' names in any capitals, with spaces or hyphens; others are left out. A list may be
    given as such or as text with its delimiter. `number` is the row's in its file, if it has one.
    """
    return check_rows(standard, [(number, row)])[0]


def check_rows(
    standard: Standard, rows: Sequence[tuple[int | None, Mapping[str, object]]]
) -> list[tuple[Values, list[Problem]]]:
    """The same of many rows, each with its number: in one look, which costs little more than that at one of them."""
    read = [_read(standard, number, row) for number, row in rows]
    schema = {field.name: pl.List(pl.String) if field.is_list else pl.String() for field in standard.fields}
    frame = pl.DataFrame({name: [one.values.get(name) for one in read] for name in schema}, schema=schema)
    verdicts = compiled(standard).verdicts(frame)
    is_bad = verdicts.select(pl.any_horizontal(pl.all() != Rule.KEPT)).to_series()
    told = []
    for place, one in enumerate(read):
        problems = list(one.problems)
        if is_bad[place]:
            stray = {problem.column for problem in problems}
            found = _problems(standard, one, verdicts.row(place, named=True))
            problems += [problem for problem in found if problem.column not in stray]
        told.append((one.values, problems))
    return told


def _read(standard: Standard, number: int | None, row: Mapping[str, object]) -> _Read:
    written = {text.fold(name): name for name in row}
    values: Values = {}
    problems: list[Problem] = []
    columns: dict[str, str] = {}
    for field in standard.fields:
        column = next(
            (written[text.fold(name)] for name in (field.name, *field.aliases) if text.fold(name) in written), None
        )
        columns[field.name] = column or field.name
        given = _texts(field, row[column]) if column is not None else None
        if given is not None and _has_stray(given):
            shown = "; ".join(given) if isinstance(given, list) else given
            problems.append(tell(field, Rule.CHARACTERS, _printable(shown), column=columns[field.name], row=number))
        elif given:
            values[field.name] = given
    return _Read(number, values, columns, problems)


def _problems(standard: Standard, read: _Read, verdicts: Mapping[str, int]) -> list[Problem]:
    values, columns, number = read.values, read.columns, read.number
    problems = [
        tell(field, Rule(verdicts[field.name]), values.get(field.name, ""), column=columns[field.name], row=number)
        for field in standard.fields
        if verdicts[field.name]
    ]
    if verdicts[ROW]:
        named = [columns[name] for name in standard.key]
        key = key_of(standard, values) if all(name in values for name in standard.key) else ""
        problems.append(tell_row(Rule(verdicts[ROW]), key, columns=named, row=number))
    return problems


def _texts(field: Field, given: object) -> str | list[str] | None:
    """A value as it is kept. Numbers and true or false, as JSON gives them, are taken as they are written."""
    if given is None:
        return None
    if isinstance(given, list | tuple):
        parts = [part for part in (_text(one) for one in given) if part]
        return parts if field.is_list else text.tidy(field.delimiter.join(parts))
    one = _text(given)
    return text.split(one, field.delimiter) if field.is_list and not _has_stray(one) else one


def _text(given: object) -> str:
    if isinstance(given, bool):
        return "true" if given else "false"
    written = given if isinstance(given, str) else "" if given is None else str(given)
    return written if _has_stray(written) else text.tidy(written)


def _has_stray(given: str | list[str]) -> bool:
    """It holds a character that no text can hold when it is stored: NUL, or half of a pair."""
    whole = "".join(given)
    return "\0" in whole or any("\ud800" <= one <= "\udfff" for one in whole)


def _printable(shown: str) -> str:
    return shown.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
