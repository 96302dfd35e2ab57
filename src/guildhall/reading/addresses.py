"""The addresses of pages, made in one place so that they agree with what is signed and linked."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from guildhall.log.segments import encode_segment
from guildhall.registers.models import Organisation


def organisation(row: Organisation) -> str:
    return f"/councils/{row.slug}" if row.is_council else f"/organisations/{row.slug}"


def register(path: str) -> str:
    return f"/registers/{path}/"


def record(path: str, key: str) -> str:
    """Where a link to a record leads: councils, organisations and products have pages of their own."""
    page = _PAGES.get(path)
    return page(key) if page else own_record(path, key)


def has_other_pages(path: str) -> bool:
    """Whether what a list's records are about has pages of its own, which are to be found before theirs."""
    return path in _PAGES


def own_record(path: str, key: str) -> str:
    """The page of the record itself, with its history."""
    return f"/registers/{path}/records/{_segment(key)}"


def entry(path: str, number: int) -> str:
    return f"/registers/{path}/entries/{number}"


def standard(name: str) -> str:
    return f"/standards/{name}"


def compare(slugs: Sequence[str]) -> str:
    """Where councils are put side by side."""
    return f"/councils/compare?{urlencode([('with', slug) for slug in slugs])}" if slugs else "/councils/compare"


def product(key: str) -> str:
    return f"/products/{_segment(key)}"


def _organisation(slug: str) -> str:
    return f"/organisations/{_segment(slug)}"


def _council_by_code(code: str) -> str:
    """Redirects to the council's page: its code is known here, its slug is not."""
    return f"/councils/{_segment(code)}"


def _segment(key: str) -> str:
    return quote(encode_segment(key), safe="~")


_PAGES = {"hall/product": product, "hall/organisation": _organisation, "hall/local-authority": _council_by_code}
