"""Who uses what: products, and the councils that use each."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from guildhall.kit.access import anyone
from guildhall.reading.cells import Row, rows
from guildhall.reading.councils import has_ended
from guildhall.reading.params import text_param
from guildhall.reading.search import fold, matches
from guildhall.registers import catalogue
from guildhall.registers.queries import links, records, registers
from guildhall.registers.queries.history import as_list

PRODUCTS = "hall/product"
# A hall's products are counted in hundreds; more are found by search.
_MOST = 2_000


@dataclass(frozen=True)
class Used:
    product: Row
    organisations: int


@anyone
def index(request: HttpRequest) -> HttpResponse:
    context = {"query": text_param(request, "q"), "sort": _sort(request), "products": found(request)}
    return render(request, "reading/products.html", context)


def found(request: HttpRequest) -> list[Used]:
    """The products that are asked for by `q`, in the order of `sort`: the most used first, or by name."""
    query = text_param(request, "q")
    register = registers.registers().filter(path=PRODUCTS).first()
    if register is None:
        return []
    end_field = catalogue.current_standard("product-use").end_field
    counts = links.organisations_by_value(
        "product-use", "product", end_field=end_field, today=timezone.localdate().isoformat()
    )
    page = records.record_page(register, register.head.size, limit=_MOST)
    chosen = [(register, one) for one in page.rows if _matches(one, query)]
    used = [Used(row, counts.get(row.record.key, 0)) for row in rows(catalogue.current_standard("product"), chosen)]
    if _sort(request) == "name":
        return sorted(used, key=lambda one: fold(one.product.title))
    return sorted(used, key=lambda one: (-one.organisations, fold(one.product.title)))


def _sort(request: HttpRequest) -> str:
    return "name" if request.GET.get("sort") == "name" else "use"


@anyone
def product(request: HttpRequest, key: str) -> HttpResponse:
    register = registers.register(PRODUCTS)
    record = records.record(register, key, register.head.size)
    standard = catalogue.current_standard("product")
    today = timezone.localdate().isoformat()
    kept_to = catalogue.current_standard("product-use")
    uses = [
        pair for pair in links.records_with("product-use", "product", key) if not has_ended(kept_to, pair[1], today)
    ]
    uses.sort(key=lambda pair: pair[0].organisation.name)
    context = {
        "product": rows(standard, [(register, record)])[0],
        "standard": standard,
        "uses": rows(kept_to, uses),
    }
    return render(request, "reading/product.html", context)


def _matches(record: records.Record, query: str) -> bool:
    return matches(query, *(value for values in record.item.values() for value in as_list(values)))
