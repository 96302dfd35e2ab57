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
_SIZE, _INSET_SIZE = 5.0, 7.0


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
    """A mark where it is drawn, with its shape as a path. `look` numbers its category, from 0."""

    x: float
    y: float
    look: int
    title: str
    url: str
    path: str


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
    view: tuple[float, float, float, float] = (0, 0, WIDTH, HEIGHT)  # what is drawn of it: x, y, width, height
    is_close: bool = False

    width, height = WIDTH, HEIGHT
    shetland, london = SHETLAND, _LONDON_BOX

    @property
    def pictures(self) -> list[tuple[int, str]]:
        """All dots of each look as one path, for a map without links; the first of the legend comes last, on top."""
        paths: dict[int, list[str]] = {}
        for dot in (*self.dots, *self.inset):
            paths.setdefault(dot.look, []).append(dot.path)
        return [(look, "".join(paths[look])) for look in sorted(paths, reverse=True)]

    @property
    def legend(self) -> list[tuple[Category, int, str]]:
        """Each category with its count and the path of its mark, around 0, 0."""
        return [(category, count, shape(look, 0, 0, 6)) for look, (category, count) in enumerate(self.counts)]

    @property
    def thickness(self) -> float:
        """Of a band of land: from afar they are a hatching; drawn large they would be stripes, and so they close up."""
        return BAND if self.is_close else BAND * 0.62

    @property
    def london_spot(self) -> tuple[float, float, float, float]:
        """Where London stands on the map itself: x, y, width, height."""
        (left, bottom), (right, top) = spot(_LONDON[0]), spot(_LONDON[1])
        return left, top, round(right - left, 1), round(bottom - top, 1)


def make_map(
    marks: Iterable[Mark],
    categories: Sequence[Category],
    *,
    places: Iterable[tuple[str, Point]] = (),
    is_close: bool = False,
) -> Map:
    """A map of marks whose categories are among those given; `places` (group, point) shade the land by group.

    `is_close` draws no more of the country than the marks stand in, so large that they can be told apart.
    """
    looks = {category.name: number for number, category in enumerate(categories[:MOST_CATEGORIES])}
    marks = [mark for mark in marks if mark.category in looks]
    # What comes first in the legend is drawn last, on top.
    marks.sort(key=lambda mark: -looks[mark.category])
    view = _around([spot(mark.point) for mark in marks]) if is_close else (0, 0, WIDTH, HEIGHT)
    size = _SIZE * (view[2] / WIDTH) ** 0.8
    counts = [sum(mark.category == category.name for mark in marks) for category in categories]
    return Map(
        dots=tuple(
            _dot(mark, spot(mark.point), looks, size) for mark in marks if is_close or not _in_london(mark.point)
        ),
        inset=tuple(
            _dot(mark, _in_box(mark.point), looks, _INSET_SIZE)
            for mark in marks
            if not is_close and _in_london(mark.point)
        ),
        shades=_shades(tuple(sorted(places))),
        outline="".join(_closed(land) for land in coast()),
        counts=tuple(zip(categories, counts, strict=True)),
        view=view,
        is_close=is_close,
    )


def _around(spots: Sequence[Spot]) -> tuple[float, float, float, float]:
    """The part of the map in which spots stand, with a margin; all of it where there are none."""
    if not spots:
        return 0, 0, WIDTH, HEIGHT
    left, top = min(x for x, _y in spots), min(y for _x, y in spots)
    right, bottom = max(x for x, _y in spots), max(y for _x, y in spots)
    margin = max(right - left, bottom - top, 40) * 0.12
    width, height = right - left + 2 * margin, bottom - top + 2 * margin
    return round(left - margin, 1), round(top - margin, 1), round(width, 1), round(height, 1)


def _dot(mark: Mark, at: Spot, looks: dict[str, int], size: float) -> Dot:
    look = looks[mark.category]
    return Dot(at[0], at[1], look, mark.title, mark.url, shape(look, *at, size))


def shape(look: int, x: float, y: float, size: float) -> str:
    """The path of a mark: a disc, a square, a ring, a triangle, a diamond, a bar."""
    s = size
    drawn = (
        _disc(x, y, s),
        f"M{x - s * 0.85:.1f} {y - s * 0.85:.1f}h{s * 1.7:g}v{s * 1.7:g}h{s * -1.7:g}z",
        _disc(x, y, s * 0.75),
        f"M{x:.1f} {y - s * 1.15:.1f}l{s * 1.1:g} {s * 2:g}h{s * -2.2:g}z",
        f"M{x:.1f} {y - s * 1.2:.1f}l{s * 1.2:g} {s * 1.2:g}l{s * -1.2:g} {s * 1.2:g}l{s * -1.2:g} {s * -1.2:g}z",
        f"M{x - s:.1f} {y - s * 0.4:.1f}h{s * 2:g}v{s * 0.8:g}h{s * -2:g}z",
    )
    return drawn[look]


def _disc(x: float, y: float, radius: float) -> str:
    r = f"{radius:g}"
    return f"M{x - radius:.1f} {y:.1f}a{r} {r} 0 1 0 {radius * 2:g} 0a{r} {r} 0 1 0 -{radius * 2:g} 0z"


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
