"""Records that lie somewhere, on a map and as a table: of one list, or of all lists to a standard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from guildhall.kit.access import anyone
from guildhall.kit.coast import Point
from guildhall.kit.maps import Category, Mark, make_map
from guildhall.reading import addresses
from guildhall.reading.cells import record_title
from guildhall.reading.councils.atlas import atlas
from guildhall.reading.councils.facts import has_ended
from guildhall.reading.params import text_param
from guildhall.reading.views.lists import about
from guildhall.registers import catalogue
from guildhall.registers.errors import UnknownRecordError
from guildhall.registers.exports.geometry import Geometry, reader
from guildhall.registers.models import Register
from guildhall.registers.queries import joined, records, registers
from guildhall.registers.queries.records import Record
from guildhall.schema.model import Standard

# As many as can be told apart on a map, and read as a table.
AT_ONCE = 500
# A list's path, a space and a key, each as long as it may be.
_MAX_PLACE = 256 + 1 + 256
_CURRENT, _ENDED = "current", "ended"
# The United Kingdom with its seas: what lies elsewhere is in the table alone.
_SOUTH, _NORTH, _WEST, _EAST = 49.5, 61.2, -9.0, 2.5

type Pair = tuple[Register, Record]


@anyone
def of_list(request: HttpRequest, organisation: str, name: str) -> HttpResponse:
    found = registers.register(f"{organisation}/{name}")
    standard = catalogue.current_standard(found.standard_name)
    page = records.record_page(found, found.head.size, limit=AT_ONCE, after=text_param(request, "after") or None)
    context = about(found) | _drawn(standard, [(found, one) for one in page.rows], found.path)
    context |= {"title": found.title, "base": addresses.register(found.path)}
    context |= {"next": f"?{urlencode({'after': page.after})}" if page.after else ""}
    return render(request, "reading/places.html", context)


@anyone
def of_standard(request: HttpRequest, name: str) -> HttpResponse:
    row, standard = registers.standard(name), catalogue.current_standard(name)
    path, space, key = text_param(request, "after", most=_MAX_PLACE).partition(" ")
    page = joined.joined_page(name, limit=AT_ONCE, after=(path, key) if space else None)
    context = _drawn(standard, [(one.register, one.record) for one in page.rows], name)
    context |= {"register": None, "title": row.title, "base": addresses.standard(name)}
    context |= {"next": f"?{urlencode({'after': ' '.join(page.after)})}" if page.after else ""}
    return render(request, "reading/places.html", context)


def _drawn(standard: Standard, pairs: Sequence[Pair], what: str) -> dict[str, object]:
    """The map and the rows of its table. Raises UnknownRecordError where no record of the standard has a place."""
    place = reader(standard)
    if place is None:
        raise UnknownRecordError(
            _("The records of %(list)s have no place, so there is no map of them.") % {"list": what},
            _("Look at them as a table."),
        )
    today = timezone.localdate().isoformat()
    marks: list[Mark] = []
    rows: list[tuple[str, str, Register, Point | None, bool]] = []
    for register, record in pairs:
        point, ended = middle(place(record.item)), has_ended(standard, record, today)
        title, url = record_title(standard, record), addresses.own_record(register.path, record.key)
        rows.append((title, url, register, point, ended))
        if point is not None and _SOUTH < point[0] < _NORTH and _WEST < point[1] < _EAST:
            marks.append(Mark(point, title, _ENDED if ended else _CURRENT, url))
    categories = [Category(_CURRENT, _("Current")), Category(_ENDED, _("Ended"))]
    shading = atlas().shading(today)
    return {"map": make_map(marks, categories, places=shading), "rows": rows, "drawn": len(marks)}


def middle(geometry: Geometry | None) -> Point | None:
    """About where a shape is, as latitude and longitude: the middle of the corners of its first part."""
    corners: Any = geometry.get("coordinates") if geometry else None
    while _is_list(corners) and _is_list(corners[0]) and _is_list(corners[0][0]):
        corners = corners[0]
    if not _is_list(corners):
        return None
    points = corners if isinstance(corners[0], list) else [corners]
    try:
        east, north = sum(float(one[0]) for one in points), sum(float(one[1]) for one in points)
    except (TypeError, ValueError, IndexError):
        return None
    return north / len(points), east / len(points)


def _is_list(value: Any) -> bool:
    """Whether it is a list with something in it."""
    return isinstance(value, list) and bool(value)
