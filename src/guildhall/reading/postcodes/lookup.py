"""Which councils serve a postcode, or a part of one."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from guildhall.kit.coast import Point
from guildhall.reading.councils.atlas import Atlas, Place
from guildhall.reading.models import Postcode, PostcodeDistrict, PostcodeFile
from guildhall.reading.postcodes.words import part_of_postcode, whole_postcode


@dataclass(frozen=True)
class Answer:
    """`places` are the councils: of a whole postcode its council and its county; of a part all that it may be.

    `problem` and `remedy` say why there is none. `source` is the file that was loaded.
    """

    asked: str
    places: tuple[Place, ...] = ()
    is_part: bool = False
    has_ended: bool = False
    point: Point | None = None
    problem: str = ""
    remedy: str = ""
    source: PostcodeFile | None = None


def find_by_postcode(text: str, atlas: Atlas, day: str) -> Answer:
    """The councils of a postcode on a day."""
    whole, district = whole_postcode(text), part_of_postcode(text)
    asked = whole or district or text
    file = PostcodeFile.objects.filter(is_current=True).first()
    if file is None:
        return Answer(
            asked,
            problem=_("This hall does not know postcodes."),
            remedy=_by_name(),
        )
    if whole is not None:
        return _of_whole(whole, file, atlas, day)
    if district is not None:
        return _of_district(district, text, file, atlas, day)
    return Answer(
        asked,
        problem=_("“%(text)s” is not a postcode.") % {"text": text},
        remedy=_("A postcode looks like SW1A 2AA. The first half of it will do too."),
        source=file,
    )


def loaded_file() -> int | None:
    """Which file of postcodes answers now: what answers depend on, too."""
    return PostcodeFile.objects.filter(is_current=True).values_list("pk", flat=True).first()


def _of_whole(postcode: str, file: PostcodeFile, atlas: Atlas, day: str) -> Answer:
    row = Postcode.objects.filter(file=file, postcode=postcode).first()
    if row is None:
        return Answer(
            postcode,
            problem=_("The postcode %(postcode)s is not in the file that this hall has.") % {"postcode": postcode},
            remedy=_("Check it, try its first half alone, or look for the council by name."),
            source=file,
        )
    point = None if row.latitude is None or row.longitude is None else (row.latitude, row.longitude)
    places = _places([(row.council, row.county)], atlas, day)
    if not places:
        problem = _("The council of %(postcode)s is not known in this hall.") % {"postcode": postcode}
        return Answer(postcode, point=point, problem=problem, remedy=_by_name(), source=file)
    return Answer(postcode, places, has_ended=row.has_ended, point=point, source=file)


def _by_name() -> str:
    return _("Look for the council by its name, in the A to Z or on the map.")


def _of_district(district: str, text: str, file: PostcodeFile, atlas: Atlas, day: str) -> Answer:
    found = PostcodeDistrict.objects.filter(file=file, district=district)
    if not found:
        # SW1 alone is no district, but SW1A to SW1Y are.
        letters = [f"{district}{letter}" for letter in "ABCDEFGHJKLMNPQRSTUVWXYZ"]
        found = PostcodeDistrict.objects.filter(file=file, district__in=letters)
    rows = found.order_by("-postcodes", "council").values_list("council", "county")
    places = _places(list(rows), atlas, day)
    if not places:
        return Answer(
            district,
            problem=_("No postcode that begins with %(district)s is in the file that this hall has.")
            % {"district": district},
            remedy=_("Check it, or look for the council by name."),
            source=file,
        )
    return Answer(text.upper(), places, is_part=True, source=file)


def _places(codes: list[tuple[str, str]], atlas: Atlas, day: str) -> tuple[Place, ...]:
    """The councils of GSS codes, each with the county that serves the same residents, each once."""
    found: dict[str, Place] = {}
    for council, county in codes:
        place = atlas.of_gss(council, day)
        if place is None:
            continue
        found[place.slug] = place
        above = atlas.county(place) or atlas.of_gss(county, day)
        if above is not None and above.tier == "upper":
            found[above.slug] = above
    return tuple(found.values())
