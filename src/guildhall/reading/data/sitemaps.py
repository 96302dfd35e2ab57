"""Sitemaps for search engines: of pages, of organisations, of lists, and of the records in each list.

Records of unofficial copies are left out: whoever looks for a council's facts is to find the council's own pages first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape

from django.db.models import F
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from guildhall.kit.access import anyone
from guildhall.kit.negotiate import Format
from guildhall.log.leaf import format_time
from guildhall.reading import addresses
from guildhall.reading.data.streams import streamed
from guildhall.reading.products import PRODUCTS
from guildhall.registers.models import Organisation, Register
from guildhall.registers.queries import records, registers

XML = Format("xml", "application/xml", "application/xml; charset=utf-8")
# A sitemap may have 50,000 addresses, and so may the index of sitemaps.
MOST_ADDRESSES = 40_000
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PAGES = (
    "/",
    "/councils",
    "/councils/map",
    "/organisations",
    "/products",
    "/suppliers",
    "/registers/",
    "/standards",
    "/changes",
    "/changes/week",
    "/help",
    "/api/docs",
    "/accessibility",
    "/privacy",
)

# An address and when what it shows was published, in seconds since 1970; 0 where that is not known.
type Place = tuple[str, int]


@anyone
def index(request: HttpRequest) -> HttpResponseBase:
    """The sitemaps that there are."""

    def lines() -> Iterator[str]:
        yield _DECLARATION
        yield f'<sitemapindex xmlns="{_SITEMAP}">\n'
        for place in ("/sitemap-pages.xml", "/sitemap-organisations.xml", *_of_lists(), *_of_records()):
            yield f"<sitemap><loc>{escape(request.build_absolute_uri(place))}</loc></sitemap>\n"
        yield "</sitemapindex>\n"

    return streamed(request, XML, lines)


@anyone
def part(request: HttpRequest, part: str) -> HttpResponseBase:
    """`pages`, `organisations`, or `lists-1` and so on."""
    places: dict[str, Callable[[], Iterator[Place]]] = {"pages": _pages, "organisations": _organisations}
    places |= {f"lists-{number + 1}": _lists(number) for number in range(_list_parts())}
    if part not in places:
        raise Http404
    return _sitemap(request, places[part])


@anyone
def of_list(request: HttpRequest, organisation: str, name: str, part: int) -> HttpResponseBase:
    """Records of one list: part 1 has those last changed by the first 40,000 changes, part 2 by the next, and so on."""
    found = registers.register(f"{organisation}/{name}")
    first = (part - 1) * MOST_ADDRESSES + 1
    if not 0 < first <= found.head.size or found.is_unofficial_copy or addresses.has_other_pages(found.path):
        raise Http404

    def places() -> Iterator[Place]:
        last = min(first + MOST_ADDRESSES - 1, found.head.size)
        for key, time in records.latest_changed(found, found.head.size, first, last):
            yield addresses.own_record(found.path, key), time

    return _sitemap(request, places)


def _sitemap(request: HttpRequest, places: Callable[[], Iterator[Place]]) -> HttpResponseBase:
    def lines() -> Iterator[str]:
        yield _DECLARATION
        yield f'<urlset xmlns="{_SITEMAP}">\n'
        for place, time in places():
            changed = f"<lastmod>{format_time(time)}</lastmod>" if time else ""
            yield f"<url><loc>{escape(request.build_absolute_uri(place))}</loc>{changed}</url>\n"
        yield "</urlset>\n"

    return streamed(request, XML, lines)


def _pages() -> Iterator[Place]:
    for place in _PAGES:
        yield place, 0
    kept = registers.lists_by_standard()
    for row in registers.standards():
        yield addresses.standard(row.name), 0
        if kept.get(row.name):
            yield f"{addresses.standard(row.name)}/records", 0
    found = registers.registers().filter(path=PRODUCTS).first()
    if found:
        for key, time in records.latest_changed(found, found.head.size, 1, MOST_ADDRESSES):
            yield addresses.product(key), time


def _organisations() -> Iterator[Place]:
    for one in Organisation.objects.order_by("slug").iterator():
        yield addresses.organisation(one), 0


def _lists(number: int) -> Callable[[], Iterator[Place]]:
    def told() -> Iterator[Place]:
        first = number * MOST_ADDRESSES
        rows = Register.objects.order_by("path").values_list("path", "head__time")
        for path, time in rows[first : first + MOST_ADDRESSES].iterator():
            yield addresses.register(path), time

    return told


def _list_parts() -> int:
    return -(-Register.objects.count() // MOST_ADDRESSES)


def _of_lists() -> Iterator[str]:
    return (f"/sitemap-lists-{number + 1}.xml" for number in range(_list_parts()))


def _of_records() -> Iterator[str]:
    kept = Register.objects.filter(keeper=F("organisation"), head__size__gt=0).order_by("path")
    for path, size in kept.values_list("path", "head__size")[:MOST_ADDRESSES].iterator():
        if not addresses.has_other_pages(path):
            for number in range(-(-size // MOST_ADDRESSES)):
                yield f"{addresses.register(path)}sitemap-{number + 1}.xml"
