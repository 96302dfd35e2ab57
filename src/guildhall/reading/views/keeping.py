"""Which councils keep a list to a standard and which do not: on a map and as a table."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from guildhall.reading.councils import maps
from guildhall.reading.councils.atlas import Place, atlas
from guildhall.reading.councils.keeping import Row, keeping_rows
from guildhall.registers.queries import registers


def page(request: HttpRequest, name: str) -> HttpResponse:
    row = registers.standard(name)
    known, today = atlas(), timezone.localdate().isoformat()
    rows = keeping_rows(name, known, today)
    shown = chosen(request, rows)
    of = {str(one["council"]): str(one["kept"]) for one in rows}
    there = {str(one["council"]) for one in shown}

    def category(place: Place) -> str:
        return of.get(place.slug, maps.NOTHING)

    categories = maps.keeping()
    places = [place for place in known.current(today) if place.slug in there]
    context = {
        "row": row,
        "rows": shown,
        "kept": kept(request),
        "counts": Counter(of.values()),
        "titles": {one.name: one.title for one in categories},
        "map": maps.council_map(places, known, today, categories, category),
    }
    return render(request, "reading/standard_councils.html", context)


def kept(request: HttpRequest) -> str:
    """What `kept` asks for: own, copy or nothing; empty for all."""
    asked = request.GET.get("kept", "")
    return asked if asked in {maps.OWN, maps.COPY, maps.NOTHING} else ""


def chosen(request: HttpRequest, rows: list[Row]) -> list[Row]:
    asked = kept(request)
    return [one for one in rows if not asked or one["kept"] == asked]
