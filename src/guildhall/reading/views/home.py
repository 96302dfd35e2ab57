"""The first page: tasks, and what changed last."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guildhall.kit.access import anyone
from guildhall.kit.words import local_day
from guildhall.reading import addresses
from guildhall.registers.queries import registers

_GROUPS = 6


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
    titles = {row.name: row.title for row in registers.standards()}
    return [_news(day, titles) for day in registers.busy_days(limit=_GROUPS)]


def _news(day: registers.BusyDay, titles: dict[str, str]) -> News:
    register = registers.registers().get(pk=day.register_id) if day.lists == 1 else None
    return News(
        title=register.title if register else titles.get(day.standard_name, day.standard_name),
        url=addresses.register(register.path) if register else addresses.standard(day.standard_name),
        day=local_day(day.time).isoformat(),
        lists=day.lists,
        added=day.added,
        changed=day.changed,
    )
