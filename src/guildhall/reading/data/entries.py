"""Changes and the values that came with them, as GOV.UK Registers gave them: entries and blobs."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from guildhall.kit.access import anyone
from guildhall.kit.answers import csv_answer, json_answer, link_header, revalidated, same_address
from guildhall.kit.negotiate import CSV, HTML, JSON, Format, offers
from guildhall.log.leaf import from_multihash
from guildhall.reading.data import etags, tables
from guildhall.reading.params import number_param
from guildhall.reading.views import lists, records
from guildhall.registers.errors import UnknownEntryError
from guildhall.registers.queries import records as queries
from guildhall.registers.queries import registers
from guildhall.registers.queries.records import Change

PAGE_SIZE, MOST_AT_ONCE = 100, 5_000
_TAKES = ("start", "limit")
COLUMNS = ("entry-number", "entry-timestamp", "key", "blob-hash")
# The largest number that a database takes.
_LARGEST = 2**63 - 1


@anyone
@offers(JSON, CSV, HTML, takes=_TAKES)
def entries(request: HttpRequest, chosen: Format, organisation: str, name: str) -> HttpResponseBase:
    """A run of changes, oldest first, from `start`."""
    if chosen is HTML:
        return lists.entries(request, organisation, name)
    found = registers.register(f"{organisation}/{name}")

    def make() -> HttpResponseBase:
        start, limit = _run(request)
        end = min(found.head.size, start + limit - 1)
        answer = entries_answer(chosen, queries.stream_entries(found, end, start=start))
        return _linked(request, answer, start, limit, found.head.size)

    return revalidated(request, etags.of_register(found, request, chosen), make)


@anyone
@offers(JSON, CSV, HTML)
def entry(request: HttpRequest, chosen: Format, organisation: str, name: str, number: int) -> HttpResponseBase:
    if chosen is HTML:
        return records.entry(request, organisation, name, number)
    found = registers.register(f"{organisation}/{name}")

    def make() -> HttpResponseBase:
        change = queries.entry(found, number, found.head.size)
        return json_answer(as_entry(change)) if chosen is JSON else entries_answer(chosen, [change])

    return revalidated(request, etags.of_register(found, request, chosen), make)


@anyone
@offers(JSON, CSV, takes=_TAKES)
def blobs(request: HttpRequest, chosen: Format, organisation: str, name: str) -> HttpResponseBase:
    """Values in the order in which they were published. Salted hashes make each change's values a blob of its own."""
    found = registers.register(f"{organisation}/{name}")

    def make() -> HttpResponseBase:
        start, limit = _run(request)
        end = min(found.head.size, start + limit - 1)
        shown = queries.stream_entries(found, end, start=start)
        answer = tables.many(chosen, found, ((one.hash, one.item) for one in shown))
        return _linked(request, answer, start, limit, found.head.size)

    return revalidated(request, etags.of_register(found, request, chosen), make)


@anyone
@offers(JSON, CSV)
def blob(request: HttpRequest, chosen: Format, organisation: str, name: str, digest: str) -> HttpResponseBase:
    found = registers.register(f"{organisation}/{name}")

    def make() -> HttpResponseBase:
        try:
            wanted = from_multihash(digest)
        except ValueError:
            raise UnknownEntryError(
                _("There are no values with the hash %(hash)s in %(list)s.") % {"hash": digest, "list": found.path},
                _("A hash is written 1220 and 64 hexadecimal digits in lower case."),
            ) from None
        change = queries.entry_by_hash(found, wanted, found.head.size)
        return tables.one(chosen, found, change.hash, change.item)

    return revalidated(request, etags.of_register(found, request, chosen), make)


def entries_answer(chosen: Format, changes: Iterable[Change]) -> HttpResponseBase:
    if chosen is JSON:
        return json_answer([as_entry(one) for one in changes])
    return csv_answer(COLUMNS, ((one.number, one.timestamp, one.key, one.hash) for one in changes))


def as_entry(change: Change) -> dict[str, object]:
    return {
        "entry-number": change.number,
        "entry-timestamp": change.timestamp,
        "key": change.key,
        "blob-hash": change.hash,
    }


def _run(request: HttpRequest) -> tuple[int, int]:
    """`start` and `limit`. To start beyond the last change gives none: so one asks whether there are new ones."""
    start = number_param(request, "start", default=1, least=1, most=_LARGEST - MOST_AT_ONCE)
    return start, number_param(request, "limit", default=PAGE_SIZE, least=1, most=MOST_AT_ONCE)


def _linked(request: HttpRequest, response: HttpResponseBase, start: int, limit: int, size: int) -> HttpResponseBase:
    links = []
    if start + limit <= size:
        links.append((same_address(request, start=start + limit, limit=limit), "next"))
    if start > 1:
        links.append((same_address(request, start=max(1, start - limit), limit=limit), "previous"))
    if links:
        response.headers["Link"] = link_header(links)
    return response
