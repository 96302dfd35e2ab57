"""Products, their users and their suppliers, for programs."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from guildhall.kit.access import anyone
from guildhall.kit.answers import csv_answer, json_answer, revalidated
from guildhall.kit.negotiate import CSV, HTML, JSON, Format, offers
from guildhall.reading import products as known_of
from guildhall.reading.data import etags
from guildhall.reading.data.small_tables import Row, as_cells, table_answer
from guildhall.reading.views import products as pages
from guildhall.registers.models import Register
from guildhall.registers.queries import records, registers

_PRODUCT = ("product", "name", "supplier", "organisations", "purpose", "unidentified")
_SUPPLIER = ("supplier", "products", "known-uses")
_USE = (
    "organisation",
    "organisation-name",
    "gss-code",
    "region",
    "product-use",
    "what-for",
    "address",
    "start-date",
    "contract-end",
    "cost-band",
    "source-date",
    "kept-by",
)


@anyone
@offers(JSON, CSV, HTML, takes=("q", "purpose", "supplier", "sort"))
def products(request: HttpRequest, chosen: Format) -> HttpResponseBase:
    if chosen is HTML:
        return pages.index(request)

    def make() -> HttpResponseBase:
        shown = pages.found(request, known_of.all_products(timezone.localdate().isoformat()))
        return table_answer(chosen, _PRODUCT, [_product_row(one) for one in shown])

    return revalidated(request, etags.of_hall(request, chosen, timezone.localdate()), make)


@anyone
@offers(JSON, CSV, HTML, takes=())
def suppliers(request: HttpRequest, chosen: Format) -> HttpResponseBase:
    if chosen is HTML:
        return pages.suppliers(request)

    def make() -> HttpResponseBase:
        found = known_of.suppliers(known_of.all_products(timezone.localdate().isoformat()))
        rows: list[Row] = [
            {
                "supplier": one.name,
                "products": [product.key for product in one.products],
                "known-uses": one.uses or None,
            }
            for one in found
        ]
        return table_answer(chosen, _SUPPLIER, rows)

    return revalidated(request, etags.of_hall(request, chosen, timezone.localdate()), make)


@anyone
@offers(JSON, CSV, HTML, takes=())
def product(request: HttpRequest, chosen: Format, key: str) -> HttpResponseBase:
    """A product and who is known to use it; as CSV the uses, one a row."""
    if chosen is HTML:
        return pages.product(request, key)
    register = registers.register(known_of.PRODUCTS)
    record = records.record(register, key, register.head.size)

    def make() -> HttpResponseBase:
        uses = [_use_row(*pair) for pair in known_of.uses_of(key, timezone.localdate().isoformat())]
        if chosen is CSV:
            return csv_answer(_USE, (as_cells(row, _USE) for row in uses))
        return json_answer({"product": key, "values": record.item, "uses": uses})

    return revalidated(request, etags.of_hall(request, chosen, timezone.localdate(), key), make)


def _product_row(one: known_of.Product) -> Row:
    """Where no user is known, `organisations` is null: that is not the same as none."""
    return {
        "product": one.key,
        "name": one.title,
        "supplier": one.supplier,
        "organisations": one.organisations or None,
        "purpose": one.purpose,
        "unidentified": one.is_unidentified,
    }


def _use_row(register: Register, record: records.Record) -> Row:
    organisation = register.organisation
    told: Row = {
        "organisation": organisation.slug,
        "organisation-name": organisation.name,
        "gss-code": organisation.gss_code,
        "region": organisation.region,
        "product-use": record.key,
        "kept-by": register.keeper.slug,
    }
    return {name: record.item.get(name) for name in _USE} | told
