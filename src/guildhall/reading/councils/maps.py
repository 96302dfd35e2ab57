"""Maps of councils: what each dot stands for, and where the land's shading comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from guildhall.kit.maps import Category, Map, Mark, make_map
from guildhall.reading import addresses
from guildhall.reading.councils.atlas import LOWER, SINGLE, UPPER, Atlas, Place
from guildhall.registers.queries import registers

OWN, COPY, NOTHING = "own", "copy", "nothing"


def tiers() -> list[Category]:
    return [
        Category(SINGLE, _("Single council")),
        Category(LOWER, _("District, within a county")),
        Category(UPPER, _("County council")),
    ]


def keeping() -> list[Category]:
    """For a list: whether a council keeps it."""
    return [
        Category(OWN, _("Keeps it itself")),
        Category(COPY, _("Unofficial copy")),
        Category(NOTHING, _("Nothing known")),
    ]


def council_map(
    places: Iterable[Place],
    atlas: Atlas,
    day: str,
    categories: list[Category],
    category: Callable[[Place], str],
    *,
    links: bool = True,
    is_close: bool = False,
) -> Map:
    """A map of councils, each drawn as its category; without `links` it is a picture only. See `make_map`."""
    marks = [
        Mark(place.point, place.name, category(place), addresses.organisation(place.organisation) if links else "")
        for place in places
        if place.point is not None
    ]
    return make_map(marks, categories, places=atlas.shading(day), is_close=is_close)


def keepers_of(standard_name: str | None = None) -> dict[int, str]:
    """By organisation: whether it keeps a list itself, to one standard or to any, or there is a copy only."""
    kept: dict[int, str] = {}
    found = registers.registers().filter(head__records__gt=0)
    if standard_name is not None:
        found = found.filter(standard_name=standard_name)
    for organisation, keeper in found.values_list("organisation_id", "keeper_id"):
        if organisation == keeper:
            kept[organisation] = OWN
        else:
            kept.setdefault(organisation, COPY)
    return kept
