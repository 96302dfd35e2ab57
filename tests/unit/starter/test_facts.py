"""The starter's facts agree with themselves: dates, links, short names, sources."""

from __future__ import annotations

import datetime
from collections import Counter
from importlib import resources

import pytest

from guildhall.starter import data
from guildhall.starter.data import Row, rows, sources

COUNCILS = rows("local-authority")
BY_CODE = {row["local-authority"]: row for row in COUNCILS}
JOINT = {"COMB", "SRA"}


def councils(*, former: bool) -> list[Row]:
    return [row for row in COUNCILS if ("end-date" in row) == former and row["local-authority-type"] not in JOINT]


def split(row: Row, field: str) -> list[str]:
    return row[field].split(";") if field in row else []


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def test_every_council_of_today_is_there_once_with_its_code_and_home_page() -> None:
    today = councils(former=False)
    assert Counter(row["nation"] for row in today) == {
        "England": 317, "Scotland": 32, "Wales": 22, "Northern Ireland": 11,
    }  # fmt: skip
    assert len({row["gss-code"] for row in today}) == len(today) == 382
    assert all(row["website"].startswith("http") for row in today)
    assert Counter(row["tier"] for row in today) == {"single": 197, "lower": 164, "upper": 21}


def test_codes_and_short_names_belong_to_one_council_each() -> None:
    assert len(BY_CODE) == len(COUNCILS)
    assert len({row["organisation"] for row in COUNCILS}) == len(COUNCILS)
    given = [code for row in COUNCILS for code in (row.get("gss-code"), *split(row, "former-gss-codes")) if code]
    assert len(set(given)) == len(given)


def test_council_that_ended_was_replaced_by_councils_that_began_the_day_after() -> None:
    for row in councils(former=True):
        end = day(row["end-date"])
        assert (end.month, end.day) == (3, 31), row
        assert "website" not in row
        for code in split(row, "replaced-by"):
            assert day(BY_CODE[code]["start-date"]) == end + datetime.timedelta(days=1), row


def test_only_former_councils_were_replaced() -> None:
    assert not [row for row in COUNCILS if "replaced-by" in row and "end-date" not in row]
    unknown = [row["nation"] for row in councils(former=True) if "replaced-by" not in row]
    assert Counter(unknown) == {"Northern Ireland": 25}  # the source does not say


def test_dates_are_days_in_order() -> None:
    for row in COUNCILS:
        start, end = row.get("start-date"), row.get("end-date")
        assert start is None or day(start) >= datetime.date(1974, 4, 1), row
        assert start is None or end is None or start < end, row


def test_county_serves_districts_that_exist_as_long_as_it_does() -> None:
    for row in COUNCILS:
        assert ("county" in row) == (row.get("tier") == "lower"), row
        if "county" in row:
            county = BY_CODE[row["county"]]
            assert county["tier"] == "upper"
            assert county["region"] == row["region"], row
            assert "end-date" not in county or "end-date" in row, row


def test_types_and_regions_are_those_of_their_lists() -> None:
    types = {row["local-authority-type"] for row in rows("local-authority-type")}
    regions = {row["region"]: row["nation"] for row in rows("region")}
    for row in COUNCILS:
        assert row["local-authority-type"] in types
        assert regions.get(row.get("region", ""), row["nation"]) == row["nation"], row
    assert [row["local-authority"] for row in COUNCILS if "region" not in row] == ["GLCA"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("HCK", {"organisation": "hackney", "gss-code": "E09000012", "local-authority-type": "LBO"}),
        ("SMT", {"organisation": "somerset", "gss-code": "E06000066", "start-date": "2023-04-01"}),
        ("SOM", {"organisation": "som", "end-date": "2023-03-31", "replaced-by": "SMT", "tier": "upper"}),
        ("NYE", {"organisation": "north-yorkshire", "gss-code": "E06000065", "region": "yorkshire-and-the-humber"}),
        ("CMA", {"organisation": "cumbria", "end-date": "2023-03-31", "replaced-by": "CBD;WAF"}),
        ("CBD", {"organisation": "cumberland", "gss-code": "E06000063", "region": "north-west"}),
        ("TAU", {"end-date": "2019-03-31", "replaced-by": "SWT", "region": "south-west"}),
        ("SHE", {"organisation": "folkestone-hythe", "name": "Folkestone and Hythe"}),
        ("FIF", {"gss-code": "S12000047", "former-gss-codes": "S12000015", "start-date": "1996-04-01"}),
        ("BFS", {"organisation": "belfast", "nation": "Northern Ireland", "start-date": "2015-04-01"}),
        ("CRF", {"name-cy": "Caerdydd", "region": "wales", "start-date": "1996-04-01"}),
        ("DBY", {"region": "east-midlands"}),
        ("BMH", {"end-date": "2019-03-31", "replaced-by": "BPC"}),
    ],
)
def test_council_has_the_facts_that_are_known_of_it(code: str, expected: dict[str, str]) -> None:
    assert {name: BY_CODE[code].get(name) for name in expected} == expected


def test_domains_name_organisations_that_are_there() -> None:
    bodies = {row["government-organisation"] for row in rows("government-organisation")}
    for row in rows("government-domain"):
        name, _, key = row.get("organisation", "").partition(":")
        if name.endswith("local-authority") or name.startswith("local-authority"):
            assert key in BY_CODE, row
        elif name == "government-organisation":
            assert key in bodies, row


def test_links_and_uses_are_of_councils_of_today_alone() -> None:
    today = {row["organisation"] for row in councils(former=False)}
    assert {row["organisation"] for name in ("service-link", "product-use") for row in rows(name)} <= today


def test_files_of_many_lists_are_sorted_by_organisation() -> None:
    for name in ("service-link", "product-use"):
        slugs = [row["organisation"] for row in rows(name)]
        assert slugs == sorted(slugs)


def test_services_and_products_that_are_named_are_there() -> None:
    assert {row["service"] for row in rows("service-link")} <= {row["service"] for row in rows("service")}
    assert {row["product"] for row in rows("product-use")} == {row["product"] for row in rows("product")}


def test_council_with_the_short_name_of_a_former_one_does_not_get_its_links() -> None:
    linked = {row["organisation"] for row in rows("service-link")}
    assert not linked & {"buckinghamshire", "dorset", "north-yorkshire", "somerset"}
    assert {"folkestone-hythe", "st-helens", "hackney"} <= linked


def test_every_file_of_facts_has_a_source_with_a_licence() -> None:
    told = {file for row in rows("sources") for file in row["used-for"].split()}
    own = {"lists.csv", "sources.csv", "product.csv"}  # written for this hall
    folder = resources.files("guildhall.starter").joinpath("data")
    assert {file.name for file in folder.iterdir() if ".csv" in file.name} == told | own
    assert all(
        source.licence and source.address.startswith("https://") and source.date for source in sources().values()
    )
    assert {row["source"] for row in data.rows("product-use")} <= sources().keys()


def test_point_of_a_county_lies_among_its_districts() -> None:
    councils = {row["local-authority"]: row for row in rows("local-authority")}
    for county in (row for row in councils.values() if row.get("tier") == "upper" and "point" in row):
        latitude, longitude = (float(number) for number in county["point"].split(","))
        own = [
            row["point"].split(",")
            for row in councils.values()
            if row.get("county") == county["local-authority"] and "point" in row
        ]
        assert min(float(one[0]) for one in own) <= latitude <= max(float(one[0]) for one in own), county["name"]
        assert min(float(one[1]) for one in own) <= longitude <= max(float(one[1]) for one in own), county["name"]
