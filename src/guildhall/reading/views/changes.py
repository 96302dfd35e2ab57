"""The latest changes: of the hall, an organisation, a data standard; and what was unusual in a week."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from guildhall.kit.exceptions import BadRequestError
from guildhall.kit.words import date_words, local_day
from guildhall.reading import addresses
from guildhall.reading.params import date_param, number_param
from guildhall.registers.models import Organisation, Publication, Standard
from guildhall.registers.queries import changes, registers, time
from guildhall.registers.queries.changes import Scope, WeekOfList

PAGE = 50
# A week's lists are told in pages of so many.
WEEK_PAGE = 50
_LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Whose:
    """Whose changes a page tells: `url` is the page of the organisation or standard, empty for the hall.

    `feed` tells them to feed readers; it lacks the suffix of its format.
    """

    scope: Scope
    title: str
    url: str
    address: str
    feed: str


def of_hall() -> Whose:
    return Whose(Scope(), "", "", "/changes", "/feed")


def of_organisation(organisation: Organisation) -> Whose:
    url = addresses.organisation(organisation)
    return Whose(Scope(organisation=organisation), organisation.name, url, f"{url}/changes", f"{url}/feed")


def of_standard(standard: Standard) -> Whose:
    url = addresses.standard(standard.name)
    return Whose(Scope(standard_name=standard.name), standard.title, url, f"{url}/changes", f"{url}/records/feed")


def found(request: HttpRequest, whose: Whose, *, limit: int) -> changes.Publications:
    """The publications that are asked for, before the position `before`."""
    before = number_param(request, "before", default=0, least=0, most=_LARGEST)
    return changes.latest(whose.scope, limit=limit, before=before or None)


@dataclass(frozen=True)
class Day:
    day: datetime.date
    publications: list[Publication]


def page(request: HttpRequest, whose: Whose) -> HttpResponse:
    """Publications by day, the newest first."""
    shown = found(request, whose, limit=PAGE)
    days = [Day(day, list(rows)) for day, rows in groupby(shown.rows, key=lambda one: local_day(one.time))]
    context = {
        "whose": whose,
        "days": days,
        "before": shown.before,
        "is_first_page": not request.GET.get("before"),
    }
    return render(request, "reading/changes.html", context)


# ---- a week


@dataclass(frozen=True)
class Line:
    """One line of a week: one list, or, where several began to one standard, all of them together."""

    lists: list[WeekOfList]
    standard: str

    @property
    def first(self) -> WeekOfList:
        return self.lists[0]

    @property
    def unofficial(self) -> int:
        """How many of them are not kept by the organisation that they are about."""
        return sum(one.register.is_unofficial_copy for one in self.lists)


@dataclass(frozen=True)
class Week:
    """Seven days up to and with `last`; `lines` the unusual first."""

    first: datetime.date
    last: datetime.date
    lists: list[WeekOfList]

    @property
    def changed(self) -> list[WeekOfList]:
        return [one for one in self.lists if not one.is_new]

    def begun(self, titles: dict[str, str]) -> list[Line]:
        """The lists that began, together by their standard."""
        new = sorted((one for one in self.lists if one.is_new), key=lambda one: one.register.standard_name)
        groups = groupby(new, key=lambda one: one.register.standard_name)
        return [Line(list(lists), titles.get(name, name)) for name, lists in groups]


def today() -> str:
    """YYYY-MM-DD: what a week is depends on it."""
    return timezone.localdate().isoformat()


def week_of(request: HttpRequest, *, today: datetime.date | None = None) -> Week:
    """The week that ends on the day `ending`, or today. Raises BadRequestError."""
    today = today or timezone.localdate()
    last = date_param(request, "ending") or today
    if last > today:
        raise BadRequestError(
            _("%(day)s is still to come.") % {"day": date_words(last)}, _("Give today or an earlier day as ending.")
        )
    first = last - datetime.timedelta(days=changes.DAYS_A_WEEK - 1)
    start = time.after_day(first - datetime.timedelta(days=1))
    return Week(first, last, changes.week(start, time.after_day(last)))


def week(request: HttpRequest, *, today: datetime.date | None = None) -> HttpResponse:
    shown = week_of(request, today=today)
    skip = number_param(request, "skip", default=0, least=0, most=changes.MOST_LISTS)
    titles = {row.name: row.title for row in registers.standards()}
    changed = shown.changed
    context = {
        "week": shown,
        "titles": titles,
        "rows": changed[skip : skip + WEEK_PAGE],
        "total": len(changed),
        "begun": shown.begun(titles) if skip + WEEK_PAGE >= len(changed) else [],
        "skip": skip,
        "next": skip + WEEK_PAGE if skip + WEEK_PAGE < len(changed) else None,
        "earlier": shown.first - datetime.timedelta(days=1),
        "later": shown.last + datetime.timedelta(days=changes.DAYS_A_WEEK)
        if shown.last + datetime.timedelta(days=changes.DAYS_A_WEEK) <= (today or timezone.localdate())
        else None,
    }
    return render(request, "reading/week.html", context)
