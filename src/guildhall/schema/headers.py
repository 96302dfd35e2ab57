"""Columns are matched to fields by name, never by place: publishers rename, drop and move them between quarters."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field

from guildhall.schema.model import Standard
from guildhall.schema.text import fold

_NEAR = 0.75


@dataclass(frozen=True)
class Match:
    """`columns`: field name -> column as written; `clashes`: field name -> several columns that could be it."""

    columns: dict[str, str]
    extra: list[str]
    missing: list[str]
    clashes: dict[str, list[str]] = field(default_factory=dict)

    def near(self, name: str) -> str | None:
        """The unknown column that looks like a misspelling of a field's name."""
        folded = {fold(column): column for column in self.extra}
        found = difflib.get_close_matches(fold(name), folded, n=1, cutoff=_NEAR)
        return folded[found[0]] if found else None


def match(standard: Standard, header: Sequence[str]) -> Match:
    """Match a header to the fields' names, then to their aliases, then to their titles.

    Capitals, spaces, hyphens and underscores do not matter.
    """
    written: dict[str, list[str]] = {}
    for column in header:
        written.setdefault(fold(column), []).append(column)
    columns: dict[str, str] = {}
    clashes: dict[str, list[str]] = {}
    for names in _ways(standard):
        for name, folded in names:
            found = written.get(folded, [])
            if name in columns or not found:
                continue
            del written[folded]
            columns[name] = name if name in found else found[0]
            if len(found) > 1:
                clashes[name] = found
    extra = [column for found in written.values() for column in found if column]
    missing = [known.name for known in standard.fields if known.name not in columns]
    return Match(columns, extra, missing, clashes)


def matches(standard: Standard, header: Sequence[str]) -> int:
    """How many of the standard's fields a row of texts names."""
    return len(match(standard, header).columns)


def _ways(standard: Standard) -> tuple[list[tuple[str, str]], ...]:
    """Pairs of field name and folded column name, the surest first."""
    return (
        [(known.name, fold(known.name)) for known in standard.fields],
        [(known.name, fold(alias)) for known in standard.fields for alias in known.aliases],
        [(known.name, fold(known.title)) for known in standard.fields],
    )
