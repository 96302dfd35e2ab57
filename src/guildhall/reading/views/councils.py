"""Councils: found by name, postcode, region or map; one council's page; its own pages for services; side by side."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from guildhall.kit.exceptions import BadRequestError
from guildhall.kit.values import is_web_address
from guildhall.kit.words import number
from guildhall.reading import addresses, finding
from guildhall.reading.councils import comparison, maps
from guildhall.reading.councils.atlas import Atlas, Place, atlas
from guildhall.reading.councils.facts import facts_of, latest, lists_of, products_of, rows_of, slug_of_code
from guildhall.reading.councils.services import services_of
from guildhall.reading.params import text_param
from guildhall.reading.products import all_products, tells_terms
from guildhall.registers.errors import UnknownOrganisationError
from guildhall.registers.models import Organisation
from guildhall.registers.queries import registers

_BY_LISTS = "lists"
# More are compared by programs than can be read side by side.
_MOST_NAMES = 100


def index(request: HttpRequest) -> HttpResponse:
    """A to Z, or those that are asked for. One that is found alone by its name leads to its page."""
    known, today = atlas(), timezone.localdate().isoformat()
    what = finding.asked(request, known)
    found = finding.find(what, known, today)
    if what.query and not (found.is_alike or found.is_former) and len(found.places) == 1:
        return HttpResponseRedirect(addresses.organisation(found.places[0].organisation))
    by_region = request.GET.get("by") == "region"
    context = {
        "asked": what,
        "found": found,
        "by_region": by_region,
        "groups": _by_region(found.places) if by_region else _by_letter(found.places),
        "choices": _choices(known, today),
    }
    return render(request, "reading/councils.html", context)


def _by_letter(places: list[Place]) -> list[tuple[str, list[Place]]]:
    groups: dict[str, list[Place]] = {}
    for place in places:
        groups.setdefault(place.slug[:1].upper(), []).append(place)
    return list(groups.items())


def _by_region(places: list[Place]) -> list[tuple[str, list[Place]]]:
    def region(place: Place) -> str:
        return place.organisation.region or place.organisation.nation or _("Region not known")

    ordered = sorted(places, key=lambda place: (region(place), place.slug))
    return [(name, list(group)) for name, group in groupby(ordered, key=region)]


def _choices(known: Atlas, today: str) -> dict[str, list[tuple[str, str]]]:
    """The regions and kinds that councils of today have."""
    ones = [place.organisation for place in known.current(today)]
    return {
        "regions": _options({one.region for one in ones}),
        "types": _options({one.type_name for one in ones}),
    }


def _options(names: set[str]) -> list[tuple[str, str]]:
    return [("", _("All")), *((name, name) for name in sorted(names - {""}))]


def on_map(request: HttpRequest) -> HttpResponse:
    """Every council on a map, by tier or by whether it keeps lists, with the same as a table."""
    known, today = atlas(), timezone.localdate().isoformat()
    by_lists = request.GET.get("by") == _BY_LISTS
    what = finding.Asked(region=text_param(request, "region"))
    there = finding.find(what, known, today).places
    places = sorted((place for place in there if place.point is not None), key=lambda place: place.name)
    kept = maps.keepers_of() if by_lists else {}
    categories = maps.keeping() if by_lists else maps.tiers()

    def category(place: Place) -> str:
        return kept.get(place.organisation.pk, maps.NOTHING) if by_lists else place.tier

    drawn = maps.council_map(places, known, today, categories, category, is_close=bool(what.region))
    titles = {one.name: one.title for one in categories}
    context = {
        "map": drawn,
        "by_lists": by_lists,
        "rows": [(place, titles.get(category(place), "")) for place in places],
        "without": len(there) - len(places),
        "region": what.region,
        "regions": _choices(known, today)["regions"],
    }
    return render(request, "reading/councils_map.html", context)


def council(request: HttpRequest, slug: str) -> HttpResponse:
    if slug.isupper():
        code = slug_of_code(slug)
        if code is not None:
            return HttpResponseRedirect(f"/councils/{code}")
    one = registers.organisation(slug)
    if not one.is_council:
        return HttpResponseRedirect(addresses.organisation(one))
    return render(request, "reading/council.html", about(one))


def about(one: Organisation) -> dict[str, object]:
    """What a council's page tells."""
    known, today = atlas(), timezone.localdate().isoformat()
    place = known.by_slug[one.slug]
    facts = facts_of(place, known, today)
    lists = lists_of(one)
    near = [one.place for one in facts.neighbours]
    products = {product.key: product for product in all_products(today, counted=False)}
    used = products_of(near, today)
    own = rows_of(lists, "product-use", today)
    return {
        "council": one,
        "website": _website(one),
        "place": place,
        "facts": facts,
        "lists": lists,
        "latest": latest(lists),
        "products": own,
        "has_terms": tells_terms((row.register, row.record) for row in own),
        "projects": rows_of(lists, "project", today),
        "services": lists.kept_to("service-link"),
        "unidentified": {key for key, product in products.items() if product.is_unidentified},
        "used_nearby": {
            slug: [products[target.key] for target in targets if target.key in products]
            for slug, targets in used.items()
        },
        "presets": comparison.presets(place, known, today),
        "today": today,
    }


def services(request: HttpRequest, slug: str) -> HttpResponse:
    """For residents: the council's own pages for its services."""
    one = council_called(slug)
    query = text_param(request, "q")
    found = services_of(lists_of(one), query, timezone.localdate().isoformat())
    context = {"council": one, "website": _website(one), "services": found, "query": query}
    return render(request, "reading/council_services.html", context)


def _website(one: Organisation) -> str:
    """Where a resident is sent on to: nothing but a web address, whatever a list says."""
    return one.website if is_web_address(one.website) else ""


def council_called(slug: str) -> Organisation:
    """Raises UnknownOrganisationError, for an organisation that is no council too."""
    one = registers.organisation(slug)
    if not one.is_council:
        raise UnknownOrganisationError(
            _("%(name)s is not a council.") % {"name": one.name}, _("Look for councils in their A to Z.")
        )
    return one


def compare(request: HttpRequest) -> HttpResponse:
    """Any councils side by side. `with` names them; `add`, one more by its name, leads to the address with it."""
    known, today = atlas(), timezone.localdate().isoformat()
    places, unknown = compared(request, known)
    adding = text_param(request, "add")
    more = finding.by_name(adding, known, today) if adding else []
    if len(more) == 1 and len(places) < comparison.MOST:
        slugs = [place.slug for place in (*places, *more)]
        return HttpResponseRedirect(comparison.address(list(dict.fromkeys(slugs))))
    shown = places[: comparison.MOST]
    slugs = [place.slug for place in shown]
    context = {
        "comparison": comparison.compare(shown, known, today),
        "slugs": slugs,
        "without": {slug: comparison.address([one for one in slugs if one != slug]) for slug in slugs},
        "adding": adding,
        "choices": [(place, comparison.address([*slugs, place.slug])) for place in more if place.slug not in slugs],
        "unknown": unknown,
        "too_many": len(places) - len(shown),
        "most": comparison.MOST,
        "presets": comparison.presets(shown[0], known, today) if shown else [],
        "address": comparison.address(slugs),
    }
    return render(request, "reading/councils_compare.html", context)


def compared(request: HttpRequest, known: Atlas) -> tuple[list[Place], list[str]]:
    """The councils that `with` names, each once, and the names that nobody has. Raises BadRequestError."""
    names = [name.strip() for text in request.GET.getlist("with") for name in text.split(",")]
    names = [name for name in names if name]
    if len(names) > _MOST_NAMES:
        raise BadRequestError(
            _("%(number)s councils cannot be compared at once.") % {"number": number(len(names))},
            _("Name at most %(most)s.") % {"most": _MOST_NAMES},
        )
    found: dict[str, Place] = {}
    unknown: list[str] = []
    for name in names:
        place = known.by_slug.get(name.lower()) or known.by_code.get(name.upper())
        if place is None:
            unknown.append(name[:100])
        else:
            found[place.slug] = place
    return list(found.values()), unknown
