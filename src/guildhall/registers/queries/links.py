"""Links between records: from a value to the record that it names, and back from a record to those that name it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db import connection
from django.db.models import Count, Exists, OuterRef
from django.db.models import Value as Text
from django.db.models.functions import Length, Substr

from guildhall.registers import catalogue
from guildhall.registers.followers import values
from guildhall.registers.hiding import states
from guildhall.registers.models import Register, Standard, Value
from guildhall.registers.queries.records import Record, at_head, change, to_change
from guildhall.registers.queries.registers import registers

# The names that GOV.UK Registers used in curies, and the standard that took their place.
ALIASES = {
    "local-authority-eng": "local-authority",
    "local-authority-sct": "local-authority",
    "local-authority-nir": "local-authority",
    "principal-local-authority": "local-authority",
}


@dataclass(frozen=True)
class Target:
    """The record that a value names: its register's path and its key."""

    path: str
    key: str


class Homes:
    """Where the values of links lead. Make one for a page: at the first link it reads which standards have a home."""

    @cached_property
    def _homes(self) -> dict[str, str]:
        rows = Standard.objects.filter(is_current=True).exclude(home="")
        return dict(rows.values_list("name", "home"))

    def link(self, standard_name: str, value: str, register: Register) -> Target:
        """Where the value of a link field leads, `[organisation:]key`.

        Without an organisation it is a key in the standard's home register, if it has one, else in the same
        organisation's register.
        """
        organisation, colon, key = value.partition(":")
        if colon and organisation and key:
            return Target(f"{organisation}/{standard_name}", _unescaped(key))
        home = self._homes.get(standard_name) or f"{register.path.partition('/')[0]}/{standard_name}"
        return Target(home, _unescaped(value))

    def curie(self, value: str) -> Target | None:
        """Where a curie `register:key` leads; old register names are aliases. None where there is no such register."""
        name, _, key = value.partition(":")
        home = self._homes.get(ALIASES.get(name, name))
        return Target(home, key) if home and key else None


def titles(targets: set[Target]) -> dict[Target, str]:
    """The title of each target that exists, such as a council's name; those that do not are left out."""
    found: dict[Target, str] = {}
    by_path: dict[str, set[str]] = {}
    for target in targets:
        by_path.setdefault(target.path, set()).add(target.key)
    for register in registers().filter(path__in=by_path):
        title_field = catalogue.current_standard(register.standard_name).title_field
        hidden = states.of(register)
        for entry in at_head(register, register.head.size).filter(key__in=by_path[register.path]):
            record = to_change(entry, hidden)
            title = record.item.get(title_field or "", record.key)
            found[Target(register.path, record.key)] = title if isinstance(title, str) else "; ".join(title)
    return found


def records_with(standard_name: str, field: str, value: str) -> list[tuple[Register, Record]]:
    """The records, of all registers kept to a standard, that have a value in an indexed field.

    Read at the head that the follower of values has reached, so that it agrees with itself.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RECORDS_WITH, [field, values.kept(value), standard_name])
        rows = cursor.fetchall()
    known = {register.pk: register for register in registers().filter(pk__in={row[0] for row in rows})}
    hidden = states.of_each(known.values())
    found = [(known[register_id], change(hidden[register_id], *columns)) for register_id, *columns in rows]
    # The follower may not have heard yet that one is hidden.
    return sorted((pair for pair in found if not pair[1].is_hidden), key=lambda pair: (pair[0].path, pair[1].key))


_RECORDS_WITH = (
    "SELECT DISTINCT e.register_id, e.number, e.key, e.time, e.item_hash, e.item FROM registers_register r"
    " JOIN registers_value v ON v.register_id = r.id AND v.field = %s AND v.value = %s AND v.superseded_by IS NULL"
    " JOIN registers_entry e ON e.register_id = v.register_id AND e.number = v.number"
    " WHERE r.standard_name = %s"
)


def organisations_by_value(standard_name: str, field: str, *, end_field: str | None, today: str) -> dict[str, int]:
    """How many organisations have each value of an indexed field in a list to a standard.

    Records whose end date has passed are left out, one of a year or a month when its last day has; the standard must
    index that field too.
    """
    ended = Value.objects.filter(
        field=end_field or "",
        value__lt=Substr(Text(today), 1, Length("value")),
        superseded_by=None,
        register=OuterRef("register"),
        key=OuterRef("key"),
    )
    rows = Value.objects.filter(field=field, register__standard_name=standard_name, superseded_by=None)
    counted = states.not_hidden(rows).exclude(Exists(ended)).values_list("value")
    return dict(counted.annotate(count=Count("register__organisation", distinct=True)))


def _unescaped(key: str) -> str:
    """Inside a link `~3` stands for a colon that belongs to the key."""
    return key.replace("~3", ":")
