"""Every council, now and before, with what the list of local authorities says of it: held in memory, a few hundred.

It is read again when one of the lists that it is made from has changed, which one short query tells.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from guildhall.kit.coast import Point, kilometres
from guildhall.registers.models import Organisation, RegisterHead
from guildhall.registers.queries import records, registers
from guildhall.registers.queries.history import as_list
from guildhall.registers.queries.records import Item
from guildhall.search.analysis import fold

LOCAL_AUTHORITY = "local-authority"
LOCAL_AUTHORITIES = f"hall/{LOCAL_AUTHORITY}"
_MADE_FROM = (LOCAL_AUTHORITIES, "hall/organisation", "hall/erasure", "hall/hold")
UPPER, LOWER, SINGLE = "upper", "lower", "single"


@dataclass(frozen=True)
class Place:
    """A council: its organisation, and its values in the list of local authorities (none if it is not there)."""

    organisation: Organisation
    item: Item

    @property
    def slug(self) -> str:
        return self.organisation.slug

    @property
    def name(self) -> str:
        return self.organisation.name

    @property
    def code(self) -> str:
        return self.organisation.local_authority

    @property
    def short_name(self) -> str:
        """What it is called in short, such as Hackney."""
        return self.text("name") or self.name

    @property
    def tier(self) -> str:
        return self.text("tier")

    @cached_property
    def point(self) -> Point | None:
        """Latitude and longitude of a point within its area."""
        latitude, comma, longitude = self.text("point").partition(",")
        try:
            return (float(latitude), float(longitude)) if comma else None
        except ValueError:
            return None

    def text(self, name: str) -> str:
        value = self.item.get(name, "")
        return value if isinstance(value, str) else "; ".join(value)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What it is called, in short, in full and in Welsh, as `fold` writes it."""
        known = (self.name, self.slug, self.text("name"), self.text("official-name"), self.text("name-cy"))
        return tuple(dict.fromkeys(fold(name) for name in known if name))

    def exists_on(self, day: str) -> bool:
        """Whether it was there on a day (YYYY-MM-DD)."""
        one = self.organisation
        return not (one.end_date and one.end_date < day) and not (one.start_date and one.start_date > day)


@dataclass(frozen=True)
class Near:
    """A council and how many kilometres lie between its middle and a point."""

    place: Place
    kilometres: float


@dataclass(frozen=True)
class Atlas:
    """All councils by name."""

    places: tuple[Place, ...]
    by_slug: dict[str, Place] = field(default_factory=dict)
    by_code: dict[str, Place] = field(default_factory=dict)
    _by_gss: dict[str, Place] = field(default_factory=dict)

    def current(self, day: str) -> list[Place]:
        return [place for place in self.places if place.exists_on(day)]

    def of_gss(self, code: str, day: str) -> Place | None:
        """The council of a GSS code, an earlier one too; if that council is gone, the one that replaced it."""
        place = self._by_gss.get(code)
        for _ in range(_MOST_SUCCESSIONS):
            if place is None or place.exists_on(day):
                return place
            successors = self.successors(place)
            place = successors[0] if len(successors) == 1 else None
        return None

    def successors(self, place: Place) -> list[Place]:
        """The councils that took its place."""
        return [self.by_code[code] for code in as_list(place.item.get("replaced-by")) if code in self.by_code]

    def predecessors(self, place: Place) -> list[Place]:
        return [one for one in self.places if place.code and place.code in as_list(one.item.get("replaced-by"))]

    def county(self, place: Place) -> Place | None:
        """For a district, the county council that serves the same residents."""
        return self.by_code.get(place.text("county"))

    def districts(self, place: Place, day: str) -> list[Place]:
        """For a county, its districts that there are on a day."""
        return [one for one in self.current(day) if place.code and one.text("county") == place.code]

    def nearest(self, point: Point, day: str, *, limit: int, leave_out: frozenset[str] = frozenset()) -> list[Near]:
        """Councils of a day, the nearest first, by the points that the list holds."""
        found = [
            Near(place, kilometres(point, place.point))
            for place in self.current(day)
            if place.point is not None and place.slug not in leave_out
        ]
        return sorted(found, key=lambda near: near.kilometres)[:limit]

    def neighbours(self, place: Place, day: str, *, limit: int) -> list[Near]:
        """The nearest councils, without its own county or districts, which are told of by themselves."""
        if place.point is None:
            return []
        own = {place.slug, *(one.slug for one in self.districts(place, day))}
        county = self.county(place)
        if county is not None:
            own.add(county.slug)
        return self.nearest(place.point, day, limit=limit, leave_out=frozenset(own))

    def shading(self, day: str) -> tuple[tuple[str, Point], ...]:
        """By which the land of a map is shaded: the region and point of each council."""
        return tuple(
            (place.organisation.region or place.organisation.nation, place.point)
            for place in self.current(day)
            if place.point is not None
        )


# Councils that were replaced by one that was itself replaced, and so on.
_MOST_SUCCESSIONS = 5
_kept: tuple[tuple[tuple[bytes, int], ...], Atlas] | None = None


def atlas() -> Atlas:
    """All councils as the lists have them now."""
    global _kept  # noqa: PLW0603 - one for each process
    heads = RegisterHead.objects.filter(register__path__in=_MADE_FROM).order_by("register__path")
    states = tuple((bytes(root), hidden) for root, hidden in heads.values_list("root", "hidden_version"))
    kept = _kept
    if kept is None or kept[0] != states:
        kept = _kept = (states, _made())
    return kept[1]


def _made() -> Atlas:
    register = registers.registers().filter(path=LOCAL_AUTHORITIES).first()
    items = {row.key: row.item for row in records.stream_records(register, register.head.size)} if register else {}
    councils = Organisation.objects.filter(kind="council").order_by("name", "slug")
    found = Atlas(tuple(Place(one, items.get(one.local_authority, {})) for one in councils))
    for place in found.places:
        found.by_slug[place.slug] = place
        if place.code:
            found.by_code[place.code] = place
    # A code of today counts before the same code in another's past.
    for place in found.places:
        for code in as_list(place.item.get("former-gss-codes")):
            found._by_gss.setdefault(code, place)  # noqa: SLF001 - its own maker
    for place in sorted(found.places, key=lambda one: one.organisation.end_date or "9999"):
        if place.organisation.gss_code:
            found._by_gss[place.organisation.gss_code] = place  # noqa: SLF001 - its own maker
    return found
