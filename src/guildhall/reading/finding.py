"""Finding councils: by name however it is spelt, by code, by postcode, by region and kind, or nearest to a point."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils.translation import gettext as _

from guildhall.kit.coast import Point
from guildhall.kit.exceptions import BadRequestError
from guildhall.reading.councils.atlas import Atlas, Place
from guildhall.reading.councils.slips import slips
from guildhall.reading.params import text_param
from guildhall.reading.postcodes.lookup import Answer, find_by_postcode
from guildhall.reading.postcodes.words import is_like_postcode
from guildhall.registers.queries.history import as_list
from guildhall.search.analysis import fold

NEAREST = 12
_POINT = re.compile(r"\s*(-?\d{1,3}(?:\.\d{1,12})?)\s*,\s*(-?\d{1,3}(?:\.\d{1,12})?)\s*")
# Names that are mistyped are like a few others at most.
_MOST_ALIKE = 10


@dataclass(frozen=True)
class Asked:
    """What was asked for. `near` is a point, and `near_name` what it is called."""

    query: str = ""
    postcode: str = ""
    region: str = ""
    kind: str = ""
    with_former: bool = False
    near: Point | None = None
    near_name: str = ""


@dataclass(frozen=True)
class Found:
    """The councils; how far each is, by slug, if something near was asked for.

    `is_alike`: their names are merely like what was asked for. `is_former`: only councils that no longer exist have it.
    """

    places: list[Place]
    kilometres: dict[str, float] = field(default_factory=dict)
    is_alike: bool = False
    is_former: bool = False
    postcode: Answer | None = None


def asked(request: HttpRequest, atlas: Atlas) -> Asked:
    """Read the address. Raises BadRequestError."""
    query, postcode = text_param(request, "q"), text_param(request, "postcode")
    if not postcode and is_like_postcode(query):
        query, postcode = "", query
    near, name = _near(text_param(request, "near"), atlas)
    return Asked(
        query=query,
        postcode=postcode,
        region=text_param(request, "region"),
        kind=text_param(request, "type"),
        with_former=request.GET.get("former") == "yes",
        near=near,
        near_name=name,
    )


def find(what: Asked, atlas: Atlas, day: str) -> Found:
    """The councils that are asked for: by slug, one of just that name before the others; or the nearest first."""
    if what.postcode:
        answer = find_by_postcode(what.postcode, atlas, day)
        return Found(list(answer.places), postcode=answer)
    if what.near is not None:
        near = [one for one in atlas.nearest(what.near, day, limit=len(atlas.places)) if _fits(one.place, what)]
        near = near[:NEAREST]
        return Found([one.place for one in near], {one.place.slug: round(one.kilometres, 1) for one in near})
    there = atlas.places if what.with_former else atlas.current(day)
    fitting = sorted((place for place in there if _fits(place, what)), key=lambda place: place.slug)
    if not fold(what.query):
        return Found(fitting)
    found = [place for place in fitting if _is_meant(what.query, place)]
    if found:
        return Found(sorted(found, key=lambda place: not _is_called(what.query, place)))
    former = [place for place in atlas.places if _fits(place, what) and _is_meant(what.query, place)]
    alike = former or _alike(what.query, fitting)
    return Found(alike, is_alike=bool(alike) and not former, is_former=bool(former))


def by_name(name: str, atlas: Atlas, day: str) -> list[Place]:
    """The councils that someone means by what they typed: one if a name or code is just that."""
    place = atlas.by_slug.get(name.strip().lower()) or atlas.by_code.get(name.strip().upper())
    if place is not None:
        return [place]
    found = find(Asked(query=name), atlas, day).places if fold(name) else []
    exact = [place for place in found if _is_called(name, place)]
    return exact if len(exact) == 1 else found


def _near(text: str, atlas: Atlas) -> tuple[Point | None, str]:
    """The point of `51.5,-0.06`, or the middle of the council of that short name."""
    if not text:
        return None, ""
    numbers = _POINT.fullmatch(text)
    if numbers:
        point = float(numbers[1]), float(numbers[2])
        if -90 <= point[0] <= 90 and -180 <= point[1] <= 180:  # noqa: PLR2004 - degrees
            return point, f"{point[0]:g}, {point[1]:g}"
    place = atlas.by_slug.get(text.lower())
    if place is not None and place.point is not None:
        return place.point, place.short_name
    raise BadRequestError(
        _("Nothing is known to lie at “%(text)s”.") % {"text": text},
        _("Give latitude and longitude in degrees, such as near=51.55,-0.06, or the short name of a council."),
    )


def _fits(place: Place, what: Asked) -> bool:
    one = place.organisation
    if what.region and fold(what.region) not in {fold(one.region), fold(place.text("region")), fold(one.nation)}:
        return False
    return not what.kind or fold(what.kind) in {fold(one.type_name), fold(place.text("local-authority-type"))}


def _is_meant(query: str, place: Place) -> bool:
    one = place.organisation
    codes = {one.local_authority, one.gss_code, *as_list(place.item.get("former-gss-codes"))} - {""}
    called = " ".join(place.names)
    return all(word.upper() in codes or all(part in called for part in fold(word).split()) for word in query.split())


def _is_called(name: str, place: Place) -> bool:
    """It is just that name, and no part of it."""
    return fold(name) in {fold(place.short_name), fold(place.name)}


def _alike(query: str, places: list[Place] | tuple[Place, ...]) -> list[Place]:
    found = [(apart, place.slug, place) for place in places if (apart := slips(query, place.names)) is not None]
    found.sort(key=lambda one: one[:2])
    return [place for _apart, _slug, place in found[:_MOST_ALIKE]]
