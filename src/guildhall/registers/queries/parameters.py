"""A question to a table as it stands in an address.

`species=oak` is a condition; `planted__after=2001-01-01` names its operator after two underscores. A name that begins
with an underscore is the hall's own (`_sort`, `_columns`), and no field can have one. A field whose name is also one of
the hall's few other parameters, or ends like an operator, is written with its operator: `format__is=pdf`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from guildhall.kit.parameters import is_trail
from guildhall.registers.queries.conditions import (
    COLUMNS,
    NO,
    OPERATORS,
    ORDERING,
    RESERVED,
    SORT,
    WORDS,
    YES,
    Condition,
    FilterError,
    Question,
)
from guildhall.schema import order
from guildhall.schema.model import Field

MOST_CONDITIONS, MOST_VALUES, MOST_CHARACTERS = 20, 100, 300
# Parameters that every table takes besides: in which form, and in which state.
_ALWAYS = frozenset(("format", "for", "at", "recorded-on", "in-force-on"))


def read(
    pairs: Iterable[tuple[str, str]], fields: Mapping[str, Field], own: AbstractSet[str] = frozenset()
) -> Question:
    """Read the parameters of an address, of which it takes some as its `own`. Raises FilterError, which names them."""
    given = _Given(fields)
    for name, value in pairs:
        if name in {SORT, COLUMNS}:
            given.put_once(name, value.strip())
        elif name == WORDS:
            given.words.append(_text(name, value.strip()))
        elif not (name in _ALWAYS or name in own or is_trail(name)):
            given.put_condition(name, value.strip())
    sort = given.once.get(SORT, "")
    descending, sort = sort.startswith("-"), sort.removeprefix("-")
    chosen = tuple(dict.fromkeys(name for name in given.once.get(COLUMNS, "").split(",") if name))
    for name in (*([sort] if sort else []), *chosen):
        given.check(name)
    return Question(given.conditions(), sort, descending, chosen, " ".join(one for one in given.words if one))


@dataclass
class _Given:
    """What was given so far."""

    fields: Mapping[str, Field]
    once: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    values: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def put_once(self, name: str, value: str) -> None:
        if name in self.once:
            raise FilterError(
                _("%(name)s is given more than once.") % {"name": name},
                _("Give one column to sort by.") if name == SORT else _("Write the columns with commas between."),
            )
        self.once[name] = _text(name, value, most=MOST_CHARACTERS * len(self.fields))

    def put_condition(self, name: str, value: str) -> None:
        own, marks, operator = name.rpartition("__")
        if not (marks and operator in OPERATORS):
            own, operator = name, "is"
        if name in RESERVED:
            raise FilterError(
                _("%(name)s is not asked for here.") % {"name": name},
                _("Follow the links from page to page; for a field of that name write %(name)s__is.") % {"name": name},
            )
        self.check(own)
        if _text(name, value):
            self.values.setdefault((own, operator), []).append(value)

    def check(self, name: str) -> None:
        if name in self.fields:
            return
        if name.startswith("_"):
            raise FilterError(
                _("There is no parameter called %(name)s here.") % {"name": name[:MOST_CHARACTERS]},
                _("Those that begin with an underscore are _sort and _columns; see /api/docs for more."),
            )
        raise FilterError(
            _("There is no field called %(name)s here.") % {"name": name[:MOST_CHARACTERS]},
            _("The fields are: %(names)s.") % {"names": ", ".join(self.fields)},
        )

    def conditions(self) -> tuple[Condition, ...]:
        found = [
            made
            for (name, operator), values in self.values.items()
            for made in _made(name, self.fields[name], operator, values)
        ]
        if len(found) > MOST_CONDITIONS:
            raise FilterError(
                _("There are more conditions than can be looked for at once."),
                _("Give at most %(number)s.") % {"number": MOST_CONDITIONS},
            )
        return tuple(found)


def _text(name: str, value: str, *, most: int = MOST_CHARACTERS) -> str:
    if len(value) > most or "\0" in value:
        raise FilterError(
            _("What was given for %(name)s cannot be looked for.") % {"name": name[:MOST_CHARACTERS]},
            _("Give at most %(number)s ordinary characters.") % {"number": most},
        )
    return value


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
