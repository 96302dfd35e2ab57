"""The addresses of pages, made in one place so that they agree with what is signed and linked."""

from __future__ import annotations

from urllib.parse import quote

from guildhall.log.segments import encode_segment
from guildhall.registers.models import Organisation

# The standards whose records have a page of their own, in the words of the people who look for them.
_PRODUCT_LIST = "hall/product"


def organisation(row: Organisation) -> str:
    return f"/councils/{row.slug}" if row.is_council else f"/organisations/{row.slug}"


def register(path: str) -> str:
    return f"/registers/{path}/"


def record(path: str, key: str) -> str:
    """A product leads to who uses it; any other record to its own page."""
    if path == _PRODUCT_LIST:
        return product(key)
    return f"/registers/{path}/records/{_segment(key)}"


def own_record(path: str, key: str) -> str:
    """The page of the record itself, also for products."""
    return f"/registers/{path}/records/{_segment(key)}"


def entry(path: str, number: int) -> str:
    return f"/registers/{path}/entries/{number}"


def standard(name: str) -> str:
    return f"/standards/{name}"


def product(key: str) -> str:
    return f"/products/{_segment(key)}"


def _segment(key: str) -> str:
    return quote(encode_segment(key), safe="~")
