"""Where the records of a standard are: which of its fields hold a place, and a record's place as GeoJSON (RFC 7946)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from guildhall.schema.model import Field, Standard

type Item = Mapping[str, str | list[str]]
type Geometry = dict[str, Any]
type Reader = Callable[[Item], Geometry | None]

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_PAIR = re.compile(rf"\[?\s*({_NUMBER})\s*,\s*({_NUMBER})\s*\]?", re.ASCII)
_POINT = re.compile(rf"POINT\s*(?:Z\s*)?\(\s*({_NUMBER})\s+({_NUMBER})(?:\s+{_NUMBER})?\s*\)", re.IGNORECASE | re.ASCII)
_POLYGON = re.compile(r"(MULTI)?POLYGON\s*(?:Z\s*)?(\(.*\))", re.IGNORECASE | re.DOTALL)
# Pairs of fields that hold longitude and latitude, by their names in lower case.
_PAIRS = (("geox", "geoy"), ("longitude", "latitude"), ("lon", "lat"), ("long", "lat"), ("lng", "lat"))
_WEST, _NORTH = 180, 90
_TYPES = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}
_CORNERS = 4


def reader(standard: Standard) -> Reader | None:
    """How to read the place of a record; None if the standard has no field for it. Shapes go before points."""
    ranked = {"multipolygon": _shape, "geojson": _geojson, "point": _point, "geopoint": _geopoint}
    for kind, read in ranked.items():
        for known in standard.fields:
            if known.type == kind:
                return _of_field(known, read)
    names = {known.name.lower(): known.name for known in standard.fields}
    for longitude, latitude in _PAIRS:
        if longitude in names and latitude in names:
            return _of_pair(names[longitude], names[latitude])
    for known in standard.fields:
        if known.name.lower() == "point" and known.type == "string":
            return _of_field(known, lambda text, _known: _point(text, _known) or _latitude_first(text))
    return None


def _of_field(known: Field, read: Callable[[str, Field], Geometry | None]) -> Reader:
    def place(item: Item) -> Geometry | None:
        value = item.get(known.name)
        return read(value, known) if isinstance(value, str) else None

    return place


def _of_pair(longitude: str, latitude: str) -> Reader:
    def place(item: Item) -> Geometry | None:
        return _position(item.get(longitude), item.get(latitude))

    return place


def _position(longitude: Any, latitude: Any) -> Geometry | None:
    """A point in degrees; None where the figures cannot be degrees, such as eastings."""
    try:
        east, north = float(longitude), float(latitude)
    except (TypeError, ValueError):
        return None
    if not (abs(east) <= _WEST and abs(north) <= _NORTH):  # so that "nan", which no comparison holds for, is none
        return None
    return {"type": "Point", "coordinates": [east, north]}


def _point(text: str, _known: Field) -> Geometry | None:
    found = _POINT.fullmatch(text.strip())
    return _position(found[1], found[2]) if found else None


def _latitude_first(text: str) -> Geometry | None:
    found = _PAIR.fullmatch(text.strip())
    return _position(found[2], found[1]) if found else None


def _geopoint(text: str, known: Field) -> Geometry | None:
    """Table Schema has the longitude first, in each of its three forms."""
    if known.format == "object":
        place = _loaded(text)
        return _position(place.get("lon"), place.get("lat")) if place else None
    found = _PAIR.fullmatch(text.strip())
    return _position(found[1], found[2]) if found else None


def _geojson(text: str, _known: Field) -> Geometry | None:
    place = _loaded(text)
    if not place or place.get("type") not in _TYPES:
        return None
    return place if isinstance(place.get("coordinates", place.get("geometries")), list) else None


def _loaded(text: str) -> Geometry | None:
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return loaded if isinstance(loaded, dict) else None


def _shape(text: str, _known: Field) -> Geometry | None:
    """A polygon or several, from well-known text; what is not well formed is no shape."""
    found = _POLYGON.fullmatch(text.strip())
    if found is None or not re.fullmatch(r"[\s\d.,()eE+-]*", found[2], re.ASCII):
        return None
    depth = 3 if found[1] else 2
    # Its brackets become those of JSON: each position a list of its own.
    positions = re.sub(rf"({_NUMBER})\s+({_NUMBER})(?:\s+{_NUMBER})?", r"[\1,\2]", found[2])
    rings = _rings(positions.replace("(", "[").replace(")", "]"))
    if rings is None or not _is_shape(rings, depth):
        return None
    return {"type": "MultiPolygon" if found[1] else "Polygon", "coordinates": rings}


def _rings(text: str) -> Any:
    try:
        return json.loads(re.sub(r"(?<=[\[,])(-?)\.(?=\d)", r"\g<1>0.", text.replace("+", "")))
    except (ValueError, RecursionError):
        return None


def _is_shape(rings: Any, depth: int) -> bool:
    if not isinstance(rings, list) or not rings:
        return False
    if depth > 1:
        return all(_is_shape(one, depth - 1) for one in rings)
    is_closed = len(rings) >= _CORNERS and rings[0] == rings[-1]
    return is_closed and all(_is_position(one) for one in rings)


def _is_position(one: Any) -> bool:
    return (
        isinstance(one, list)
        and len(one) == len(("longitude", "latitude"))
        and all(isinstance(number, int | float) for number in one)
        and abs(one[0]) <= _WEST
        and abs(one[1]) <= _NORTH
    )
