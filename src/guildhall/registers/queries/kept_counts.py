"""How many records have a value, from the counts that are kept of indexed fields."""

from __future__ import annotations

from django.db.models import Sum

from guildhall.registers.followers import values
from guildhall.registers.hiding import states
from guildhall.registers.models import ValueCount
from guildhall.registers.queries.conditions import Condition
from guildhall.registers.queries.scopes import Scope
from guildhall.registers.statements import fetch

_MOST_COMMON = (
    "SELECT value, count FROM registers_valuecount WHERE register_id = %s AND field = %s"
    " ORDER BY count DESC, value LIMIT %s"
)


def known_count(scope: Scope, condition: Condition) -> int | None:
    """How many records fulfil a condition of being one value, from the counts that are kept; None if none are."""
    own = scope.own_name(condition.column) or ""
    if condition.operator != "is" or len(condition.values) != 1 or condition.intervals is not None:
        return None
    if not values.is_counted(scope.standard, own) or not states.is_heeded(values.NAME, scope.registers):
        return None
    found = ValueCount.objects.filter(register__in=scope.sizes, field=own, value=values.kept(condition.values[0]))
    return found.aggregate(total=Sum("count"))["total"] or 0


def most_common(scope: Scope, column: str, limit: int) -> list[tuple[str, int]]:
    """The commonest values of an indexed column with how many records have each, over all lists of the table.

    None of them while values are counted that were hidden a moment ago.
    """
    if not states.is_heeded(values.NAME, scope.registers):
        return []
    own = scope.own_name(column)
    if len(scope.sizes) == 1:
        return fetch(_MOST_COMMON, [*scope.sizes, own, limit])
    rows = ValueCount.objects.filter(register__in=scope.sizes, field=own)
    return list(rows.values_list("value").annotate(total=Sum("count")).order_by("-total", "value")[:limit])
