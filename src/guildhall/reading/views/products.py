"""Who uses what: products, the councils that use each, and who supplies them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from guildhall.kit.maps import Category
from guildhall.reading import products
from guildhall.reading.cells import rows
from guildhall.reading.councils import maps
from guildhall.reading.councils.atlas import Place, atlas
from guildhall.reading.params import text_param
from guildhall.reading.products import PRODUCT_USE, PRODUCTS, Product, all_products
from guildhall.registers import catalogue
from guildhall.registers.queries import records, registers

_USES, _OTHER, _NONE = "uses", "other", "unknown"
# So many uses are read on a product's page; the table of all lists has them all, to be searched and sorted.
_SHOWN = 50


def index(request: HttpRequest) -> HttpResponse:
    everything = all_products(timezone.localdate().isoformat())
    shown = found(request, everything)
    context = asked(request) | {
        "products": [one for one in shown if not one.is_unidentified],
        "unidentified": [one for one in shown if one.is_unidentified and one.organisations],
        "purposes": _options(one.purpose for one in everything),
        "suppliers": _options(one.name for one in products.suppliers(everything)),
    }
    return render(request, "reading/products.html", context)


def _options(names: Iterable[str]) -> list[tuple[str, str]]:
    return [("", _("All")), *((name, name) for name in sorted({*names} - {""}))]


def asked(request: HttpRequest) -> dict[str, str]:
    return {
        "query": text_param(request, "q"),
        "purpose": text_param(request, "purpose"),
        "supplier": text_param(request, "supplier"),
        "sort": "name" if request.GET.get("sort") == "name" else "use",
    }


def found(request: HttpRequest, everything: Iterable[Product]) -> list[Product]:
    """The products that are asked for, in the order of `sort`: the most used first, or by name."""
    what = asked(request)
    return products.chosen(
        everything,
        query=what["query"],
        purpose=what["purpose"],
        supplier=what["supplier"],
        by_use=what["sort"] == "use",
    )


def suppliers(request: HttpRequest) -> HttpResponse:
    """Who supplies what."""
    everything = all_products(timezone.localdate().isoformat())
    unknown = [one for one in everything if not one.supplier and not one.is_unidentified]
    return render(
        request, "reading/suppliers.html", {"suppliers": products.suppliers(everything), "unknown_supplier": unknown}
    )


def product(request: HttpRequest, key: str) -> HttpResponse:
    today = timezone.localdate().isoformat()
    register = registers.register(PRODUCTS)
    record = records.record(register, key, register.head.size)
    standard = catalogue.current_standard("product")
    everything = all_products(today)
    this = next((one for one in everything if one.key == key), Product(record, 0))
    uses = products.uses_of(key, today)
    context = {
        "product": rows(standard, [(register, record)])[0],
        "this": this,
        "standard": standard,
        "uses": rows(catalogue.current_standard(PRODUCT_USE), uses[:_SHOWN]),
        "all_uses": len(uses),
        "has_terms": products.tells_terms(uses),
        "users": len({one.organisation_id for one, _record in uses}),
        "like": products.like(this, everything),
        "regions": _by_region([one.organisation_id for one, _record in uses]),
        "map": _map(this, {one.organisation_id for one, _record in uses}, everything, today) if uses else None,
    }
    return render(request, "reading/product.html", context)


def _by_region(users: list[int]) -> list[tuple[str, int, int]]:
    """For each region: its name, how many of its councils are known users, how many councils it has."""
    current = atlas().current(timezone.localdate().isoformat())
    of_region = Counter(place.organisation.region or place.organisation.nation for place in current)
    known = set(users)
    using = Counter(
        place.organisation.region or place.organisation.nation for place in current if place.organisation.pk in known
    )
    return [(region or _("Region not known"), using[region], of_region[region]) for region in sorted(of_region)]


def _map(this: Product, users: set[int], everything: list[Product], today: str) -> object:
    """Its users, those of other products for the same purpose, and councils of which nothing is known."""
    known = atlas()
    others: set[int] = set()
    for product in products.like(this, everything):
        others |= {register.organisation_id for register, _record in products.uses_of(product.key, today)}
    categories = [
        Category(_USES, _("Known to use it")),
        Category(_OTHER, _("Known to use another for this purpose")),
        Category(_NONE, _("Not known what is used")),
    ]

    def category(place: Place) -> str:
        pk = place.organisation.pk
        return _USES if pk in users else _OTHER if pk in others else _NONE

    return maps.council_map(known.current(today), known, today, categories, category, links=False)
