"""What records have in common: how many have each of the commonest values of a column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from guildhall.registers.followers.values import is_counted
from guildhall.registers.queries import indexed, kept_counts, scan
from guildhall.registers.queries.scopes import Pair, Scope
from guildhall.schema.model import Field

# So many columns, and of each so many values, are told beside a table.
COLUMNS, VALUES = 6, 8
_OF_LISTS = ("organisation-type", "region", "kept-by")
_TYPES = frozenset(("string", "boolean", "year", "list"))
_PROSE = frozenset(("text", "uri", "email", "uuid"))
_LONGEST = 80


@dataclass(frozen=True)
class Facet:
    """The commonest values of a column, with how many records have each; `more` if there are others."""

    column: str
    field: Field
    values: list[tuple[str, int]]
    more: bool


def facets_in(scope: Scope, pairs: Sequence[Pair]) -> list[Facet]:
    """Of records in memory, in the columns that tell them apart: those with few values for many records."""
    found: list[Facet] = []
    for column in telling_columns(scope):
        counts = scan.counts(scope, column, pairs)
        if tells_apart(counts, len(pairs)):
            found.append(_facet(scope, column, sorted(counts.items(), key=lambda one: (-one[1], one[0]))))
        if len(found) == COLUMNS:
            break
    return found


def facets_kept(scope: Scope) -> list[Facet]:
    """Of whole lists, from the counts that are kept of indexed fields."""
    found: list[Facet] = []
    for column in telling_columns(scope):
        own = scope.own_name(column)
        if own is None:
            counts = _of_lists(scope, column)
        elif is_counted(scope.standard, own):
            counts = kept_counts.most_common(scope, column, VALUES + 1)
        else:
            continue
        if _is_prose(value for value, _ in counts):
            continue
        if counts and counts[0][1] > 1 and not _says_nothing([count for _, count in counts], scope.records):
            found.append(_facet(scope, column, counts))
    return found[:COLUMNS]


def telling_columns(scope: Scope) -> list[str]:
    """The columns that may tell records apart: those about the list, then those of the standard."""
    return (list(_OF_LISTS) if scope.is_joined else []) + _likely_columns(scope)


def _likely_columns(scope: Scope) -> list[str]:
    """Fields that may tell records apart: indexed ones and links, then the others."""
    own = [column for column in scope.columns if scope.own_name(column) is not None and _can_tell(scope, column)]
    return sorted(own, key=lambda column: not indexed.is_indexed(scope, column))


def _can_tell(scope: Scope, column: str) -> bool:
    known = scope.columns[column]
    if known.format in _PROSE or scope.standard.key == (known.name,) or known.name == scope.standard.title_field:
        return False
    return known.type in _TYPES


def tells_apart(counts: Mapping[str, int], records: int) -> bool:
    """Some values are shared, none is prose, and not all records have the same."""
    if not counts or _is_prose(counts) or _says_nothing(list(counts.values()), records):
        return False
    return max(counts.values()) > 1 and len(counts) * 2 <= records + 1


def _is_prose(texts: Iterable[str]) -> bool:
    return any(len(text) > _LONGEST for text in texts)


def _says_nothing(counts: Sequence[int], records: int) -> bool:
    return len(counts) == 1 and counts[0] >= records


def _of_lists(scope: Scope, column: str) -> list[tuple[str, int]]:
    """Of a column about the list, from the sizes of the lists."""
    counts: Counter[str] = Counter()
    for register in scope.registers:
        for text in scope.of_list(register, column):
            counts[text] += register.head.records
    return counts.most_common(VALUES + 1)


def _facet(scope: Scope, column: str, counts: list[tuple[str, int]]) -> Facet:
    return Facet(column, scope.columns[column], counts[:VALUES], more=len(counts) > VALUES)
