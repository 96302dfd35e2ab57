"""What is asked of the index: terms that must all be there, any of which must be there, or must not be there.

Terms are letters and digits alone (`analysis`), so nothing in them can be taken for syntax.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class All:
    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Either:
    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Without:
    wanted: Expression
    unwanted: Expression


type Expression = str | All | Either | Without

# Documents whose number lies above another, the lowest first. Numbers are given in the order of arrival.
_SQLITE = "SELECT rowid FROM search_index WHERE search_index MATCH %s AND rowid > %s ORDER BY rowid LIMIT %s"
_POSTGRESQL = "SELECT id FROM search_document WHERE terms @@ %s::tsquery AND id > %s ORDER BY id LIMIT %s"


def ids(expression: Expression, *, after: int = 0, limit: int) -> list[int]:
    """The numbers of the documents that fit, in their order: at most `limit` of those above `after`."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute(
            _SQLITE if sqlite else _POSTGRESQL, [_fts5(expression) if sqlite else _tsquery(expression), after, limit]
        )
        return [number for (number,) in cursor.fetchall()]


def count(expression: Expression, *, most: int) -> int:
    """How many documents fit; `most` if there are so many or more, which is found out without reading them all."""
    return len(ids(expression, limit=most))


def _fts5(expression: Expression) -> str:
    match expression:
        case str():
            return f'"{expression}"'
        case All(parts):
            return f"({' AND '.join(map(_fts5, parts))})"
        case Either(parts):
            return f"({' OR '.join(map(_fts5, parts))})"
        case Without(wanted, unwanted):
            return f"({_fts5(wanted)} NOT {_fts5(unwanted)})"


def _tsquery(expression: Expression) -> str:
    match expression:
        case str():
            return f"'{expression}'"
        case All(parts):
            return f"({' & '.join(map(_tsquery, parts))})"
        case Either(parts):
            return f"({' | '.join(map(_tsquery, parts))})"
        case Without(wanted, unwanted):
            return f"({_tsquery(wanted)} & !{_tsquery(unwanted)})"
