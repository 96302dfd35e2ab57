"""Products, who supplies them, and who is known to use them.

What nobody has published is unknown, and is never told as zero or as no. A record of `hall/product` that is marked as
`unidentified` stands for a product that a source did not name: it is no product, and is told apart from them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from guildhall.reading.councils.facts import has_ended
from guildhall.reading.sifting import matches
from guildhall.registers import catalogue
from guildhall.registers.models import Register
from guildhall.registers.queries import links, records, registers
from guildhall.registers.queries.history import as_list
from guildhall.registers.queries.records import Record
from guildhall.search.analysis import fold

PRODUCTS = "hall/product"
PRODUCT_USE = "product-use"
# A hall's products are counted in hundreds; more are found by search.
_MOST = 2_000
_MOST_ALIKE = 8


@dataclass(frozen=True)
class Product:
    """A product, and how many organisations are known to use it now (0 where they were not counted)."""

    record: Record
    organisations: int

    @property
    def key(self) -> str:
        return self.record.key

    @property
    def title(self) -> str:
        return self.text("title") or self.key

    @property
    def supplier(self) -> str:
        return self.text("supplier")

    @property
    def purpose(self) -> str:
        return self.text("kind")

    @property
    def is_unidentified(self) -> bool:
        """It stands for products that a source did not name."""
        return self.text("unidentified") == "true"

    def text(self, name: str) -> str:
        return "; ".join(as_list(self.record.item.get(name)))


@dataclass(frozen=True)
class Supplier:
    """What one supplier offers, and how many uses of it by organisations are known."""

    name: str
    products: list[Product]

    @property
    def uses(self) -> int:
        return sum(product.organisations for product in self.products)


def tells_terms(uses: Iterable[tuple[Register, Record]]) -> bool:
    """Whether any of these says when a contract ends or what the product costs."""
    return any("contract-end" in record.item or "cost-band" in record.item for _register, record in uses)


def all_products(today: str, *, counted: bool = True) -> list[Product]:
    """Every product of the hall that has not been withdrawn, by title; their users are counted, if that is wanted."""
    register = registers.registers().filter(path=PRODUCTS).first()
    if register is None:
        return []
    standard = catalogue.current_standard("product")
    counts = _counts(today) if counted else {}
    page = records.record_page(register, register.head.size, limit=_MOST)
    found = [Product(one, counts.get(one.key, 0)) for one in page.rows if not has_ended(standard, one, today)]
    return sorted(found, key=lambda one: fold(one.title))


def _counts(today: str) -> dict[str, int]:
    end_field = catalogue.current_standard(PRODUCT_USE).end_field
    return links.organisations_by_value(PRODUCT_USE, "product", end_field=end_field, today=today)


def chosen(products: Iterable[Product], *, query: str, purpose: str, supplier: str, by_use: bool) -> list[Product]:
    """Those that fit, the most used first or by title."""
    found = [
        product
        for product in products
        if matches(query, *(value for values in product.record.item.values() for value in as_list(values)))
        and (not purpose or fold(product.purpose) == fold(purpose))
        and (not supplier or fold(product.supplier) == fold(supplier))
    ]
    return sorted(found, key=lambda one: -one.organisations) if by_use else found


def like(product: Product, products: Iterable[Product]) -> list[Product]:
    """Others for the same purpose, the most used first."""
    same = [
        one
        for one in products
        if one.key != product.key and not one.is_unidentified and fold(one.purpose) == fold(product.purpose)
    ]
    return sorted(same, key=lambda one: -one.organisations)[:_MOST_ALIKE]


def suppliers(products: Iterable[Product]) -> list[Supplier]:
    """Who supplies what, by name; products whose supplier is not known are left out."""
    found: dict[str, list[Product]] = {}
    for product in products:
        if product.supplier and not product.is_unidentified:
            found.setdefault(product.supplier, []).append(product)
    return sorted((Supplier(name, offered) for name, offered in found.items()), key=lambda one: fold(one.name))


def uses_of(key: str, today: str) -> list[tuple[Register, Record]]:
    """Who uses a product now, by the organisation's name."""
    standard = catalogue.current_standard(PRODUCT_USE)
    found = [
        pair for pair in links.records_with(PRODUCT_USE, "product", key) if not has_ended(standard, pair[1], today)
    ]
    return sorted(found, key=lambda pair: (pair[0].organisation.name, pair[1].key))
