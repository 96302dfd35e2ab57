"""Places of records as GeoJSON, from each way in which a data standard may write them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.registers.exports.geometry import Geometry, reader
from guildhall.schema.load import parse_standard

POINT = {"type": "Point", "coordinates": [-0.063, 51.55]}


def place(value: dict[str, str], *fields: dict[str, Any]) -> Geometry | None:
    standard = parse_standard({"name": "x", "primaryKey": "x", "fields": [{"name": "x", "type": "string"}, *fields]})
    read = reader(standard)
    assert read is not None
    return read(value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ({"name": "point", "type": "string"}, "51.55,-0.063"),
        ({"name": "point", "type": "string"}, "POINT(-0.063 51.55)"),
        ({"name": "p", "type": "geopoint"}, "-0.063, 51.55"),
        ({"name": "p", "type": "geopoint", "format": "array"}, "[-0.063, 51.55]"),
        ({"name": "p", "type": "geopoint", "format": "object"}, '{"lon": -0.063, "lat": 51.55}'),
        ({"name": "p", "type": "geojson"}, '{"type": "Point", "coordinates": [-0.063, 51.55]}'),
    ],
)
def test_point_is_read_from_each_form(field: dict[str, Any], value: str) -> None:
    assert place({field["name"]: value}, field) == POINT


@pytest.mark.parametrize(("east", "north"), [("GeoX", "GeoY"), ("longitude", "latitude"), ("Lng", "Lat")])
def test_point_is_read_from_two_fields(east: str, north: str) -> None:
    fields = [{"name": name, "type": "number"} for name in (east, north)]
    assert place({east: "-0.063", north: "51.55"}, *fields) == POINT
    assert place({east: "447560", north: "130729"}, *fields) is None
    assert place({east: "nan", north: "51.55"}, *fields) is None
    assert place({east: "-0.063", north: "NaN"}, *fields) is None
    assert place({east: "-0.063"}, *fields) is None


SHAPE = {"name": "shape", "type": "multipolygon"}


def test_area_is_read_from_well_known_text() -> None:
    square = "((0 51, 0 52, 1 52, 0 51))"
    ring = [[0, 51], [0, 52], [1, 52], [0, 51]]
    assert place({"shape": f"POLYGON {square}"}, SHAPE) == {"type": "Polygon", "coordinates": [ring]}
    assert place({"shape": f"MULTIPOLYGON ({square}, ((-.5 51, 0.25 52, +1 52, -.5 51)))"}, SHAPE) == {
        "type": "MultiPolygon",
        "coordinates": [[ring], [[[-0.5, 51], [0.25, 52], [1, 52], [-0.5, 51]]]],
    }


@pytest.mark.parametrize(
    "value",
    [
        "POLYGON ((0 51, 0 52, 0 51))",
        "POLYGON ((0 51, 0 52, 1 52, 1 51))",
        "POLYGON ((0 51",
        "POLYGON (())",
        "POLYGON ((a b))",
        "MULTIPOLYGON ((0 51))",
    ],
)
def test_area_that_is_not_well_formed_is_none(value: str) -> None:
    assert place({"shape": value}, SHAPE) is None


def test_area_goes_before_a_point() -> None:
    fields = ({"name": "point", "type": "string"}, SHAPE)
    found = place({"point": "51.5,-0.1", "shape": "POLYGON ((0 51, 0 52, 1 52, 0 51))"}, *fields)
    assert found is not None
    assert found["type"] == "Polygon"


@pytest.mark.parametrize("value", ["", "51.55", "north,south", "99.1,200.5", "POINT(a b)", "51.55,-0.063,1"])
def test_what_is_no_point_has_no_place(value: str) -> None:
    assert place({"point": value}, {"name": "point", "type": "string"}) is None


@pytest.mark.parametrize(
    "value", ['{"type": "Point"}', '{"type": "Point", "coordinates": "0,51"}', '{"type": "Place"}']
)
def test_what_is_no_geojson_has_no_place(value: str) -> None:
    assert place({"p": value}, {"name": "p", "type": "geojson"}) is None


def test_standard_without_a_place_has_no_reader() -> None:
    assert reader(parse_standard({"name": "x", "primaryKey": "x", "fields": [{"name": "x", "type": "string"}]})) is None


@given(st.text(max_size=60))
def test_no_text_breaks_a_map(text: str) -> None:
    for field in ({"name": "point", "type": "string"}, {"name": "p", "type": "geojson"}, SHAPE):
        found = place({str(field["name"]): text}, field)
        assert found is None or "type" in found
