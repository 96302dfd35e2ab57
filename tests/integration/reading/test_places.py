"""Records on a map: of a list, of all lists to a standard, of shapes, and of what has no place."""

from __future__ import annotations

import pytest
from django.test import Client

from guildhall.publishing.registers import add_organisation, add_standard
from guildhall.reading.views.places import AT_ONCE, middle

from .halls import odd_list, open_list, put
from .places import country

pytestmark = pytest.mark.usefixtures("hall")

SITE = {
    "name": "site",
    "title": "Site",
    "description": "Places.",
    "version": "1",
    "primaryKey": "site",
    "fields": [
        {"name": "site", "title": "Site", "type": "string"},
        {"name": "latitude", "title": "Latitude", "type": "number"},
        {"name": "longitude", "title": "Longitude", "type": "number"},
        {"name": "end-date", "title": "Ended", "type": "date"},
    ],
}


@pytest.fixture
def reader() -> Client:
    return Client(headers={"accept": "text/html"})


def sites(slug: str = "hackney", count: int = 3) -> None:
    add_organisation({"organisation": slug, "name": slug.title(), "kind": "council"})
    add_standard(SITE)
    rows = [
        {"site": f"S{number:04}", "latitude": "51.5", "longitude": f"-0.{number % 9 + 1}"} for number in range(count)
    ]
    rows += [
        {"site": "T-ended", "latitude": "53.5", "longitude": "-1.5", "end-date": "2020-01-01"},
        {"site": "U-abroad", "latitude": "10", "longitude": "10"},
        {"site": "V-nowhere"},
    ]
    put(open_list(slug, "site"), rows)


def test_list_is_drawn_with_a_link_for_each_record_and_the_same_as_a_table(reader: Client) -> None:
    sites()
    text = reader.get("/registers/hackney/site/map").content.decode()
    assert text.count('href="/registers/hackney/site/records/S0000"') == 2
    assert text.count('href="/registers/hackney/site/records/U-abroad"') == 1
    assert "4 records of those below have a place in the United Kingdom" in text
    assert "Ended" in text
    assert "/registers/hackney/site/map" in reader.get("/registers/hackney/site/").content.decode()


def test_long_list_is_drawn_page_by_page(reader: Client) -> None:
    sites(count=AT_ONCE + 5)
    text = reader.get("/registers/hackney/site/map").content.decode()
    assert f"?after=S{AT_ONCE - 1:04}" in text
    text = reader.get(f"/registers/hackney/site/map?after=S{AT_ONCE - 1:04}").content.decode()
    assert "S0504" in text
    assert "There is nothing to draw" in reader.get("/registers/hackney/site/map?after=z").content.decode()


def test_all_lists_to_a_standard_are_drawn_together(reader: Client) -> None:
    country()
    text = reader.get("/standards/local-authority/map").content.decode()
    assert "Isle of Anglesey Council" in text
    assert "6 records of those below have a place" in text
    assert reader.get("/standards/local-authority/map?after=nonsense").status_code == 200


def test_list_without_places_says_so(reader: Client) -> None:
    register = odd_list()
    response = reader.get(f"/registers/{register.path}/map")
    assert response.status_code == 404
    assert "have no place" in response.content.decode()
    assert "/map" not in reader.get(f"/registers/{register.path}/").content.decode()


@pytest.mark.parametrize(
    ("geometry", "point"),
    [
        ({"type": "Point", "coordinates": [-1.0, 51.0]}, (51.0, -1.0)),
        ({"type": "LineString", "coordinates": [[0.0, 50.0], [2.0, 52.0]]}, (51.0, 1.0)),
        ({"type": "Polygon", "coordinates": [[[0.0, 50.0], [2.0, 50.0], [2.0, 52.0], [0.0, 52.0]]]}, (51.0, 1.0)),
        ({"type": "MultiPolygon", "coordinates": [[[[0.0, 50.0], [2.0, 52.0]]], [[[9.0, 9.0]]]]}, (51.0, 1.0)),
        ({"type": "Point", "coordinates": []}, None),
        ({"type": "Point", "coordinates": ["a", "b"]}, None),
        ({"type": "Polygon", "coordinates": [[]]}, None),
        ({"type": "GeometryCollection"}, None),
        (None, None),
    ],
)
def test_middle_of_a_shape_is_that_of_its_corners(
    geometry: dict[str, object] | None, point: tuple[float, float] | None
) -> None:
    assert middle(geometry) == point
