"""The map of the United Kingdom: where points stand, whose the land is, what is drawn."""

from __future__ import annotations

import pytest

from guildhall.kit.coast import BAND, HEIGHT, SHETLAND, WIDTH, bands, coast, kilometres, spot
from guildhall.kit.maps import Category, Mark, make_map

LONDON, EDINBURGH, CARDIFF, LERWICK, SCILLY = (
    (51.5, -0.12),
    (55.95, -3.19),
    (51.48, -3.18),
    (60.15, -1.15),
    (49.92, -6.3),
)
PLACES = (("england", LONDON), ("scotland", EDINBURGH), ("wales", CARDIFF))
CATEGORIES = (Category("yes", "Keeps it"), Category("no", "Does not"))


def test_distance_is_that_of_a_great_circle() -> None:
    assert kilometres(LONDON, EDINBURGH) == pytest.approx(534, abs=3)
    assert kilometres(LONDON, LONDON) == 0


@pytest.mark.parametrize("point", [LONDON, EDINBURGH, CARDIFF, LERWICK, SCILLY, (54.44, -8.17), (52.48, 1.76)])
def test_every_place_in_the_country_stands_on_the_map(point: tuple[float, float]) -> None:
    x, y = spot(point)
    assert 0 < x < WIDTH
    assert 0 < y < HEIGHT


def test_shetland_stands_in_its_box() -> None:
    left, top, width, height = SHETLAND
    for point in (LERWICK, (60.85, -0.9), (59.86, -1.28), (60.31, -1.68)):
        x, y = spot(point)
        assert left < x < left + width
        assert top < y < top + height


def test_north_is_up_and_east_is_right() -> None:
    assert spot(EDINBURGH)[1] < spot(LONDON)[1]
    assert spot(CARDIFF)[0] < spot(LONDON)[0]


def test_coast_has_every_land_and_each_is_a_shape() -> None:
    assert len(coast()) == 18
    assert all(len(land) >= 4 for land in coast())


def test_bands_give_each_part_of_the_land_to_the_nearest_place() -> None:
    found = bands(PLACES)
    assert {band.group for band in found} == {"england", "scotland", "wales"}
    assert all(band.start < band.end for band in found)
    x, y = spot((57.4, -4.2))
    (inverness,) = [band for band in found if abs(band.y - y) <= 3.5 and band.start <= x <= band.end][:1]
    assert inverness.group == "scotland"


def test_bands_without_places_are_land_of_nobody() -> None:
    assert {band.group for band in bands(())} == {""}


def test_map_counts_marks_and_leaves_out_unknown_categories() -> None:
    marks = [
        Mark(EDINBURGH, "Edinburgh", "yes", "/councils/edinburgh"),
        Mark(CARDIFF, "Cardiff", "no"),
        Mark(CARDIFF, "Nothing", "never heard of"),
    ]
    drawn = make_map(marks, CATEGORIES, places=PLACES)
    assert [(category.name, count) for category, count in drawn.counts] == [("yes", 1), ("no", 1)]
    assert [(dot.title, dot.look, dot.url) for dot in drawn.dots] == [
        ("Cardiff", 1, ""),
        ("Edinburgh", 0, "/councils/edinburgh"),
    ]
    assert drawn.inset == ()


def test_map_draws_london_in_its_own_box() -> None:
    drawn = make_map([Mark(LONDON, "Westminster", "yes")], CATEGORIES, places=PLACES)
    assert drawn.dots == ()
    (dot,) = drawn.inset
    left, top, width, height = drawn.london
    assert left < dot.x < left + width
    assert top < dot.y < top + height


def test_groups_that_meet_are_shaded_differently() -> None:
    drawn = make_map([], CATEGORIES, places=PLACES)
    tints = {shade.group: shade.tint for shade in drawn.shades}
    assert len({tints["england"], tints["scotland"]}) == 2
    assert len({tints["england"], tints["wales"]}) == 2


def test_close_map_shows_where_its_marks_are_and_no_box() -> None:
    drawn = make_map(
        [Mark(LONDON, "Westminster", "yes"), Mark((51.6, 0.1), "Redbridge", "no")], CATEGORIES, is_close=True
    )
    left, top, width, height = drawn.view
    assert (len(drawn.dots), drawn.inset) == (2, ())
    assert all(left < dot.x < left + width and top < dot.y < top + height for dot in drawn.dots)
    assert width < 40
    assert make_map([], CATEGORIES, is_close=True).view == (0, 0, WIDTH, HEIGHT)


def test_land_that_is_drawn_large_has_no_stripes() -> None:
    mark = Mark(LONDON, "London", "yes")
    assert make_map([mark], CATEGORIES, places=PLACES).thickness < BAND
    assert make_map([mark], CATEGORIES, places=PLACES, is_close=True).thickness == BAND
