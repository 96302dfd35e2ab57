"""The check of one row, from a form, the API or the hall itself: the file check over a frame of one."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from guildhall.schema import text
from guildhall.schema.checks import ROW, Rule, compiled
from guildhall.schema.items import key_of
from guildhall.schema.model import Field, Standard
from guildhall.schema.words import Problem, tell, tell_row

Values = dict[str, str | list[str]]


def check_row(
    standard: Standard, row: Mapping[str, object], *, number: int | None = None
) -> tuple[Values, list[Problem]]:
    """The row's values as they are kept, by field name, and what is wrong with them.

    Columns may bear the fields' names in any capitals, with spaces or hyphens; others are left out. A list may be
    given as such or as text with its delimiter. `number` is the row's in its file, if it has one.
    """
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
    stray = {problem.column for problem in problems}
    problems += [one for one in _checked(standard, values, columns, number) if one.column not in stray]
    return values, problems


def _checked(standard: Standard, values: Values, columns: Mapping[str, str], number: int | None) -> list[Problem]:
    schema = {field.name: pl.List(pl.String) if field.is_list else pl.String() for field in standard.fields}
    frame = pl.DataFrame({name: [values.get(name)] for name in schema}, schema=schema)
    verdicts = compiled(standard).verdicts(frame).row(0, named=True)
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
