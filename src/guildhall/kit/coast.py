"""The United Kingdom on paper: where places stand, its coast, and its land in bands by the nearest place.

One unit is a kilometre. The projection is that of the national grid (transverse Mercator, 2 degrees west), on a sphere:
good to a few kilometres, which is less than a dot is wide. Shetland is moved south, into a box.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

WIDTH, HEIGHT = 690, 1090
SHETLAND = (556.0, 14.0, 96.0, 142.0)  # its box: x, y, width, height
_RADIUS = 6371.0
_MERIDIAN = math.radians(-2.0)
# What is added so that the north-west corner of the map is 0, 0.
_EAST, _NORTH = 420.0, math.radians(59.6) * _RADIUS
_SHETLAND_FROM = 59.7
_SHETLAND_EAST, _SHETLAND_SOUTH = 140.0, 158.0
# Bands of land are so many kilometres apart, and are looked at so often along their length.
BAND, _STEP = 7.0, 5.0
_SQUARE = 60.0

type Point = tuple[float, float]  # latitude and longitude, in degrees
type Spot = tuple[float, float]  # x and y on the map


@dataclass(frozen=True)
class Band:
    """A piece of land: a line from one x to another at the height y, within one group of places."""

    group: str
    start: float
    end: float
    y: float


def spot(point: Point) -> Spot:
    """Where a point stands on the map, Shetland in its box."""
    latitude, longitude = math.radians(point[0]), math.radians(point[1]) - _MERIDIAN
    x = _RADIUS * math.atanh(math.cos(latitude) * math.sin(longitude)) + _EAST
    y = _NORTH - _RADIUS * math.atan2(math.tan(latitude), math.cos(longitude))
    if point[0] > _SHETLAND_FROM:
        return round(x + _SHETLAND_EAST, 1), round(y + _SHETLAND_SOUTH, 1)
    return round(x, 1), round(y, 1)


def kilometres(one: Point, other: Point) -> float:
    """How far apart two points are, along a great circle."""
    first, second = math.radians(one[0]), math.radians(other[0])
    across = math.sin(math.radians(other[1] - one[1]) / 2) ** 2
    up = math.sin((second - first) / 2) ** 2
    return 2 * _RADIUS * math.asin(math.sqrt(up + math.cos(first) * math.cos(second) * across))


@cache
def coast() -> tuple[tuple[Spot, ...], ...]:
    """The outline of each land, from its headlands and the heads of its bays."""
    text = resources.files("guildhall.kit").joinpath("data", "coast.csv").read_text("utf-8")
    lands: dict[str, list[Spot]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        lands.setdefault(row["land"], []).append(spot((float(row["latitude"]), float(row["longitude"]))))
    return tuple(tuple(land) for land in lands.values())


@lru_cache(maxsize=8)
def bands(places: tuple[tuple[str, Point], ...]) -> tuple[Band, ...]:
    """The land in bands from north to south; each part belongs to the group of the nearest of the places."""
    nearest = _Nearest([(group, spot(point)) for group, point in places])
    found: list[Band] = []
    y = BAND / 2
    while y < HEIGHT:
        for start, end in _land_at(y):
            found += _split(start, end, y, nearest)
        y += BAND
    return tuple(found)


def _split(start: float, end: float, y: float, nearest: _Nearest) -> Iterator[Band]:
    """One stretch of land, cut where the nearest place is of another group."""
    pieces = max(1, round((end - start) / _STEP))
    width = (end - start) / pieces
    begun, group = start, nearest.group(start + width / 2, y)
    for piece in range(1, pieces):
        here = nearest.group(start + width * (piece + 0.5), y)
        if here != group:
            yield Band(group, begun, start + width * piece, y)
            begun, group = start + width * piece, here
    yield Band(group, begun, end, y)


def _land_at(y: float) -> Iterator[tuple[float, float]]:
    """Where the land begins and ends along a line from west to east."""
    for land in coast():
        crossings: list[float] = []
        for (x1, y1), (x2, y2) in zip(land, (*land[1:], land[0]), strict=True):
            if (y1 > y) != (y2 > y):
                crossings.append(x1 + (y - y1) * (x2 - x1) / (y2 - y1))
        crossings.sort()
        # A headland that the line just touches is no land.
        yield from ((start, end) for start, end in zip(crossings[::2], crossings[1::2], strict=True) if end - start > 1)


class _Nearest:
    """Finds the nearest of many places by looking in the squares around first."""

    def __init__(self, places: Sequence[tuple[str, Spot]]) -> None:
        self._places = places
        self._squares: dict[tuple[int, int], list[tuple[str, Spot]]] = {}
        for place in places:
            x, y = place[1]
            self._squares.setdefault((int(x // _SQUARE), int(y // _SQUARE)), []).append(place)

    def group(self, x: float, y: float) -> str:
        """Of the nearest place; empty where there is none at all."""
        column, row = int(x // _SQUARE), int(y // _SQUARE)
        near = [
            place
            for across in (-1, 0, 1)
            for down in (-1, 0, 1)
            for place in self._squares.get((column + across, row + down), ())
        ]
        found = _closest(near, x, y)
        # Within one square's side nothing nearer can lie outside those nine.
        if found is None or found[1] > _SQUARE:
            found = _closest(self._places, x, y)
        return found[0] if found else ""


def _closest(places: Sequence[tuple[str, Spot]], x: float, y: float) -> tuple[str, float] | None:
    if not places:
        return None
    group, (at, down) = min(places, key=lambda place: (place[1][0] - x) ** 2 + (place[1][1] - y) ** 2)
    return group, math.hypot(at - x, down - y)
