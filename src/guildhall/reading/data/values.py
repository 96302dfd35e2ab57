"""Records for programs that expect numbers, booleans and dates: their values by the types of the standard."""

from __future__ import annotations

from guildhall.log.leaf import format_time
from guildhall.reading import addresses, hiding
from guildhall.registers.models import Register
from guildhall.registers.queries.history import as_list
from guildhall.registers.queries.records import Change, Item
from guildhall.registers.queries.scopes import Scope
from guildhall.schema.model import Standard
from guildhall.schema.order import Typed, typed

type Told = Typed | list[Typed]


def values(standard: Standard, item: Item, names: set[str] | None = None) -> dict[str, Told]:
    """The values of an item by their types, of some of its fields or all; what the standard has no more is a text."""
    fields = {known.name: known for known in standard.fields}
    found: dict[str, Told] = {}
    for name, value in item.items():
        if names is not None and name not in names:
            continue
        known = fields.get(name)
        if known is None:
            found[name] = value if isinstance(value, str) else list(value)
            continue
        told = [typed(known.value_field, text) for text in as_list(value)]
        found[name] = told if known.is_list else told[0] if told else ""
    return found


def record(standard: Standard, register: Register, one: Change, names: set[str] | None = None) -> dict[str, object]:
    """A record with its place: key, the number and time of its latest change, its page."""
    return {
        "key": one.key,
        "entry": one.number,
        "updated": format_time(one.time),
        "url": addresses.own_record(register.path, one.key),
        "values": values(standard, one.item, names),
        **hiding.marks(one),
    }


def joined_record(standard: Standard, register: Register, one: Change, names: set[str] | None) -> dict[str, object]:
    """The same with whose it is and who keeps it."""
    organisation = register.organisation
    return record(standard, register, one, names) | {
        "register": register.path,
        "organisation": {
            "slug": organisation.slug,
            "name": organisation.name,
            "gss-code": organisation.gss_code,
            "type": organisation.type_name,
            "region": organisation.region,
        },
        "kept-by": register.keeper.slug,
        "unofficial-copy": register.is_unofficial_copy,
        "source-date": register.source_date,
    }


def own_names(scope: Scope, columns: tuple[str, ...]) -> set[str] | None:
    """The fields among the columns that were chosen; None if none were: then all are told."""
    return {own for column in columns if (own := scope.own_name(column))} if columns else None


def standard_row(known: Standard, lists: int) -> dict[str, object]:
    return {
        "name": known.name,
        "title": known.title,
        "description": known.description,
        "version": known.version,
        "lists": lists,
    }
