"""Who uses what: products, and the councils that use each."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guildhall.kit.access import anyone
from guildhall.log.segments import decode_segment
from guildhall.reading.cells import Row, rows
from guildhall.reading.params import text_param
from guildhall.registers import catalogue
from guildhall.registers.queries import links, records, registers

PRODUCTS = "hall/product"
# A hall's products are counted in hundreds; more are found by search.
_MOST = 2_000


@dataclass(frozen=True)
class Used:
    product: Row
    organisations: int


@anyone
def index(request: HttpRequest) -> HttpResponse:
    query = text_param(request, "q")
    sort = "name" if request.GET.get("sort") == "name" else "use"
    register = registers.registers().filter(path=PRODUCTS).first()
    found: list[Used] = []
    if register is not None:
        counts = links.counts_by_value("product-use", "product")
        page = records.record_page(register, register.head.size, limit=_MOST)
        shown = rows(catalogue.current_standard("product"), [(register, one) for one in page.rows if _matches(one, query)])
        found = [Used(row, counts.get(row.record.key, 0)) for row in shown]
    if sort == "name":
        found.sort(key=lambda one: one.product.title.casefold())
    else:
        found.sort(key=lambda one: (-one.organisations, one.product.title.casefold()))
    return render(request, "reading/products.html", {"query": query, "sort": sort, "products": found})


@anyone
def product(request: HttpRequest, segment: str) -> HttpResponse:
    key = decode_segment(segment)
    register = registers.register(PRODUCTS)
    record = records.record(register, key, register.head.size)
    standard = catalogue.current_standard("product")
    uses = links.records_with("product-use", "product", key)
    uses.sort(key=lambda pair: pair[0].organisation.name)
    context = {
        "product": rows(standard, [(register, record)])[0],
        "standard": standard,
        "uses": rows(catalogue.current_standard("product-use"), uses) if uses else [],
    }
    return render(request, "reading/product.html", context)


def _matches(record: records.Record, query: str) -> bool:
    text = " ".join(str(value) for value in record.item.values()).casefold()
    return all(word in text for word in query.casefold().split())
