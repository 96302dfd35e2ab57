"""Which councils keep a list to a standard and which do not: on a map and as a table."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from guildhall.kit.exceptions import BadRequestError
from guildhall.reading.councils import maps
from guildhall.reading.councils.atlas import Place, atlas
from guildhall.reading.councils.keeping import Row, keeping_rows
from guildhall.reading.params import text_param
from guildhall.registers.queries import registers
from guildhall.search.analysis import fold


def page(request: HttpRequest, name: str) -> HttpResponse:
    row = registers.standard(name)
    known, today = atlas(), timezone.localdate().isoformat()
    rows = keeping_rows(name, known, today)
    shown, region = chosen(request, rows), text_param(request, "region")
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
        "region": region,
        "regions": [("", _("All")), *((name, name) for name in sorted({str(one["region"]) for one in rows} - {""}))],
        "counts": Counter(of[str(one["council"])] for one in rows if _is_in(one, region)),
        "titles": {one.name: one.title for one in categories},
        "map": maps.council_map(places, known, today, categories, category, is_close=bool(region)),
    }
    return render(request, "reading/standard_councils.html", context)


def kept(request: HttpRequest) -> str:
    """What `kept` asks for: own, copy or nothing; empty for all. Raises BadRequestError."""
    asked, known = text_param(request, "kept"), (maps.OWN, maps.COPY, maps.NOTHING)
    if asked and asked not in known:
        raise BadRequestError(
            _("Lists are not told apart by “%(kept)s”.") % {"kept": asked[:60]},
            _("There are: %(names)s.") % {"names": ", ".join(known)},
        )
    return asked


def chosen(request: HttpRequest, rows: list[Row]) -> list[Row]:
    """Those that are asked for by `kept` and `region`. Raises BadRequestError."""
    asked, region = kept(request), text_param(request, "region")
    return [one for one in rows if (not asked or one["kept"] == asked) and _is_in(one, region)]


def _is_in(row: Row, region: str) -> bool:
    return not region or fold(str(row["region"])) == fold(region)
