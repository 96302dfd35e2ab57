"""The first page: tasks, and what changed last."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guildhall.kit.access import anyone
from guildhall.reading import addresses
from guildhall.registers.models import Publication
from guildhall.registers.queries import registers

_GROUPS = 6
# Enough to see past one night's load of a standard for every council.
_LOOK_BACK = 500


@dataclass(frozen=True)
class News:
    """Publications to one standard on one day, told as one piece of news."""

    title: str
    url: str
    day: str  # YYYY-MM-DD
    lists: int
    added: int
    changed: int


@anyone
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "reading/home.html", {"news": latest_news(), "totals": registers.totals()})


def latest_news() -> list[News]:
    publications = registers.latest_publications(limit=_LOOK_BACK)
    titles = {row.name: row.title for row in registers.standards()}
    groups = [
        list(group) for _, group in groupby(publications, key=lambda one: (one.register.standard_name, _day(one)))
    ]
    return [_news(group, titles) for group in groups[:_GROUPS]]


def _news(group: list[Publication], titles: dict[str, str]) -> News:
    register = group[0].register
    lists = len({one.register_id for one in group})
    is_one = lists == 1
    return News(
        title=register.title if is_one else titles.get(register.standard_name, register.standard_name),
        url=addresses.register(register.path) if is_one else addresses.standard(register.standard_name),
        day=_day(group[0]),
        lists=lists,
        added=sum(one.added for one in group),
        changed=sum(one.changed for one in group),
    )


def _day(publication: Publication) -> str:
    return datetime.datetime.fromtimestamp(publication.time, tz=datetime.UTC).date().isoformat()
