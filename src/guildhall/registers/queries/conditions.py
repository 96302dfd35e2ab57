"""What a reader asks of a table: words, conditions, an order, columns. `parameters` reads it from an address."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from guildhall.kit.exceptions import BadRequestError
from guildhall.schema import order
from guildhall.schema.model import Field

OPERATORS = ("is", "not", "contains", "in", "before", "after", "atleast", "atmost", "empty")
ORDERING = frozenset(("before", "after", "atleast", "atmost"))
# Parameters that addresses of tables have for other things; `registers` answered to some of them before.
RESERVED = frozenset(
    (
        "format",
        "for",
        "q",
        "at",
        "recorded-on",
        "in-force-on",
        "total-entries",
        "page-size",
        "page-index",
        "after",
        "before",
    )
)
WORDS, SORT, COLUMNS = "q", "_sort", "_columns"
YES, NO = "yes", "no"


class FilterError(BadRequestError):
    """A condition that cannot be read: an unknown field, an unknown order, a value of another type."""

    title = "This filter cannot be used"


@dataclass(frozen=True)
class Condition:
    """One column, one operator, and what to compare with. Several values: any of them, or, for `not`, none of them.

    `column` is what the column is called in the table, `field` what the standard says of it.
    """

    column: str
    field: Field
    operator: str
    values: tuple[str, ...]

    @property
    def intervals(self) -> list[tuple[float, float]] | None:
        """The ranks from and to which values are looked for, both included; None where texts are compared."""
        if not order.is_ordered(self.field) or self.operator in {"contains", "empty"}:
            return None
        found = [order.bounds(self.field, value) for value in self.values]
        if self.operator not in ORDERING:
            # What is no number or date can only be equal as a text.
            return [one for one in found if one] if all(found) else None
        first = found[0]
        if first is None:
            return None
        low, high = first
        return {
            "before": [(-math.inf, math.nextafter(low, -math.inf))],
            "atmost": [(-math.inf, high)],
            "after": [(math.nextafter(high, math.inf), math.inf)],
            "atleast": [(low, math.inf)],
        }[self.operator]


@dataclass(frozen=True)
class Question:
    """Everything that is asked of a table. `sort` is a field's name, empty for the order of keys.

    `words` are looked for in all values of a record.
    """

    conditions: tuple[Condition, ...] = ()
    sort: str = ""
    descending: bool = False
    columns: tuple[str, ...] = ()
    words: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Not every record may be meant."""
        return bool(self.conditions or self.words)

    @property
    def is_plain(self) -> bool:
        """The whole table in the order of its keys."""
        return not self.is_narrowed and not self.sort

    def without(self, condition: Condition) -> Question:
        return replace(self, conditions=tuple(one for one in self.conditions if one != condition))

    def with_value(self, column: str, field: Field, value: str) -> Question:
        """This, and that a column has one value instead of any other that it was to have."""
        kept = tuple(one for one in self.conditions if (one.column, one.operator) != (column, "is"))
        return replace(self, conditions=(*kept, Condition(column, field, "is", (value,))))

    def sorted_by(self, name: str, *, descending: bool = False) -> Question:
        return replace(self, sort=name, descending=descending)

    def pairs(self) -> list[tuple[str, str]]:
        """As the parameters of an address."""
        pairs: list[tuple[str, str]] = [(WORDS, self.words)] if self.words else []
        for one in self.conditions:
            name = written(one.column, one.operator)
            pairs += [(name, value) for value in one.values]
        if self.sort or self.descending:
            pairs.append((SORT, ("-" if self.descending else "") + self.sort))
        if self.columns:
            pairs.append((COLUMNS, ",".join(self.columns)))
        return pairs


def written(name: str, operator: str) -> str:
    """The parameter for a field and an operator: the name alone where that is plain enough."""
    if operator == "is" and name not in RESERVED and name.rpartition("__")[2] not in OPERATORS:
        return name
    return f"{name}__{operator}"
