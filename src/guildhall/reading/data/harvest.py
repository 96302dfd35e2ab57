"""What the hall tells search engines and other readers of whole sites: sitemaps, robots.txt and llms.txt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from guildhall.kit.access import anyone
from guildhall.kit.answers import OPEN
from guildhall.kit.negotiate import Format
from guildhall.log.leaf import format_time
from guildhall.reading import addresses
from guildhall.reading.data.streams import streamed
from guildhall.registers.models import Organisation, Register
from guildhall.registers.queries import records, registers

XML = Format("xml", "application/xml", "application/xml; charset=utf-8")
TEXT = Format("txt", "text/plain", "text/plain; charset=utf-8")
# A sitemap may have 50,000 addresses.
SITEMAP_ADDRESSES = 40_000
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PRODUCTS = "hall/product"
_MOST_PRODUCTS = 10_000
_PAGES = (
    "/",
    "/councils",
    "/organisations",
    "/products",
    "/registers/",
    "/standards",
    "/help",
    "/accessibility",
    "/privacy",
)


@anyone
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """The index of the sitemaps."""

    def lines() -> Iterator[str]:
        yield _DECLARATION
        yield f'<sitemapindex xmlns="{_SITEMAP}">\n'
        for part in ("pages", "organisations", *(f"lists-{number + 1}" for number in range(_lists_parts()))):
            address = request.build_absolute_uri(f"/sitemap-{part}.xml")
            yield f"<sitemap><loc>{escape(address)}</loc></sitemap>\n"
        yield "</sitemapindex>\n"

    return streamed(request, XML, lines)


@anyone
def sitemap_part(request: HttpRequest, part: str) -> HttpResponseBase:
    """One sitemap: `pages`, `organisations`, or `lists-1` and so on."""
    addresses_of: dict[str, Callable[[], Iterator[tuple[str, int]]]] = {
        "pages": _page_addresses,
        "organisations": _organisation_addresses,
    }
    addresses_of |= {f"lists-{number + 1}": _list_part(number) for number in range(_lists_parts())}
    if part not in addresses_of:
        raise Http404

    def lines() -> Iterator[str]:
        yield _DECLARATION
        yield f'<urlset xmlns="{_SITEMAP}">\n'
        for place, time in addresses_of[part]():
            changed = f"<lastmod>{format_time(time)}</lastmod>" if time else ""
            yield f"<url><loc>{escape(request.build_absolute_uri(place))}</loc>{changed}</url>\n"
        yield "</urlset>\n"

    return streamed(request, XML, lines)


@anyone
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may read the pages; a checker's files, and every state and filter of a list, only weary them."""
    lines = [
        "User-agent: *",
        "Disallow: /registers/*/tile/",
        "Disallow: /registers/*?",
        "Disallow: /standards/*?",
        f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type=TEXT.content_type)


@anyone
def llms(request: HttpRequest) -> HttpResponse:
    """What the hall is and where its data is, for programs that read in words (llmstxt.org)."""
    at = request.build_absolute_uri
    title = settings.GUILDHALL_TITLE
    standards = "\n".join(
        f"- [{row.title}]({at(addresses.standard(row.name))}): {row.description}" for row in registers.standards()
    )
    text = f"""# {title}

> Lists that councils and other public bodies keep to shared data standards, each with its whole history, its source and
> its licence. Unofficial copies are marked: they are not kept by the council that they are about.

Reading needs no account and no key. Every page is also data at the same address: ask with `Accept: application/json`
or `text/csv`, or put `.json` or `.csv` after the address.
Say where facts came from when you use them: each list names its source, its licence and its source date.

## Data

- [All lists]({at("/registers.json")}): path, title, standard, keeper, number of records
- [All councils]({at("/councils.json")}): names, codes, types, regions
- [All data standards]({at("/standards.json")})
- [Catalogue]({at("/catalogue.jsonld")}): every list with its downloads, as DCAT-AP
- One list whole: `{at("/registers/")}ORGANISATION/NAME/list.csv` (also .json, .ndjson, .xlsx, .parquet, .sqlite)
- One record: `{at("/registers/")}ORGANISATION/NAME/records/KEY.json`
- All councils' lists to a standard in one file: `{at("/standards/")}NAME/records.csv` (and the same other formats)

## Data standards

{standards}

## Optional

- [Help]({at("/help")})
- [Sitemap]({at("/sitemap.xml")})
"""
    return HttpResponse(text, content_type=TEXT.content_type, headers=OPEN)


def _page_addresses() -> Iterator[tuple[str, int]]:
    for place in _PAGES:
        yield place, 0
    kept = registers.lists_by_standard()
    for row in registers.standards():
        yield addresses.standard(row.name), 0
        if kept.get(row.name):
            yield f"{addresses.standard(row.name)}/records", 0
    found = Register.objects.select_related("head").filter(path=_PRODUCTS).first()
    for key in records.keys(found, found.head.size, limit=_MOST_PRODUCTS) if found else ():
        yield addresses.product(key), 0


def _organisation_addresses() -> Iterator[tuple[str, int]]:
    for one in Organisation.objects.order_by("slug").iterator():
        yield addresses.organisation(one), 0


def _list_part(number: int) -> Callable[[], Iterator[tuple[str, int]]]:
    def told() -> Iterator[tuple[str, int]]:
        first = number * SITEMAP_ADDRESSES
        rows = Register.objects.order_by("path").values_list("path", "head__time")
        for path, time in rows[first : first + SITEMAP_ADDRESSES].iterator():
            yield addresses.register(path), time

    return told


def _lists_parts() -> int:
    return -(-Register.objects.count() // SITEMAP_ADDRESSES)
