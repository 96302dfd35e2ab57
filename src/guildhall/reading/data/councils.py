"""Councils for programs: all of them or those asked for, one, its pages for services, some side by side."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from guildhall.kit.access import anyone
from guildhall.kit.answers import csv_answer, json_answer, revalidated
from guildhall.kit.negotiate import CSV, HTML, JSON, Format, offers
from guildhall.reading import finding
from guildhall.reading.councils import comparison
from guildhall.reading.councils.atlas import Atlas, atlas
from guildhall.reading.councils.facts import facts_of, lists_of, rows_of
from guildhall.reading.councils.keeping import KEEPING, keeping_rows
from guildhall.reading.councils.rows import COUNCIL, council_row
from guildhall.reading.councils.services import services_of
from guildhall.reading.data import etags
from guildhall.reading.data.small_tables import Row, as_cells, table_answer
from guildhall.reading.params import text_param
from guildhall.reading.postcodes.lookup import loaded_file
from guildhall.reading.views import councils as pages
from guildhall.reading.views import keeping as keeping_pages
from guildhall.registers.errors import UnknownOrganisationError
from guildhall.registers.models import Organisation
from guildhall.registers.queries import registers

_SERVICE = ("subject", "service", "interaction", "title", "address")


@anyone
@offers(JSON, CSV, HTML, takes=("q", "postcode", "region", "type", "near", "former"))
def councils(request: HttpRequest, chosen: Format) -> HttpResponseBase:
    """Those that are asked for; what is asked for is the same as on the page."""
    if chosen is HTML:
        return pages.index(request)

    def make() -> HttpResponseBase:
        known, today = atlas(), timezone.localdate().isoformat()
        found = finding.find(finding.asked(request, known), known, today)
        rows = [council_row(place, known, found.kilometres.get(place.slug)) for place in found.places]
        return table_answer(chosen, COUNCIL, rows)

    return revalidated(request, etags.of_hall(request, chosen, timezone.localdate(), loaded_file()), make)


@anyone
def on_map(request: HttpRequest) -> HttpResponseBase:
    return pages.on_map(request)


@anyone
@offers(JSON, CSV, HTML, takes=())
def council(request: HttpRequest, chosen: Format, slug: str) -> HttpResponseBase:
    """All that its page tells; as CSV its row in the table of councils."""
    if chosen is HTML:
        return pages.council(request, slug)
    one = pages.council_called(slug)

    def make() -> HttpResponseBase:
        known = atlas()
        row = council_row(known.by_slug[one.slug], known)
        return csv_answer(COUNCIL, [as_cells(row, COUNCIL)]) if chosen is CSV else json_answer(_told(one, row, known))

    return revalidated(request, etags.of_hall(request, chosen, timezone.localdate(), slug), make)


@anyone
@offers(JSON, CSV, HTML, takes=("q",))
def services(request: HttpRequest, chosen: Format, slug: str) -> HttpResponseBase:
    if chosen is HTML:
        return pages.services(request, slug)
    one = pages.council_called(slug)

    def make() -> HttpResponseBase:
        query, today = text_param(request, "q"), timezone.localdate().isoformat()
        found = services_of(lists_of(one), query, today)
        rows = [
            dict(zip(_SERVICE, (subject, link.service, link.interaction, link.title, link.address), strict=True))
            for subject, links in found.groups
            for link in links
        ]
        return table_answer(chosen, _SERVICE, rows)

    return revalidated(request, etags.of_hall(request, chosen, timezone.localdate(), slug), make)


@anyone
@offers(JSON, CSV, HTML, takes=("with",))
def compare(request: HttpRequest, chosen: Format) -> HttpResponseBase:
    """All that are named, more than a page shows. A name that no council has is an error: none is left out unseen."""
    if chosen is HTML:
        return pages.compare(request)

    def make() -> HttpResponseBase:
        known = atlas()
        places, unknown = pages.compared(request, known)
        if unknown:
            raise UnknownOrganisationError(
                _("No council is called “%(name)s”.") % {"name": unknown[0]},
                _("Give short names or codes, as /councils.csv has them, with commas between."),
            )
        made = comparison.compare(places, known, timezone.localdate().isoformat())
        return table_answer(chosen, made.columns, made.rows)

    return revalidated(request, etags.of_hall(request, chosen, timezone.localdate()), make)


def _told(one: Organisation, row: Row, known: Atlas) -> Row:
    today = timezone.localdate().isoformat()
    place = known.by_slug[one.slug]
    facts = facts_of(place, known, today)
    lists = lists_of(one)
    return row | {
        "replaced": [other.slug for other in facts.replaced],
        "replaced-by": [other.slug for other in facts.replaced_by],
        "districts": [other.slug for other in facts.districts],
        "neighbours": [
            {"council": near.place.slug, "name": near.place.name, "kilometres": round(near.kilometres, 1)}
            for near in facts.neighbours
        ],
        "lists": [
            {
                "path": register.path,
                "title": register.title,
                "standard": register.standard_name,
                "keeper": register.keeper.slug,
                "unofficial-copy": register.is_unofficial_copy,
                "records": register.head.records,
                "source-date": register.source_date,
            }
            for register in lists.all
        ],
        "products": [use.record.item for use in rows_of(lists, "product-use", today)],
    }


@anyone
@offers(JSON, CSV, HTML, takes=("kept", "region"))
def keeping(request: HttpRequest, chosen: Format, name: str) -> HttpResponseBase:
    """Which councils keep a list to a standard."""
    if chosen is HTML:
        return keeping_pages.page(request, name)
    registers.standard(name)

    def make() -> HttpResponseBase:
        rows = keeping_rows(name, atlas(), timezone.localdate().isoformat())
        return table_answer(chosen, KEEPING, keeping_pages.chosen(request, rows))

    return revalidated(request, etags.of_hall(request, chosen, timezone.localdate(), name), make)
