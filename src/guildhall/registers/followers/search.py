"""The follower of full text: one document for each record of each list, as it is now.

The records of some of the hall's own lists are kinds of their own, because they have pages of their own: councils,
organisations, products, lists and data standards. All others are records.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from guildhall.registers.catalogue import current_standard
from guildhall.registers.hiding.states import Hidden
from guildhall.registers.models import Entry, Register
from guildhall.registers.queries.history import as_list
from guildhall.registers.queries.records import Item, at_head, to_change
from guildhall.schema.model import Standard
from guildhall.search import index
from guildhall.search.analysis import Content

NAME = "search"

COUNCIL, ORGANISATION, PRODUCT = "council", "organisation", "product"
LIST, STANDARD, RECORD = "list", "standard", "record"
# In the order in which they are shown.
KINDS = (COUNCIL, ORGANISATION, PRODUCT, LIST, STANDARD, RECORD)

_KINDS = {
    "hall/local-authority": COUNCIL,
    "hall/organisation": ORGANISATION,
    "hall/product": PRODUCT,
    "hall/register": LIST,
    "hall/standard": STANDARD,
}
# Between the values of a record in its text: whoever shows it puts something better there.
BETWEEN = "\n"
_SCHEMA = "schema"


def apply(register: Register, entries: list[Entry], hidden: Hidden) -> None:
    last = {entry.key: entry for entry in entries}
    if not last:
        return
    standard = current_standard(register.standard_name)
    context = "" if register.path in _KINDS else context_of(register)
    contents: list[Content] = []
    elsewhere: list[str] = []
    for key, entry in last.items():
        change = to_change(entry, hidden)
        item = change.item
        kind = None if change.is_hidden else _kind(register, item)
        if kind is None:
            elsewhere.append(key)
        else:
            title, text, boost = _told(standard, key, item)
            contents.append(Content(register.pk, kind, key, title, text, context, boost))
    index.replace(contents)
    if elsewhere:
        index.delete(register.pk, elsewhere)


def heed(register: Register, entries: list[Entry], hidden: Hidden, size: int) -> None:
    """Put in anew the records of these entries' keys, as they stand at the size, or take them out."""
    keys = {entry.key for entry in entries}
    apply(register, list(at_head(register, size).filter(key__in=keys)), hidden)


def shape(standard: Standard) -> object:
    """What of a standard the documents depend on."""
    return standard.title_field, standard.end_field, [known.name for known in standard.fields]


def clear() -> None:
    index.clear()


def context_of(register: Register) -> str:
    """What each record of a list is part of."""
    return f"{register.organisation.name} {register.title}"


def _kind(register: Register, item: Item) -> str | None:
    """None for a council that stands in the list of local authorities: it is found there, by all its names."""
    kind = _KINDS.get(register.path, RECORD)
    if kind == ORGANISATION and item.get("kind") == COUNCIL:
        return None if item.get("local-authority") else COUNCIL
    return kind


def _told(standard: Standard, key: str, item: Item) -> tuple[str, str, int]:
    """Title, text and boost: what has ended comes after what has not."""
    title = "; ".join(as_list(item.get(standard.title_field or ""))) or key
    has_ended = bool(standard.end_field and item.get(standard.end_field))
    return title, BETWEEN.join(_texts(standard, item)), 0 if has_ended else 1


def _texts(standard: Standard, item: Item) -> Iterator[str]:
    """The values of a record but its title, in the order of the standard's fields."""
    for known in standard.fields:
        if known.name == standard.title_field or known.name not in item:
            continue
        values = as_list(item[known.name])
        yield from _field_titles(values) if (standard.name, known.name) == (STANDARD, _SCHEMA) else values


def _field_titles(schemas: list[str]) -> Iterator[str]:
    """Of a data standard's schema, what its fields are called."""
    for schema in schemas:
        for field in json.loads(schema).get("fields", []):
            yield str(field.get("title") or field.get("name") or "")
