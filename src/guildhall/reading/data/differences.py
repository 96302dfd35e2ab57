"""What differs between two states of a list, and citations, for programs; a browser gets the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from guildhall.kit.access import anyone
from guildhall.kit.answers import (
    OPEN,
    as_download,
    csv_answer,
    csv_stream,
    json_answer,
    link_header,
    revalidated,
    same_address,
)
from guildhall.kit.negotiate import CSV, HTML, JSON, Format, offers
from guildhall.log.leaf import format_time
from guildhall.reading import hiding
from guildhall.reading.cells import record_title
from guildhall.reading.data import etags, tables
from guildhall.reading.params import number_param
from guildhall.reading.time.cite import Citation
from guildhall.reading.views import time as pages
from guildhall.registers import catalogue
from guildhall.registers.models import Register
from guildhall.registers.queries import between, registers
from guildhall.registers.queries.between import Difference
from guildhall.registers.queries.history import FieldChange
from guildhall.schema.model import Standard

PAGE_SIZE, MOST_DAYS = 500, 10_000
COLUMNS = ("key", "title", "difference", "change", "published", "field", "was", "now")
BIB = Format("bib", "application/x-bibtex", "application/x-bibtex; charset=utf-8")


@anyone
@offers(JSON, CSV, HTML)
def compare(request: HttpRequest, chosen: Format, organisation: str, name: str) -> HttpResponseBase:
    """Two states of a list, by `from` and `to`: CSV whole, a line for each field; JSON in pages."""
    if chosen is HTML:
        return pages.compare(request, organisation, name)
    found = registers.register(f"{organisation}/{name}")
    standard = catalogue.current_standard(found.standard_name)
    make = _days if pages.is_by_dates(request) else _states
    # Without `to`, in force is told as of today.
    tag = etags.of_register(found, request, chosen, timezone.localdate())
    return revalidated(request, tag, lambda: make(request, chosen, found, standard))


@anyone
@offers(JSON, BIB, HTML)
def cite(request: HttpRequest, chosen: Format, organisation: str, name: str) -> HttpResponseBase:
    if chosen is HTML:
        return pages.cite(request, organisation, name)
    found, citation = pages.citation(request, organisation, name)
    return revalidated(
        request, etags.of_register(found, request, chosen, citation.accessed), lambda: _citation(chosen, citation)
    )


@anyone
@offers(JSON, BIB, HTML)
def cite_joined(request: HttpRequest, chosen: Format, name: str) -> HttpResponseBase:
    if chosen is HTML:
        return pages.cite_joined(request, name)
    citation = pages.joined_citation(request, name)
    tag = etags.of_hall(request, chosen, name, citation.accessed)
    return revalidated(request, tag, lambda: _citation(chosen, citation))


def _citation(chosen: Format, citation: Citation) -> HttpResponseBase:
    if chosen is JSON:
        return json_answer([citation.csl])
    return HttpResponse(f"{citation.bibtex}\n", content_type=chosen.content_type, headers=OPEN)


def _states(request: HttpRequest, chosen: Format, found: Register, standard: Standard) -> HttpResponseBase:
    both = pages.sides(request, found)
    old, new, end_field = both.old.size, both.new.size, standard.end_field
    if chosen is CSV:
        rows = between.stream_between(found, old, new, end_field=end_field)
        return as_download(csv_stream(COLUMNS, _lines(standard, rows)), _file(found, str(old), str(new)))
    after = number_param(request, "after", default=0, least=0, most=found.head.size)
    page = between.between(found, old, new, end_field=end_field, limit=PAGE_SIZE, after=after)
    extent = between.extent(found, old, new)
    told = {
        "from": {"changes": old, "day": both.old.day and both.old.day.isoformat()},
        "to": {"changes": new, "day": both.new.day and both.new.day.isoformat()},
        "publications": extent.publications,
        "changes": extent.entries,
        "added": extent.added,
        "results": [_object(standard, row) for row in page.rows],
    }
    following = same_address(request, **{"from": old, "to": new, "after": page.after})
    return _paged(told, None if page.after is None else following)


def _days(request: HttpRequest, chosen: Format, found: Register, standard: Standard) -> HttpResponseBase:
    asked = pages.days(request, found, standard)
    old, new = asked.old.isoformat(), asked.new.isoformat()
    limit = MOST_DAYS if chosen is CSV else PAGE_SIZE
    rows = between.days_between(found, asked.size, standard, asked.old, asked.new, limit=limit + 1, skip=asked.skip)
    if chosen is CSV:
        fields = standard.key_first
        lines = ([row.kind, row.day, *tables.cells(row.record.item, fields)] for row in rows)
        answer = csv_answer(["difference", "day", *tables.names(fields)], lines)
        return as_download(answer, _file(found, old, new))
    results = [{"difference": row.kind, "day": row.day, "values": row.record.item} for row in rows[:limit]]
    told = {"from": {"day": old}, "to": {"day": new}, "results": results}
    following = same_address(request, **{"by": "in-force", "from": old, "to": new, "skip": asked.skip + limit})
    return _paged(told, following if len(rows) > limit else None)


def _paged(told: Mapping[str, object], following: str | None) -> HttpResponseBase:
    answer = json_answer({**told, "next": following})
    if following:
        answer.headers["Link"] = link_header([(following, "next")])
    return answer


def _object(standard: Standard, row: Difference) -> dict[str, object]:
    return {
        "key": row.record.key,
        "title": record_title(standard, row.record),
        "difference": row.kind,
        "change": row.record.number,
        "published": format_time(row.record.time),
        "fields": [{"field": one.name, "was": one.was, "now": one.now} for one in row.fields],
        **hiding.marks(row.record),
    }


def _lines(standard: Standard, rows: Iterable[Difference]) -> Iterator[list[object]]:
    for row in rows:
        record = row.record
        own = [record.key, record_title(standard, record), row.kind, record.number, format_time(record.time)]
        for one in row.fields:
            yield [*own, one.name, _joined(standard, one, one.was), _joined(standard, one, one.now)]


def _joined(standard: Standard, change: FieldChange, values: list[str]) -> str:
    """A list's values as the standard divides them; a field that it has no more, by semicolons."""
    known = next((one for one in standard.fields if one.name == change.name), None)
    return (known.delimiter if known else ";").join(values)


def _file(found: Register, old: str, new: str) -> str:
    return f"{found.path.replace('/', '-')}-{old}-to-{new}.csv"
