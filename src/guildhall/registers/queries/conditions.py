"""What a reader asks of a table, as it stands in an address: conditions, an order, columns.

`species=oak` is a condition; `planted__after=2001-01-01` names its operator after two underscores. A name that begins
with an underscore is the hall's own (`_sort`, `_columns`), and no field can have one. A field whose name is also one of
the hall's few other parameters, or ends like an operator, is written with its operator: `format__is=pdf`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

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
SORT, COLUMNS = "_sort", "_columns"
MOST_CONDITIONS, MOST_VALUES, MOST_CHARACTERS = 20, 100, 300
YES, NO = "yes", "no"
# What other sites add to links that are sent on; it is no condition.
_TRAILS = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid")


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
    """Everything that is asked of a table. `sort` is a field's name, empty for the order of keys."""

    conditions: tuple[Condition, ...] = ()
    sort: str = ""
    descending: bool = False
    columns: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        """The whole table in the order of its keys."""
        return not self.conditions and not self.sort

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
        pairs: list[tuple[str, str]] = []
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


def read(pairs: Iterable[tuple[str, str]], fields: Mapping[str, Field]) -> Question:
    """Read the parameters of an address. Raises FilterError, which names what there is."""
    gathered: dict[tuple[str, str], list[str]] = {}
    sort, columns = "", ""
    for name, value in pairs:
        if name == SORT:
            sort = value.strip()
        elif name == COLUMNS:
            columns = value
        elif not name.startswith("_") and name not in RESERVED and not name.startswith(_TRAILS):
            _gather(gathered, name, value.strip(), fields)
    conditions = [
        made for (name, operator), values in gathered.items() for made in _made(name, fields[name], operator, values)
    ]
    if len(conditions) > MOST_CONDITIONS:
        raise FilterError(
            _("There are more conditions than can be looked for at once."),
            _("Give at most %(number)s.") % {"number": MOST_CONDITIONS},
        )
    descending, sort = sort.startswith("-"), sort.removeprefix("-")
    if sort:
        _known(sort, fields)
    chosen = tuple(dict.fromkeys(name for name in columns.split(",") if name))
    for name in chosen:
        _known(name, fields)
    return Question(tuple(conditions), sort, descending, chosen)


def _gather(gathered: dict[tuple[str, str], list[str]], name: str, value: str, fields: Mapping[str, Field]) -> None:
    own, marks, operator = name.rpartition("__")
    if not (marks and operator in OPERATORS):
        own, operator = name, "is"
    _known(own, fields)
    if len(value) > MOST_CHARACTERS or "\0" in value:
        raise FilterError(
            _("What was given for %(name)s cannot be looked for.") % {"name": name},
            _("Give at most %(number)s ordinary characters.") % {"number": MOST_CHARACTERS},
        )
    if value:
        gathered.setdefault((own, operator), []).append(value)


def _known(name: str, fields: Mapping[str, Field]) -> None:
    if name not in fields:
        raise FilterError(
            _("There is no field called %(name)s here.") % {"name": name[:MOST_CHARACTERS]},
            _("The fields are: %(names)s.") % {"names": ", ".join(fields)},
        )


def _made(column: str, field: Field, operator: str, values: list[str]) -> list[Condition]:
    """Conditions of one column and one operator; a range or a part of a text is a condition for each value."""
    if operator == "in":
        operator, values = "is", [part.strip() for value in values for part in value.split(",") if part.strip()]
    values = list(dict.fromkeys(values))
    if len(values) > MOST_VALUES:
        raise FilterError(
            _("There are more values for %(name)s than can be looked for at once.") % {"name": column},
            _("Give at most %(number)s.") % {"number": MOST_VALUES},
        )
    if operator == "empty":
        return [Condition(column, field, operator, (_yes_or_no(column, values[-1]),))]
    if operator in ORDERING:
        _check_order(column, field, values)
    if operator in ORDERING or operator == "contains":
        return [Condition(column, field, operator, (value,)) for value in values]
    return [Condition(column, field, operator, tuple(values))] if values else []


def _yes_or_no(column: str, value: str) -> str:
    if value.lower() not in {YES, NO}:
        raise FilterError(
            _("%(name)s__empty must be yes or no.") % {"name": column},
            _("Write %(name)s__empty=yes.") % {"name": column},
        )
    return value.lower()


def _check_order(column: str, field: Field, values: Sequence[str]) -> None:
    for value in values:
        if order.is_ordered(field) and order.bounds(field, value) is None:
            is_date = field.value_field.type in order.DATED
            raise FilterError(
                _("“%(value)s” cannot be compared with %(name)s.") % {"value": value, "name": column},
                _("Give a day that is in the calendar, such as 2001-12-31, a month or a year.")
                if is_date
                else _("Give a value as the list has them, such as a plain number."),
            )
