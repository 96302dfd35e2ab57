"""From a Table Schema, as JSON gives it, to a Standard. What cannot be used is refused with the reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from guildhall.schema.errors import StandardError
from guildhall.schema.fields import read_field
from guildhall.schema.model import Field, Link, Standard
from guildhall.schema.text import fold

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FREQUENCY = re.compile(r"P[1-9][0-9]{0,2}[YMWD]")
_STARTS, _ENDS = frozenset(("startdate", "datestart")), frozenset(("enddate", "dateend"))


def parse_standard(descriptor: Mapping[str, Any]) -> Standard:
    """Read a Table Schema that has a name and a key. Raises StandardError."""
    name = _name(descriptor)
    fields = _fields(descriptor)
    known = {field.name: field for field in fields}
    key = _key(descriptor, known)
    fields = tuple(_required(field) if field.name in key else field for field in fields)
    links = _links(descriptor, known)
    start_field, end_field = _dated(fields, _STARTS), _dated(fields, _ENDS)
    # Which records are in force on a day is asked of every list whose dates can be compared as they are written.
    dated = {name for name in (start_field, end_field) if name and known[name].format == "default"}
    looked_up = {link.field for link in links} | dated
    return Standard(
        name=name,
        title=str(descriptor.get("title") or name.replace("-", " ").capitalize()),
        description=str(descriptor.get("description") or ""),
        version=str(descriptor.get("version") or "1"),
        home=str(descriptor.get("home") or ""),
        fields=fields,
        key=key,
        title_field=_title_field(descriptor, known),
        start_field=start_field,
        end_field=end_field,
        update_frequency=_frequency(descriptor),
        links=links,
        indexed_names=tuple(field.name for field in fields if field.indexed or field.name in looked_up),
        examples=_rows(descriptor, "examples"),
        invalid_examples=_rows(descriptor, "invalidExamples"),
    )


def _name(descriptor: Mapping[str, Any]) -> str:
    name = descriptor.get("name")
    if not name:
        raise StandardError("The standard has no name. Give it one with --name, such as brownfield-land.")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise StandardError(
            f"“{name}” cannot be the name of a standard. "
            "Use lower-case letters, digits and single hyphens, such as brownfield-land."
        )
    return name


def _fields(descriptor: Mapping[str, Any]) -> tuple[Field, ...]:
    listed = descriptor.get("fields")
    if not isinstance(listed, list) or not listed:
        tables = descriptor.get("resources")
        if isinstance(tables, list):
            names = ", ".join(str(table.get("name")) for table in tables if isinstance(table, Mapping))
            raise StandardError(
                f"This is a data package, not one Table Schema. Give the schema of one of its tables: {names}."
            )
        raise StandardError("The standard has no fields. A Table Schema lists them under “fields”.")
    fields = tuple(read_field(one) for one in listed)
    seen: dict[str, Field] = {}
    for field in fields:
        for name in {fold(name): name for name in (field.name, *field.aliases)}.values():
            other = seen.setdefault(fold(name), field)
            if other is not field:
                raise StandardError(
                    f"Two fields are called {name}, or nearly so: {other.name} and {field.name}. "
                    "Give each a name that differs by more than capitals, spaces and hyphens."
                )
    return fields


def _key(descriptor: Mapping[str, Any], fields: Mapping[str, Field]) -> tuple[str, ...]:
    given = descriptor.get("primaryKey")
    key = tuple([given] if isinstance(given, str) else given or ())
    if not key:
        raise StandardError(
            "The standard does not say which field names a record. Say it with --key and the name of a field that is "
            f"different in every row; repeat --key if it takes several. Its fields are: {', '.join(fields)}."
        )
    for name in key:
        if name not in fields:
            raise StandardError(f"The key is {name}, and there is no such field. The fields are: {', '.join(fields)}.")
        if fields[name].is_list:
            raise StandardError(f"The key field {name} is a list. A record is named by one value of each key field.")
    if len(set(key)) != len(key):
        raise StandardError(f"The key names a field twice: {', '.join(key)}. Name each once.")
    return key


def _required(field: Field) -> Field:
    """A key field must be filled in, whether or not the schema says so."""
    return replace(field, level="must", constraints=replace(field.constraints, required=True))


def _links(descriptor: Mapping[str, Any], fields: Mapping[str, Field]) -> tuple[Link, ...]:
    """Foreign keys of one field to another standard. Those of several fields or to the same table are not followed."""
    links: dict[str, Link] = {}
    for one in descriptor.get("foreignKeys") or ():
        names = one.get("fields") if isinstance(one, Mapping) else None
        names = [names] if isinstance(names, str) else names
        reference = one.get("reference") if isinstance(one, Mapping) else None
        if not isinstance(names, list) or not isinstance(reference, Mapping):
            raise StandardError("A foreign key is incomplete. It needs “fields”, and “reference” with a “resource”.")
        for name in names:
            if name not in fields:
                raise StandardError(f"A foreign key names the field {name}, and there is no such field.")
        target = reference.get("resource") or descriptor.get("name")
        if len(names) == 1:
            links.setdefault(names[0], Link(names[0], str(target)))
    return tuple(links.values())


def _title_field(descriptor: Mapping[str, Any], fields: Mapping[str, Field]) -> str | None:
    name = descriptor.get("titleField")
    if name is None:
        return None
    if name not in fields:
        raise StandardError(f"The title field is {name}, and there is no such field.")
    return str(name)


def _rows(descriptor: Mapping[str, Any], name: str) -> tuple[Mapping[str, Any], ...]:
    rows = descriptor.get(name) or []
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise StandardError(f"“{name}” must be a list of rows, each an object of field names and values.")
    return tuple(dict(row) for row in rows)


def _dated(fields: tuple[Field, ...], names: frozenset[str]) -> str | None:
    found = (field.name for field in fields if field.type in {"date", "datetime"} and fold(field.name) in names)
    return next(found, None)


def _frequency(descriptor: Mapping[str, Any]) -> str:
    given = descriptor.get("updateFrequency") or ""
    if not isinstance(given, str) or (given and not _FREQUENCY.fullmatch(given)):
        raise StandardError(
            f"“{given}” does not say how often lists are renewed. "
            "Write P and a number of years, months, weeks or days, such as P1Y, P3M, P1W or P1D."
        )
    return given


__all__ = ["StandardError", "parse_standard"]
