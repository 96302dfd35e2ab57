"""The latest changes for programs: publications, the newest first; and a week's lists, the unusual first."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase

from guildhall.kit.access import anyone
from guildhall.kit.answers import csv_answer, json_answer, link_header, revalidated, same_address
from guildhall.kit.negotiate import CSV, HTML, JSON, Format, offers
from guildhall.log.leaf import format_time
from guildhall.reading import addresses
from guildhall.reading.data import etags
from guildhall.reading.params import number_param
from guildhall.reading.views import changes as pages
from guildhall.registers.models import Publication
from guildhall.registers.queries import registers
from guildhall.registers.queries.changes import WeekOfList

PAGE_SIZE, MOST_AT_ONCE = 100, 1_000
_TAKES = ("limit", "before")
COLUMNS = (
    "position",
    "published",
    "organisation",
    "organisation-name",
    "list",
    "title",
    "standard",
    "kept-by",
    "added",
    "changed",
    "from",
    "to",
    "reason",
)
WEEK_COLUMNS = (
    "list",
    "title",
    "organisation",
    "organisation-name",
    "standard",
    "kept-by",
    "published",
    "added",
    "changed",
    "records",
    "days-changed-in-year-before",
    "is-new",
    "from",
    "to",
    "reason",
)


@anyone
@offers(JSON, CSV, HTML, takes=_TAKES)
def of_hall(request: HttpRequest, chosen: Format) -> HttpResponseBase:
    return _answer(request, chosen, pages.of_hall())


@anyone
@offers(JSON, CSV, HTML, takes=_TAKES)
def of_organisation(request: HttpRequest, chosen: Format, slug: str) -> HttpResponseBase:
    """Councils have addresses of their own: either leads to the right one."""
    whose = pages.of_organisation(registers.organisation(slug))
    if not request.path.startswith(whose.address):
        suffix = "" if chosen is HTML else f".{chosen.name}"
        query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
        return HttpResponseRedirect(f"{whose.address}{suffix}{query}")
    return _answer(request, chosen, whose)


@anyone
@offers(JSON, CSV, HTML, takes=_TAKES)
def of_standard(request: HttpRequest, chosen: Format, name: str) -> HttpResponseBase:
    return _answer(request, chosen, pages.of_standard(registers.standard(name)))


@anyone
@offers(JSON, CSV, HTML, takes=("ending", "skip"))
def week(request: HttpRequest, chosen: Format) -> HttpResponseBase:
    """The lists that changed in a week, the unusual first; those that began in it come last."""
    if chosen is HTML:
        return pages.week(request)

    def make() -> HttpResponseBase:
        found = pages.week_of(request)
        rows = [_week_row(one) for one in found.lists]
        if chosen is CSV:
            return csv_answer(WEEK_COLUMNS, (_cells(row, WEEK_COLUMNS) for row in rows))
        return json_answer({"first": found.first.isoformat(), "last": found.last.isoformat(), "results": rows})

    return revalidated(request, etags.of_hall(request, chosen, pages.today()), make)


def _answer(request: HttpRequest, chosen: Format, whose: pages.Whose) -> HttpResponseBase:
    if chosen is HTML:
        return pages.page(request, whose)

    def make() -> HttpResponseBase:
        usual = MOST_AT_ONCE if chosen is CSV else PAGE_SIZE
        limit = number_param(request, "limit", default=usual, least=1, most=MOST_AT_ONCE)
        found = pages.found(request, whose, limit=limit)
        rows = [_row(one) for one in found.rows]
        following = None
        if found.before is not None:
            following = same_address(request, before=found.before, limit=limit)
        if chosen is CSV:
            answer = csv_answer(COLUMNS, (_cells(row, COLUMNS) for row in rows))
        else:
            answer = json_answer({"results": rows, "next": following})
        if following:
            answer.headers["Link"] = link_header([(following, "next")])
        return answer

    return revalidated(request, etags.of_hall(request, chosen, whose.title), make)


def _row(one: Publication) -> dict[str, object]:
    register = one.register
    old, new = one.first_entry - 1, one.last_entry
    return {
        "position": one.position,
        "published": format_time(one.time),
        "organisation": register.organisation.slug,
        "organisation-name": register.organisation.name,
        "list": register.path,
        "title": register.title,
        "standard": register.standard_name,
        "kept-by": register.keeper.slug,
        "added": one.added,
        "changed": one.changed,
        "from": old,
        "to": new,
        "reason": one.reason,
        "links": {"compare": f"{addresses.register(register.path)}compare?from={old}&to={new}"},
    }


def _week_row(one: WeekOfList) -> dict[str, object]:
    register = one.register
    compare = f"{addresses.register(register.path)}compare"
    return {
        "list": register.path,
        "title": register.title,
        "organisation": register.organisation.slug,
        "organisation-name": register.organisation.name,
        "standard": register.standard_name,
        "kept-by": register.keeper.slug,
        "published": format_time(one.time),
        "added": one.added,
        "changed": one.changed,
        "records": register.head.records,
        "days-changed-in-year-before": one.days_before,
        "is-new": "yes" if one.is_new else "no",
        "from": one.old,
        "to": one.new,
        "reason": one.reason,
        "links": {
            "compare": f"{compare}?from={one.old}&to={one.new}",
            "csv": f"{compare}.csv?from={one.old}&to={one.new}",
        },
    }


def _cells(row: dict[str, object], columns: Sequence[str]) -> list[object]:
    return [row[name] for name in columns]
