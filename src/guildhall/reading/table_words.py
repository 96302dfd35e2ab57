"""The words of tables: what columns and operators are called, conditions as sentences, values by their titles."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guildhall.kit.words import date_words
from guildhall.registers.queries.conditions import Condition
from guildhall.registers.queries.links import Homes, Target, titles
from guildhall.registers.queries.scopes import Scope
from guildhall.schema import order

_TITLES = {
    "organisation": gettext_lazy("Short name of the organisation"),
    "organisation-name": gettext_lazy("Organisation"),
    "gss-code": gettext_lazy("GSS code"),
    "organisation-type": gettext_lazy("Type of organisation"),
    "region": gettext_lazy("Region"),
    "register": gettext_lazy("List"),
    "key": gettext_lazy("Key"),
    "kept-by": gettext_lazy("Kept by"),
    "source-date": gettext_lazy("Source date"),
}
OPERATORS = (
    ("is", gettext_lazy("is")),
    ("not", gettext_lazy("is not")),
    ("contains", gettext_lazy("contains")),
    ("in", gettext_lazy("is one of (with commas between)")),
    ("before", gettext_lazy("is before, or less than")),
    ("after", gettext_lazy("is after, or more than")),
    ("atleast", gettext_lazy("is at least, or from")),
    ("atmost", gettext_lazy("is at most, or up to")),
    ("empty", gettext_lazy("is empty")),
    ("filled", gettext_lazy("is not empty")),
)


def title_of(scope: Scope, column: str) -> str:
    return str(_TITLES[column]) if scope.own_name(column) is None else scope.columns[column].title


def has_words(words: str) -> str:
    return _("Has “%(words)s”") % {"words": words}


def in_words(scope: Scope, condition: Condition, words: Words) -> str:
    told = {
        "field": title_of(scope, condition.column),
        "value": _(" or ").join(words.text(condition.column, value) for value in condition.values),
    }
    if condition.operator == "empty":
        return (_("%(field)s is empty") if condition.values[0] == "yes" else _("%(field)s is not empty")) % told
    is_number = order.is_ordered(condition.field) and condition.field.value_field.type in {"integer", "number"}
    sentence = {
        "is": _("%(field)s is %(value)s"),
        "not": _("%(field)s is not %(value)s"),
        "contains": _("%(field)s contains “%(value)s”"),
        "before": _("%(field)s is less than %(value)s") if is_number else _("%(field)s is before %(value)s"),
        "after": _("%(field)s is more than %(value)s") if is_number else _("%(field)s is after %(value)s"),
        "atleast": _("%(field)s is at least %(value)s") if is_number else _("%(field)s is %(value)s or later"),
        "atmost": _("%(field)s is at most %(value)s") if is_number else _("%(field)s is %(value)s or earlier"),
    }[condition.operator]
    return sentence % told


class Words:
    """What values are called: a link's by the title of the record that it names. Looks all of them up at once."""

    def __init__(self, scope: Scope, pairs: Sequence[tuple[str, str]]) -> None:
        self._scope = scope
        self._homes = Homes()
        self._linked = {link.field: link.standard for link in scope.standard.links}
        targets = {target for column, value in pairs if (target := self._target(column, value)) is not None}
        self._titles = titles(targets) if targets else {}

    def text(self, column: str, value: str) -> str:
        target = self._target(column, value)
        if target is not None:
            return self._titles.get(target, value)
        return date_words(value) if self._scope.columns[column].type in order.DATED else value

    def _target(self, column: str, value: str) -> Target | None:
        if column in {"kept-by", "organisation"} and self._scope.own_name(column) is None:
            return Target("hall/organisation", value)
        linked = self._linked.get(self._scope.own_name(column) or "")
        if linked is None or not self._scope.registers:
            return None
        return self._homes.link(linked, value, self._scope.registers[0])
