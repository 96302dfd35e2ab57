"""A map of the United Kingdom as SVG, drawn from points: nothing is fetched from elsewhere and no script runs.

A caller gives marks (a point, a title, a category, an address to lead to) and the places by which land is shaded.
`kit/map.html` draws it, with a legend. Every page with a map has the same facts as a table beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from guildhall.kit.coast import BAND, HEIGHT, SHETLAND, WIDTH, Point, Spot, bands, coast, spot

# So many ways to draw a category there are: each has a colour and a shape of its own.
MOST_CATEGORIES = 6
# London's councils stand so close that they are drawn again, larger, in a box over the North Sea.
_LONDON = ((51.28, -0.52), (51.70, 0.34))
_LONDON_BOX = (474.0, 226.0, 206.0, 164.0)
_TINTS = 3


@dataclass(frozen=True)
class Category:
    """One kind of mark, by its name; `title` is what the legend says."""

    name: str
    title: str


@dataclass(frozen=True)
class Mark:
    """Something at a point. `category` is the name of one; `url` may be empty."""

    point: Point
    title: str
    category: str
    url: str = ""


@dataclass(frozen=True)
class Dot:
    """A mark where it is drawn. `look` numbers its category, from 0."""

    x: float
    y: float
    look: int
    title: str
    url: str


@dataclass(frozen=True)
class Shade:
    """A group of places, such as a region: its bands of land as one path, in one of a few tints."""

    group: str
    tint: int
    path: str


@dataclass(frozen=True)
class Map:
    """All that a template needs. `counts` has how many marks are of each category, in the order of the legend."""

    dots: tuple[Dot, ...]
    inset: tuple[Dot, ...]
    shades: tuple[Shade, ...]
    outline: str
    counts: tuple[tuple[Category, int], ...]

    width, height, band = WIDTH, HEIGHT, BAND
    shetland, london = SHETLAND, _LONDON_BOX

    @property
    def london_spot(self) -> tuple[float, float, float, float]:
        """Where London stands on the map itself: x, y, width, height."""
        (left, bottom), (right, top) = spot(_LONDON[0]), spot(_LONDON[1])
        return left, top, round(right - left, 1), round(bottom - top, 1)


def make_map(marks: Iterable[Mark], categories: Sequence[Category], *, places: Iterable[tuple[str, Point]] = ()) -> Map:
    """A map of marks whose categories are among those given; `places` (group, point) shade the land by group."""
    looks = {category.name: number for number, category in enumerate(categories[:MOST_CATEGORIES])}
    marks = [mark for mark in marks if mark.category in looks]
    # What comes first in the legend is drawn last, on top.
    marks.sort(key=lambda mark: -looks[mark.category])
    counts = [sum(mark.category == category.name for mark in marks) for category in categories]
    return Map(
        dots=tuple(_dot(mark, spot(mark.point), looks) for mark in marks if not _in_london(mark.point)),
        inset=tuple(_dot(mark, _in_box(mark.point), looks) for mark in marks if _in_london(mark.point)),
        shades=_shades(tuple(sorted(places))),
        outline="".join(_closed(land) for land in coast()),
        counts=tuple(zip(categories, counts, strict=True)),
    )


def _dot(mark: Mark, at: Spot, looks: dict[str, int]) -> Dot:
    return Dot(at[0], at[1], looks[mark.category], mark.title, mark.url)


def _in_london(point: Point) -> bool:
    (south, west), (north, east) = _LONDON
    return south <= point[0] <= north and west <= point[1] <= east


def _in_box(point: Point) -> Spot:
    """Where a place in London stands in the larger drawing."""
    left, top, width, height = _LONDON_BOX
    (west, bottom), (east, north) = spot(_LONDON[0]), spot(_LONDON[1])
    x, y = spot(point)
    return round(left + (x - west) / (east - west) * width, 1), round(top + (y - north) / (bottom - north) * height, 1)


def _closed(land: Sequence[Spot]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in land) + "Z"


def _shades(places: tuple[tuple[str, Point], ...]) -> tuple[Shade, ...]:
    """Each group's land as one path. Groups that meet have different tints, if there are enough of them."""
    drawn = bands(places)
    paths: dict[str, list[str]] = {}
    touching: dict[str, set[str]] = {}
    above: list[tuple[float, float, float, str]] = []
    for band in drawn:
        paths.setdefault(band.group, []).append(f"M{band.start:.0f} {band.y:g}H{band.end:.0f}")
        above = [one for one in above if one[0] >= band.y - BAND]
        for _y, start, end, group in above:
            if group != band.group and start <= band.end and end >= band.start:
                touching.setdefault(group, set()).add(band.group)
                touching.setdefault(band.group, set()).add(group)
        above.append((band.y, band.start, band.end, band.group))
    tints: dict[str, int] = {}
    for group in sorted(paths, key=lambda one: (-len(touching.get(one, ())), one)):
        taken = [tints[other] for other in touching.get(group, ()) if other in tints]
        tints[group] = min(range(_TINTS), key=taken.count)
    return tuple(Shade(group, tints[group], "".join(path)) for group, path in paths.items())
