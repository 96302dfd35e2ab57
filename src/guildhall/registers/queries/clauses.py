"""Parts of statements over the projection of indexed values. Each further condition is one look into an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from guildhall.registers.followers import values
from guildhall.registers.hiding import states
from guildhall.registers.queries.conditions import ORDERING, YES, Condition
from guildhall.registers.queries.scopes import Scope

# The sum keeps the number from choosing an index: at the latest head nearly every row is within it.
_HEAD = "({0}.number + 0) <= %s AND ({0}.superseded_by IS NULL OR {0}.superseded_by > %s)"
_COMPARED = {"before": "<", "atmost": "<=", "after": ">", "atleast": ">="}


@dataclass(frozen=True)
class Clause:
    """A part of a statement, with its parameters."""

    sql: str
    parameters: tuple[Any, ...] = ()


def at_head(alias: str, head: int) -> Clause:
    return Clause(_HEAD.format(alias), (head, head))


def match(alias: str, condition: Condition) -> Clause:
    """That a row of the projection fulfils a condition."""
    intervals = condition.intervals
    if intervals is not None:
        if len(intervals) == 1 and intervals[0][0] == intervals[0][1]:
            return Clause(f"{alias}.rank = %s", intervals[0][:1])
        sql = " OR ".join(f"{alias}.rank BETWEEN %s AND %s" for _ in intervals)
        return Clause(f"({sql})", tuple(bound for interval in intervals for bound in interval))
    kept = tuple(map(values.kept, condition.values))
    if condition.operator in ORDERING:
        return Clause(f"{alias}.value {_COMPARED[condition.operator]} %s", kept[:1])
    return Clause(f"{alias}.value IN ({', '.join('%s' for _ in kept)})", kept)


def probe(scope: Scope, alias: str, condition: Condition) -> Clause:
    own = scope.own_name(condition.column)
    field = every([Clause("c.field = %s", (own,)), *shown("c", scope, own)])
    if condition.operator == "empty":
        return exists(alias, field, there=condition.values[0] != YES)
    is_text = condition.intervals is None and condition.operator not in ORDERING
    what = every([field, match("c", condition)])
    return exists(alias, what, there=condition.operator != "not", by_key=not is_text)


def shown(alias: str, scope: Scope, field: str | None) -> list[Clause]:
    """That the value of an entry is not hidden, as no key is; nothing where no list of the table has hidden ones."""
    if field in scope.standard.key or not any(one.head.hidden_runs for one in scope.registers):
        return []
    hidden = states.IS_HIDDEN.format(register=f"{alias}.register_id", number=f"{alias}.number")
    return [Clause(f"NOT {hidden}")]


def exists(alias: str, what: Clause, *, there: bool, by_key: bool = True) -> Clause:
    """One look into the index for each row: a subquery of one value is never turned into a join.

    `by_key` finds the few values of the record; SQLite, which keeps no figures of its tables, would read a whole field.
    """
    index = " INDEXED BY value_by_key" if by_key and connection.vendor == "sqlite" else ""
    same = f"c.register_id = {alias}.register_id AND c.key = {alias}.key AND c.number = {alias}.number"
    test = "IS NOT NULL" if there else "IS NULL"
    sql = f"(SELECT 1 FROM registers_value c{index} WHERE {same} AND {what.sql} LIMIT 1) {test}"  # noqa: S608
    return Clause(sql, what.parameters)


def every(parts: Sequence[Clause]) -> Clause:
    return Clause(" AND ".join(part.sql for part in parts), tuple(one for part in parts for one in part.parameters))
