"""A test-only site: two pages that use every macro of the kit, and a page that fails."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from guildhall.kit.charts import Column, column_chart
from guildhall.kit.exceptions import BusyError, NotFoundError


@dataclass(frozen=True)
class Cell:
    text: str
    url: str = ""
    is_external: bool = False
    is_date: bool = False


@dataclass(frozen=True)
class Field:
    title: str
    was: list[Cell] = field(default_factory=list)
    now: list[Cell] = field(default_factory=list)


@dataclass(frozen=True)
class Change:
    number: int
    time: int
    is_first: bool
    reason: str
    fields: list[Field]


LONG = "https://www.amberley.gov.uk/planning/brownfield/" + "a-very-long-path-" * 8
ROWS = [
    ["BLR-001", "Old mill, Canal Street", 1204.25, "2019-04-01", Cell("Canal ward", "/registers/hall/ward/records/c")],
    ["BLR-002", "Gasworks", 0, "2020", LONG],
    [
        "BLR-003",
        "<b>Depot</b>",
        None,
        "",
        [Cell("Allen Road", "/x"), Cell("Bell Road"), Cell("2019-01-05", is_date=True)],
    ],
]
CHANGES = [
    Change(
        41,
        1_760_000_000,
        is_first=False,
        reason="Corrected after a site visit",
        fields=[
            Field("Name", [Cell("Old mil")], [Cell("Old mill")]),
            Field("Planning permission", [], [Cell("2024-02-01", is_date=True)]),
            Field("Wards", [Cell("Canal"), Cell("Station")], []),
        ],
    ),
    Change(
        7,
        1_650_000_000,
        is_first=True,
        reason="",
        fields=[
            Field("Name", [], [Cell("Old mil")]),
            Field("Page", [], [Cell(LONG, LONG, is_external=True)]),
        ],
    ),
]
FIELDS = [
    ("Reference", "BLR-001"),
    ("Page", LONG),
    ("Notes", ""),
    ("Wards", [Cell("Canal", "/x"), Cell("Station", "/y")]),
    ("Reported", Cell("2019-01-05", is_date=True)),
]
NAMES = [f"{name} District Council" for name in ("Amberley", "Ashdown", "Avonmouth", "Aldgate", "Arden", "Axminster")]


def gallery(request: HttpRequest) -> HttpResponse:
    months = [Column(f"{name} 2026", (number * 7, number % 3)) for number, name in enumerate(["Jan", "Feb", "Mar"])]
    context = {"rows": ROWS, "changes": CHANGES, "fields": FIELDS, "chart": column_chart(["Added", "Changed"], months)}
    return render(request, "harness/gallery.html", context)


def front(request: HttpRequest) -> HttpResponse:
    alphabet = [(letter, f"#{letter}" if letter not in "JQXZ" else None) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    return render(request, "harness/front.html", {"alphabet": alphabet, "names": NAMES})


def busy(request: HttpRequest) -> HttpResponse:
    raise BusyError("Someone else is publishing to amberley/project.", "Try again in a moment.", retry_after=7)


def missing(request: HttpRequest) -> HttpResponse:
    raise NotFoundError("There is no list amberley/<project>.", "Look for it among all lists.")


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret detail")


urlpatterns = [
    path("gallery", gallery),
    path("front", front),
    path("busy", busy),
    path("missing", missing),
    path("missing.json", missing),
    path("missing.csv", missing),
    path("broken", broken),
]
handler400 = "guildhall.kit.errors.bad_request"
handler403 = "guildhall.kit.errors.forbidden"
handler404 = "guildhall.kit.errors.not_found"
handler500 = "guildhall.kit.errors.server_error"
