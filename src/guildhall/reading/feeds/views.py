"""The addresses of feeds: beside every list, organisation, standard and joined view, and of the whole hall."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from guildhall.kit.access import anyone
from guildhall.kit.answers import revalidated
from guildhall.kit.negotiate import Format, offers
from guildhall.reading import addresses
from guildhall.reading.data import etags
from guildhall.reading.feeds import news
from guildhall.reading.feeds.model import Feed
from guildhall.reading.feeds.written import ATOM, JSON_FEED, write
from guildhall.reading.params import number_param
from guildhall.registers.queries import changes, registers
from guildhall.registers.queries.changes import Scope
from guildhall.registers.queries.versions import versions

PAGE = 50
WEEKS = 4
_LARGEST = 2**63 - 1


@anyone
@offers(ATOM, JSON_FEED)
def of_hall(request: HttpRequest, chosen: Format) -> HttpResponseBase:
    return _publications(request, chosen, Scope(), "/changes", settings.GUILDHALL_TITLE)


@anyone
@offers(ATOM, JSON_FEED)
def of_list(request: HttpRequest, chosen: Format, organisation: str, name: str) -> HttpResponseBase:
    found = registers.register(f"{organisation}/{name}")
    return _publications(request, chosen, Scope(register=found), addresses.register(found.path), found.title)


@anyone
@offers(ATOM, JSON_FEED)
def of_organisation(request: HttpRequest, chosen: Format, slug: str) -> HttpResponseBase:
    """Councils have addresses of their own: either leads to the right one."""
    found = registers.organisation(slug)
    own = addresses.organisation(found)
    if not request.path.startswith(f"{own}/"):
        return HttpResponseRedirect(f"{own}/feed.{chosen.name}")
    return _publications(request, chosen, Scope(organisation=found), own, found.name)


@anyone
@offers(ATOM, JSON_FEED)
def of_joined_view(request: HttpRequest, chosen: Format, name: str) -> HttpResponseBase:
    """Whatever is published in any list to a standard."""
    found = registers.standard(name)
    path = f"{addresses.standard(name)}/records"
    return _publications(
        request, chosen, Scope(standard_name=name), path, _("All lists: %(title)s") % {"title": found.title}
    )


@anyone
@offers(ATOM, JSON_FEED)
def of_standard(request: HttpRequest, chosen: Format, name: str) -> HttpResponseBase:
    """The versions of a standard."""
    found = registers.standard(name)

    def make() -> Feed:
        title = _("Data standard: %(title)s") % {"title": found.title}
        return Feed(addresses.standard(name), title, found.description, news.of_versions(found, versions(name)))

    return _answer(request, chosen, make)


@anyone
@offers(ATOM, JSON_FEED)
def of_weeks(request: HttpRequest, chosen: Format) -> HttpResponseBase:
    """What was unusual in each of the last weeks."""
    today = timezone.localdate()  # on it depends which weeks have ended

    def make() -> Feed:
        title = _("What changed nationally: %(title)s") % {"title": settings.GUILDHALL_TITLE}
        return Feed(
            "/changes/week",
            title,
            _("The lists that changed in each week, the unusual first."),
            news.of_weeks(WEEKS, today),
        )

    return _answer(request, chosen, make, today.isoformat())


def _publications(request: HttpRequest, chosen: Format, scope: Scope, path: str, title: str) -> HttpResponseBase:
    """The newest 50, and where to ask for those before them."""

    def make() -> Feed:
        before = number_param(request, "before", default=0, least=0, most=_LARGEST)
        found = changes.latest(scope, limit=PAGE, before=before or None)
        following = f"{request.path}?{urlencode({'before': found.before})}" if found.before else ""
        text = _("What was published, the newest first.")
        return Feed(path, title, text, news.of_publications(found.rows), following)

    return _answer(request, chosen, make, title)


def _answer(request: HttpRequest, chosen: Format, make: Callable[[], Feed], *more: object) -> HttpResponseBase:
    tag = etags.of_hall(request, chosen, "feed", request.path, request.get_host(), *more)
    return revalidated(request, tag, lambda: write(request, chosen, make()))
