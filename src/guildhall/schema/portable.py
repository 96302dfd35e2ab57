"""A standard's fields as any program reads them that knows Table Schema, though not what this hall adds to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guildhall.schema.model import Field

_TYPES = frozenset(
    (
        *("string", "integer", "number", "boolean", "date", "time", "datetime", "year", "yearmonth"),
        *("list", "geopoint", "geojson", "object", "array", "any"),
    )
)
_STRING_FORMATS = frozenset(("email", "uri", "uuid", "binary"))
_AS_THEY_ARE = ("title", "description", "example", "trueValues", "falseValues", "groupChar", "bareNumber")


def portable_field(known: Field, descriptor: Mapping[str, Any], *, is_alone: bool = True) -> dict[str, Any]:
    """A field of `descriptor`, as the schema writes it; `is_alone` is False where several lists are read as one."""
    told = {"name": known.name, "type": known.type if known.type in _TYPES else "string"}
    told |= {name: value for name in _AS_THEY_ARE if (value := descriptor.get(name)) is not None}
    told |= _format(known)
    if known.is_list:
        told |= {"delimiter": known.delimiter, "itemType": known.item_type if known.item_type in _TYPES else "string"}
    limits = _limits(known, descriptor, is_alone=is_alone)
    return told | ({"constraints": limits} if limits else {})


def _format(known: Field) -> dict[str, str]:
    if known.type == "string":
        return {"format": known.format} if known.format in _STRING_FORMATS else {}
    if known.type not in _TYPES or known.format == "default":
        return {}
    return {"format": "any" if known.format == "ISO" else known.format}


def _limits(known: Field, descriptor: Mapping[str, Any], *, is_alone: bool) -> dict[str, Any]:
    """Those of a list speak of each of its values, for which Table Schema has no word."""
    limits = {name: limit for name, limit in (descriptor.get("constraints") or {}).items() if limit is not None}
    if known.is_list:
        return {name: limits[name] for name in ("required",) if name in limits}
    return limits if is_alone else {name: limit for name, limit in limits.items() if name != "unique"}
