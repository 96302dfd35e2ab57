"""Conditions and order from the projection of indexed values, for lists too large to be read through.

All is read at the head that the follower of values has reached. The statements are written so that one plan is left on
either database: the outermost table gives the order, and each further condition is one look into an index.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guildhall.registers import catalogue
from guildhall.registers.followers import values
from guildhall.registers.models import FollowerHead, Register
from guildhall.registers.queries import clauses
from guildhall.registers.queries.clauses import Clause
from guildhall.registers.queries.conditions import ORDERING, Condition
from guildhall.registers.queries.scan import Place
from guildhall.registers.queries.scopes import Scope
from guildhall.registers.statements import fetch
from guildhall.schema import order


def heads(scope: Scope, follower: str = values.NAME) -> dict[int, int]:
    """The size of each list as the follower knows it.

    A list that it has not seen, or has not yet taken as the standard is now, is not in it.
    """
    rows = FollowerHead.objects.filter(follower=follower, register__in=scope.sizes)
    if follower == values.NAME:
        alike = catalogue.versions_alike(scope.standard.name, scope.standard.version, values.shape)
        rows = rows.filter(standard_version__in=alike)
    return dict(rows.values_list("register_id", "size"))


def is_indexed(scope: Scope, column: str) -> bool:
    own = scope.own_name(column)
    return own is not None and own in scope.standard.indexed_names


def can_probe(scope: Scope, condition: Condition) -> bool:
    """Whether one look into an index says if a record fulfils it. Of long texts an index has the beginning alone."""
    if condition.operator in ORDERING and condition.intervals is None and len(condition.values[0]) > values.BEGINNING:
        return False
    return is_indexed(scope, condition.column) and condition.operator != "contains"


def can_lead(scope: Scope, condition: Condition) -> bool:
    """Whether an index finds the records that fulfil it."""
    return can_probe(scope, condition) and condition.operator not in {"not", "empty"}


def can_sort(scope: Scope, column: str) -> bool:
    """A record with several values would come several times, so lists of values are not sorted by an index."""
    return is_indexed(scope, column) and not scope.columns[column].is_list


def has_ranks(scope: Scope, column: str) -> bool:
    """Its values are compared as numbers or dates."""
    return order.is_ordered(scope.columns[column])


def candidates(
    scope: Scope, at: Mapping[int, int], lead: Condition, probes: Sequence[Condition], most: int
) -> list[tuple[int, str]] | None:
    """List and key of each record that fulfils the conditions, led by one; None if there are more than `most`."""
    found: list[tuple[int, str]] = []
    for register in scope.registers:
        head = at.get(register.pk)
        if head is None:
            continue
        clause = _lead(scope, register, head, lead, probes)
        sql = f"SELECT DISTINCT s.key FROM {clause.sql} LIMIT %s"  # noqa: S608 - made of constants
        found += [(register.pk, key) for (key,) in fetch(sql, (*clause.parameters, most + 1 - len(found)))]
        if len(found) > most:
            return None
    return found


@dataclass(frozen=True)
class Walk:
    """A way along one list: its table and size, what records must fulfil, and the order.

    `backwards` goes from the end of the order to its beginning.
    """

    scope: Scope
    register: Register
    head: int
    conditions: tuple[Condition, ...]
    sort: str = ""
    descending: bool = False
    backwards: bool = False

    @property
    def goes_down(self) -> bool:
        return self.descending != self.backwards

    @property
    def direction(self) -> str:
        return "DESC" if self.goes_down else "ASC"

    @property
    def field(self) -> str:
        return self.scope.own_name(self.sort) or ""

    @property
    def column(self) -> str:
        """The column of the projection by which it goes."""
        return "rank" if self.sort and has_ranks(self.scope, self.sort) else "value"

    def probes(self, alias: str, conditions: Sequence[Condition]) -> list[Clause]:
        return [clauses.probe(self.scope, alias, one) for one in conditions]

    def takes_in(self, start: Place) -> bool:
        """Whether what stands beside the start, but in another list, is still to come."""
        return (self.register.path < start.path) == self.goes_down


def walk(way: Walk, start: Place | None, limit: int) -> list[Place]:
    """The next places of a list after the start, which may be in another list of the table.

    Those without a value to sort by come last, whichever way the order goes.
    """
    if not way.sort:
        return _by_key(way, start, limit)
    with_value, without = _by_value, _without_value
    found: list[Place] = []
    for step in (without, with_value) if way.backwards else (with_value, without):
        if start is not None and (start.value is None) != (step is without):
            if way.backwards != (start.value is None):
                continue  # the start lies beyond all of these
            own: Place | None = None
        else:
            own = start
        if len(found) < limit:
            found += step(way, own, limit - len(found))
    return found


def _by_value(way: Walk, start: Place | None, limit: int) -> list[Place]:
    """In the order of an indexed field, read from its index."""
    own = [one for one in way.conditions if one.column == way.sort and can_lead(way.scope, one)]
    value = f"s.{way.column}"
    parts = [
        Clause("s.register_id = %s AND s.field = %s", (way.register.pk, way.field)),
        Clause(f"{value} IS NOT NULL"),
        clauses.at_head("s", way.head),
        *clauses.shown("s", way.scope, way.field),
        *(clauses.match("s", one) for one in own),
        *way.probes("s", [one for one in way.conditions if one not in own]),
    ]
    beyond = "<" if way.goes_down else ">"
    if start is not None and start.path == way.register.path:
        parts.append(Clause(f"({value}, s.key) {beyond} (%s, %s)", (start.value, start.key)))
    elif start is not None:
        parts.append(Clause(f"{value} {beyond}{'=' if way.takes_in(start) else ''} %s", (start.value,)))
    where = clauses.every(parts)
    sql = (
        f"SELECT {value}, s.key FROM registers_value s WHERE {where.sql}"  # noqa: S608 - made of constants
        f" ORDER BY {value} {way.direction}, s.key {way.direction} LIMIT %s"
    )
    return [Place(value, way.register.path, key) for value, key in fetch(sql, (*where.parameters, limit))]


def _without_value(way: Walk, start: Place | None, limit: int) -> list[Place]:
    has_value = Clause(f"c.field = %s AND c.{way.column} IS NOT NULL", (way.field,))
    valued = clauses.exists("e", clauses.every([has_value, *clauses.shown("c", way.scope, way.field)]), there=False)
    return _entries(way, start, limit, valued)


def _by_key(way: Walk, start: Place | None, limit: int) -> list[Place]:
    lead = next((one for one in way.conditions if has_key_order(way.scope, one)), None)
    if lead is None:
        return _entries(way, start, limit)
    beyond = _beyond("s", way, start)
    if beyond is None:
        return []
    where = _lead(way.scope, way.register, way.head, lead, [one for one in way.conditions if one != lead])
    sql = f"SELECT s.key FROM {where.sql}{beyond.sql} ORDER BY s.key {way.direction} LIMIT %s"  # noqa: S608
    found = fetch(sql, (*where.parameters, *beyond.parameters, limit))
    return [Place(None, way.register.path, key) for (key,) in found]


def _entries(way: Walk, start: Place | None, limit: int, *more: Clause) -> list[Place]:
    """In the order of keys, each looked up in the projection."""
    beyond = _beyond("e", way, start)
    if beyond is None:
        return []
    parts = [
        Clause("e.register_id = %s", (way.register.pk,)),
        clauses.at_head("e", way.head),
        *more,
        *way.probes("e", way.conditions),
    ]
    where = clauses.every(parts)
    sql = (
        f"SELECT e.key FROM registers_entry e WHERE {where.sql}{beyond.sql}"  # noqa: S608 - made of constants
        f" ORDER BY e.key {way.direction} LIMIT %s"
    )
    found = fetch(sql, (*where.parameters, *beyond.parameters, limit))
    return [Place(None, way.register.path, key) for (key,) in found]


def _beyond(alias: str, way: Walk, start: Place | None) -> Clause | None:
    """What lies beyond the start in the order of keys; None if nothing of this list does."""
    if start is None:
        return Clause("")
    if start.path == way.register.path:
        return Clause(f" AND {alias}.key {'<' if way.goes_down else '>'} %s", (start.key,))
    return Clause("") if way.takes_in(start) else None


def has_key_order(scope: Scope, condition: Condition) -> bool:
    """Of one value, whose rows stand in the order of keys in the index, one for each record."""
    if not can_lead(scope, condition) or condition.operator != "is" or len(condition.values) != 1:
        return False
    if condition.field.is_list and condition.intervals is not None:
        return False  # a record may have the same number twice, written in two ways
    return condition.intervals is None or all(low == high for low, high in condition.intervals)


def _lead(scope: Scope, register: Register, head: int, lead: Condition, probes: Sequence[Condition]) -> Clause:
    own = scope.own_name(lead.column)
    where = clauses.every(
        [
            Clause("s.register_id = %s AND s.field = %s", (register.pk, own)),
            clauses.match("s", lead),
            clauses.at_head("s", head),
            *clauses.shown("s", scope, own),
            *(clauses.probe(scope, "s", one) for one in probes),
        ]
    )
    return Clause(f"registers_value s WHERE {where.sql}", where.parameters)
