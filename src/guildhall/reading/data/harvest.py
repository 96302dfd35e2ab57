"""What the hall tells those who read whole sites: robots.txt for search engines, llms.txt for language models."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from guildhall.kit.access import anyone
from guildhall.kit.answers import OPEN
from guildhall.kit.negotiate import Format
from guildhall.reading import addresses
from guildhall.registers.queries import registers

TEXT = Format("txt", "text/plain", "text/plain; charset=utf-8")


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
- [Latest changes]({at("/changes.json")}): what was published, the newest first
- [API]({at("/api/docs")}): typed values with filters and sorting, described at {at("/api/openapi.json")}
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
