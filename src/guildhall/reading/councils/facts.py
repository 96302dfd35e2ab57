"""What the hall knows of one council, gathered from the lists that name it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from guildhall.reading import addresses
from guildhall.reading.cells import Row, rows
from guildhall.reading.councils.atlas import LOCAL_AUTHORITIES, UPPER, Atlas, Near, Place
from guildhall.registers import catalogue
from guildhall.registers.models import Organisation, Publication, Register
from guildhall.registers.queries import links, records, registers, several
from guildhall.registers.queries.history import as_list
from guildhall.registers.queries.records import Record
from guildhall.registers.queries.time import has_passed
from guildhall.schema.model import Standard

NEIGHBOURS = 8
_LATEST = 3
_PRODUCTS_SHOWN = 500


@dataclass(frozen=True)
class CouncilFacts:
    """`url` is the page of its record in the list of local authorities, empty if it is not there."""

    place: Place
    url: str
    replaced: list[Place]
    replaced_by: list[Place]
    county: Place | None
    districts: list[Place]
    neighbours: list[Near]


@dataclass(frozen=True)
class Lists:
    """The lists of an organisation: by itself, about it by others, and those that it keeps for others."""

    own: list[Register]
    unofficial: list[Register]
    for_others: int

    @property
    def all(self) -> list[Register]:
        return self.own + self.unofficial

    def kept_to(self, standard_name: str) -> Register | None:
        """The one that is kept to a standard; its own rather than a copy."""
        return next((register for register in self.all if register.standard_name == standard_name), None)


def facts_of(place: Place, atlas: Atlas, today: str) -> CouncilFacts:
    return CouncilFacts(
        place=place,
        url=addresses.own_record(LOCAL_AUTHORITIES, place.code) if place.item else "",
        replaced=atlas.predecessors(place),
        replaced_by=atlas.successors(place),
        county=atlas.county(place),
        districts=atlas.districts(place, today) if place.tier == UPPER else [],
        neighbours=atlas.neighbours(place, today, limit=NEIGHBOURS),
    )


def lists_of(organisation: Organisation) -> Lists:
    about = list(registers.registers().filter(organisation=organisation, head__records__gt=0))
    others = registers.registers().filter(keeper=organisation).exclude(organisation=organisation)
    return Lists(
        own=[register for register in about if not register.is_unofficial_copy],
        unofficial=[register for register in about if register.is_unofficial_copy],
        for_others=others.count(),
    )


def latest(lists: Lists) -> list[Publication]:
    """What was published lately in the lists about an organisation, the newest first."""
    return several.latest_publications(lists.all, limit=_LATEST)


def rows_of(lists: Lists, standard_name: str, today: str) -> list[Row]:
    """The rows of the organisation's list to a standard, if there is one, without those that have ended."""
    register = lists.kept_to(standard_name)
    if register is None:
        return []
    standard = catalogue.current_standard(standard_name)
    found = records.record_page(register, register.head.size, limit=_PRODUCTS_SHOWN).rows
    return rows(standard, [(register, record) for record in found if not has_ended(standard, record, today)])


def has_ended(standard: Standard, record: Record, today: str) -> bool:
    """Whether its end date has passed. A year or a month has passed when its last day has."""
    ended = str(record.item.get(standard.end_field or "", ""))
    return has_passed(ended, today)


def slug_of_code(code: str) -> str | None:
    """The short name of a council, or of a body in which councils act together, by its code or its GSS code."""
    found = Organisation.objects.filter(Q(local_authority=code) | Q(gss_code=code))
    return found.order_by("-start_date").values_list("slug", flat=True).first()


def products_of(places: list[Place], today: str) -> dict[str, list[links.Target]]:
    """The products that each council is known to use now, by its slug: in a few queries, however many there are.

    A council that is not among the keys has no list of products: nothing is known of what it uses.
    """
    uses = registers.registers().filter(
        standard_name="product-use", organisation__in=[place.organisation.pk for place in places], head__records__gt=0
    )
    found: dict[str, list[links.Target]] = {}
    homes, standard = links.Homes(), None
    for register, record in several.records_of(uses):
        standard = standard or catalogue.current_standard("product-use")
        named = found.setdefault(register.organisation.slug, [])
        if has_ended(standard, record, today):
            continue
        for value in as_list(record.item.get("product")):
            target = homes.link("product", value, register)
            if target not in named:
                named.append(target)
    return found
