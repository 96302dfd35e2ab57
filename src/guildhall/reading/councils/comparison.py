"""Councils side by side: the same facts of each, products by purpose, and the lists that it keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guildhall.kit.coast import kilometres
from guildhall.kit.words import date_words, miles
from guildhall.reading import addresses
from guildhall.reading.councils.atlas import SINGLE, UPPER, Atlas, Place
from guildhall.reading.councils.facts import products_of
from guildhall.reading.councils.maps import OWN, keepers_of
from guildhall.reading.councils.rows import COUNCIL, council_row
from guildhall.reading.products import Product, all_products

# More cannot be read side by side.
MOST = 12
_PRESET = 6

type Cell = dict[str, str]


@dataclass(frozen=True)
class Line:
    """One fact of all councils: a title, and for each council its values as cells; None where it is not known."""

    title: str
    cells: list[list[Cell] | None]


@dataclass(frozen=True)
class Comparison:
    """`lines` are for the page; `columns` and `rows` for programs, one row a council."""

    places: list[Place]
    lines: list[Line]
    columns: tuple[str, ...]
    rows: list[dict[str, object]]


def compare(places: Sequence[Place], atlas: Atlas, today: str) -> Comparison:
    """Compare some councils, in the order in which they are given."""
    products = {product.key: product for product in all_products(today, counted=False)}
    used = {
        slug: [products[target.key] for target in targets if target.key in products]
        for slug, targets in products_of(list(places), today).items()
    }
    purposes = sorted({product.purpose for some in used.values() for product in some})
    lists = keepers_of()
    kept = {place.slug: lists.get(place.organisation.pk, "") for place in places}
    lines = [
        *_facts(places, atlas),
        Line(_("Lists"), [[{"text": _("Keeps some itself") if kept[one.slug] == OWN else _("Unofficial copies only")}]
                          if kept[one.slug] else None for one in places]),
        *(Line(_("Products: %(purpose)s") % {"purpose": purpose}, _products(places, used, purpose))
          for purpose in purposes),
    ]  # fmt: skip
    columns = (*COUNCIL[:-1], "keeps-lists", "products")
    rows = [
        council_row(place, atlas)
        | {
            "keeps-lists": kept[place.slug] or None,
            "products": [product.key for product in used[place.slug] if not product.is_unidentified]
            if place.slug in used
            else None,
        }
        for place in places
    ]
    return Comparison(list(places), lines, columns, rows)


def presets(place: Place, atlas: Atlas, today: str) -> list[tuple[str, str]]:
    """Ready-made sets that go with a council: what each is called, and its address."""
    near = atlas.neighbours(place, today, limit=len(atlas.places))
    region, kind = place.organisation.region, place.organisation.type_name
    sets = [
        (_("Its nearest councils"), near),
        (
            _("The nearest in %(region)s") % {"region": region},
            [one for one in near if region and one.place.organisation.region == region],
        ),
        (
            _("The nearest of the same kind (%(kind)s)") % {"kind": kind},
            [one for one in near if kind and one.place.organisation.type_name == kind],
        ),
    ]
    return [
        (title, address([place.slug, *(one.place.slug for one in some[: _PRESET - 1])])) for title, some in sets if some
    ]


def address(slugs: Sequence[str]) -> str:
    """Where councils are compared."""
    return addresses.compare(slugs)


def _facts(places: Sequence[Place], atlas: Atlas) -> list[Line]:
    def line(title: str, values: Sequence[str]) -> Line:
        return Line(title, [[{"text": value}] if value else None for value in values])

    tiers = {"single": _("Single council"), "lower": _("District"), "upper": _("County council")}
    counties = [atlas.county(place) for place in places]
    lines = [
        line(_("Kind"), [place.organisation.type_name for place in places]),
        line(_("Tier"), [tiers.get(place.tier, "") for place in places]),
        Line(
            _("County council"),
            [
                [{"text": one.name, "url": addresses.organisation(one.organisation)}] if one else _no_county(place)
                for place, one in zip(places, counties, strict=True)
            ],
        ),
        line(_("Region"), [place.organisation.region for place in places]),
        line(_("People (2020)"), [_thousands(place.text("population")) for place in places]),
        line(_("Since"), [date_words(place.organisation.start_date) for place in places]),
        Line(
            _("Website"),
            [
                [{"text": place.organisation.website, "url": place.organisation.website}]
                if place.organisation.website
                else None
                for place in places
            ],
        ),
    ]
    first = places[0].point if places else None
    if first is not None and len(places) > 1:
        away = [miles(kilometres(first, place.point)) if place.point else "" for place in places[1:]]
        title = _("Miles from %(council)s, middle to middle") % {"council": places[0].short_name}
        lines.append(line(title, [_("Here"), *away]))
    return [one for one in lines if any(one.cells)]


def _no_county(place: Place) -> list[Cell] | None:
    """A single council has none; of a district whose county is not given it is not known."""
    return [{"text": _("None")}] if place.tier in {SINGLE, UPPER} else None


def _products(places: Sequence[Place], used: dict[str, list[Product]], purpose: str) -> list[list[Cell] | None]:
    cells: list[list[Cell] | None] = []
    for place in places:
        some = [product for product in used.get(place.slug, []) if product.purpose == purpose]
        cells.append([_product(product) for product in some] or None)
    return cells


def _product(product: Product) -> Cell:
    if product.is_unidentified:
        return {"text": _("Not identified")}
    return {"text": product.title, "url": addresses.product(product.key)}


def _thousands(text: str) -> str:
    return f"{int(text):,}" if text.isascii() and text.isdigit() else ""
