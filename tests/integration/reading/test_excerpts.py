"""Exactly what a page is about, in every format: its filters, order, columns, and the state that it shows."""

from __future__ import annotations

import io
import json
import re
import sqlite3
from collections.abc import Callable

import openpyxl
import polars as pl
import pytest
from django.test import Client, RequestFactory

from guildhall.reading.exports import excerpts
from guildhall.reading.state import state_of
from guildhall.registers import catalogue
from guildhall.registers.exports import files, subject
from guildhall.registers.models import Register
from guildhall.registers.queries import registers
from guildhall.registers.queries.conditions import Question
from guildhall.registers.sequencer import latest_position

from .halls import Row, odd_list, put, small_hall
from .test_formats import sites

pytestmark = pytest.mark.usefixtures("hall")

ODD = "/registers/hackney/odd/"
USES = "/standards/product-use/records"
FORMATS = ("csv", "json", "ndjson", "xlsx", "parquet", "sqlite")


def fetched(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200, response.content
    return b"".join(response)


def of_csv(body: bytes) -> list[Row]:
    return pl.read_csv(body, infer_schema=False).to_dicts()


def of_ndjson(body: bytes) -> list[Row]:
    return [json.loads(line) for line in body.splitlines()]


def of_xlsx(body: bytes) -> list[Row]:
    head, *rows = openpyxl.load_workbook(io.BytesIO(body))["Records"].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def of_sqlite(body: bytes) -> list[Row]:
    database = sqlite3.connect(":memory:")
    database.deserialize(body)
    database.row_factory = sqlite3.Row
    (name,) = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'about%'"
    ).fetchone()
    rows = [dict(row) for row in database.execute(f'SELECT * FROM "{name}"')]  # noqa: S608 - our own
    database.close()
    return rows


READERS: dict[str, Callable[[bytes], list[Row]]] = {
    "csv": of_csv,
    "json": json.loads,
    "ndjson": of_ndjson,
    "xlsx": of_xlsx,
    "parquet": lambda body: pl.read_parquet(io.BytesIO(body)).to_dicts(),
    "sqlite": of_sqlite,
}


def rows(client: Client, base: str, suffix: str, query: str) -> list[Row]:
    return READERS[suffix](fetched(client, f"{base}.{suffix}?{query}"))


@pytest.mark.parametrize("suffix", FORMATS)
def test_filters_order_and_columns_are_the_same_in_every_format(client: Client, suffix: str) -> None:
    odd_list()
    shown = rows(client, f"{ODD}list", suffix, "count__atleast=14&_sort=-count&_columns=title,odd")
    assert [list(one) for one in shown] == [["title", "odd"]] * 3
    assert [one["odd"] for one in shown] == ["+44", "with  two spaces", "a&b=c"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_earlier_state_is_the_same_in_every_format(client: Client, suffix: str) -> None:
    odd_list()
    for query in ("at=17", "total-entries=17"):
        shown = {one["odd"]: one["title"] for one in rows(client, f"{ODD}list", suffix, query)}
        assert (len(shown), shown["a/b"]) == (17, "Odd 1")
    for suffixed in ("at=0", "recorded-on=2000-01-01"):
        assert not fetched(client, f"{ODD}list.json?{suffixed}").strip(b"[]\n")
        assert fetched(client, f"{ODD}list.{suffix}?{suffixed}") is not None


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_was_in_force_on_a_day_is_the_same_in_every_format(client: Client, suffix: str) -> None:
    small_hall()
    base = "/registers/hall/local-authority/list"
    shown = rows(client, base, suffix, "in-force-on=2000-01-01")
    assert sorted(str(one["local-authority"]) for one in shown) == ["AGY", "HCK", "OLD"]
    shown = rows(client, base, suffix, "in-force-on=2020-01-01")
    assert sorted(str(one["local-authority"]) for one in shown) == ["AGY", "HCK"]


def test_file_says_once_which_words_were_looked_for() -> None:
    odd_list()
    register = registers.register("hackney/odd")
    standard = catalogue.current_standard(register.standard_name)
    state = state_of(RequestFactory().get("/"), register, standard)
    excerpt = excerpts.of_list(state, Question(words="odd", descending=True)).excerpt
    assert excerpt is not None
    assert excerpt.words() == "Has “odd”; The last first"


@pytest.mark.parametrize("suffix", FORMATS)
def test_joined_lists_are_filtered_alike_in_every_format(client: Client, suffix: str) -> None:
    small_hall()
    shown = rows(client, USES, suffix, "product=planx&_sort=-organisation&_columns=key,organisation,product")
    assert [(one["key"], one["organisation"], one["product"]) for one in shown] == [
        ("planning", "isle-of-anglesey", "planx"),
        ("planning", "hackney", "planx"),
    ]
    only = rows(client, USES, suffix, "product=planx&_columns=region")
    assert only == [{"region": "London"}] * 2


def test_geojson_of_a_part_has_its_places_though_they_have_no_column(client: Client) -> None:
    sites()
    told = json.loads(fetched(client, "/registers/hackney/site/list.geojson?site=007&_columns=size"))
    (feature,) = told["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [-0.063, 51.55]}
    assert feature["properties"] == {"size": "1.5"}
    assert told["about"]["asked"] == "Site is 007; Only these columns: size"


def facts_of_workbook(body: bytes) -> dict[str, str]:
    sheet = openpyxl.load_workbook(io.BytesIO(body))["About"]
    return {str(name): str(value) for name, value in sheet.iter_rows(values_only=True)}


def test_file_says_what_was_asked_and_where_it_is_shown_for_ever(client: Client) -> None:
    register = odd_list()
    query = "count__atleast=14&_sort=-count"
    about = facts_of_workbook(fetched(client, f"{ODD}list.xlsx?{query}"))
    assert about["asked"] == "Count is at least 14; Sorted by Count; The last first"
    assert about["records"] == "3"
    assert about["address"] == f"hall.example/registers/hackney/odd/?{query}&at=18"
    assert about["checkpoint"] == register.head.checkpoint
    assert about["source-date"] == "2025-06"
    metadata = pl.read_parquet_metadata(io.BytesIO(fetched(client, f"{ODD}list.parquet?{query}")))
    assert {name: metadata[name] for name in ("asked", "records", "address", "checkpoint")} == {
        name: about[name] for name in ("asked", "records", "address", "checkpoint")
    }
    page = client.get(about["address"].removeprefix("hall.example"), headers={"accept": "text/html"})
    assert "3 records of 17" in page.content.decode()


def test_file_of_an_earlier_state_has_its_own_date_and_checkpoint_and_no_later_facts(client: Client) -> None:
    register = odd_list()
    about = facts_of_workbook(fetched(client, f"{ODD}list.xlsx?at=17"))
    first = register.publications.order_by("number").first()
    assert first is not None
    assert about["checkpoint"] == first.checkpoint
    assert about["asked"] == "As it was after 17 changes"
    assert about["changes"] == "17"
    assert "source-date" not in about
    # Half of a publication was never signed.
    assert "checkpoint" not in facts_of_workbook(fetched(client, f"{ODD}list.xlsx?total-entries=3"))


def test_file_of_joined_lists_says_at_which_position_they_were_read(client: Client) -> None:
    small_hall()
    position = latest_position()
    put(Register.objects.get(path="isle-of-anglesey/product-use"), [{"product-use": "new", "product": "planx"}])
    about = facts_of_workbook(fetched(client, f"{USES}.xlsx?at={position}&product=planx"))
    assert about["records"] == "2"
    assert about["asked"] == f"As they were after publication {position} of this hall; Product is PlanX"
    assert about["address"] == f"hall.example/standards/product-use/records?product=planx&at={position}"


@pytest.mark.parametrize("suffix", ["xlsx", "parquet", "sqlite"])
def test_part_that_is_too_large_is_refused_with_csv_instead(
    client: Client, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    odd_list()
    monkeypatch.setattr(subject, "CELLS_ON_DEMAND", 30)
    for query in ("at=17", "count__atleast=2"):
        response = client.get(f"{ODD}list.{suffix}?{query}")
        assert response.status_code == 422
        told = response.json()
        assert told["title"] == "Too large to be made while you wait"
        assert "more than the 2 records" in told["detail"]
        assert "CSV" in told["remedy"]
    assert len(rows(client, f"{ODD}list", suffix, "count__atleast=15")) == 2
    assert list(files._root().glob(".part-*")) == []


def test_part_that_takes_too_long_to_find_is_refused_as_a_file(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    odd_list()
    monkeypatch.setattr("guildhall.registers.queries.filters.SMALL", 0)
    monkeypatch.setattr("guildhall.reading.exports.excerpts.SMALL", 0)
    monkeypatch.setattr("guildhall.registers.queries.walks.LOOK_SECONDS", 0)
    monkeypatch.setattr("guildhall.registers.queries.walks._BATCH", 2)
    monkeypatch.setattr(subject, "_SECONDS", 0.0)
    response = client.get(f"{ODD}list.xlsx?title=Odd+16")
    assert (response.status_code, response.json()["title"]) == (422, "Too large to be made while you wait")
    assert len(of_csv(fetched(client, f"{ODD}list.csv?title=Odd+16"))) == 1


def test_part_says_that_it_is_not_gone_on_with(client: Client) -> None:
    odd_list()
    for suffix in FORMATS:
        response = client.get(f"{ODD}list.{suffix}?count__atleast=14", headers={"range": "bytes=10-"})
        assert (response.status_code, response.headers["Accept-Ranges"]) == (200, "none")
        body = b"".join(response)
        if suffix in {"xlsx", "parquet", "sqlite"}:
            assert response.headers["Content-Length"] == str(len(body))
        again = client.get(f"{ODD}list.{suffix}?count__atleast=14", headers={"if-none-match": response.headers["ETag"]})
        assert again.status_code == 304
        assert re.search(r'filename="hackney-odd-part-20\d\d-\d\d-\d\d\.', response.headers["Content-Disposition"])


def page_of(client: Client, address: str) -> str:
    return client.get(address, headers={"accept": "text/html"}).content.decode().replace("&amp;", "&")


def test_page_offers_every_format_of_what_it_shows_with_its_length(client: Client) -> None:
    odd_list()
    query = "?count__atleast=14&_sort=-count"
    page = page_of(client, ODD + query)
    part = page[page.index("Exactly what this page is about") : page.index("The whole list as it is now")]
    assert "3 records" in part
    assert re.search(r"CSV, for any program</a> <span[^>]*>about \d+ bytes", part)
    links = re.findall(r'href="([^"]+)"', part)
    assert {re.sub(r"\?.*", "", link) for link in links} == {f"{ODD}list.{suffix}" for suffix in FORMATS}
    for link in links:
        fetched(client, link)


def test_page_of_joined_lists_offers_what_it_shows_and_all(client: Client) -> None:
    small_hall()
    page = page_of(client, f"{USES}?product=planx")
    part = page[page.index("Exactly what this page is about") : page.index("All lists whole, as they are now")]
    assert "2 records" in part
    links = re.findall(r'href="([^"]+)"', part)
    assert f"{USES}.xlsx?product=planx" in links
    for link in links:
        fetched(client, link)
    assert "Exactly what this page is about" not in page_of(client, USES)


def test_page_says_what_is_too_large_to_be_made(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    odd_list()
    monkeypatch.setattr(subject, "CELLS_ON_DEMAND", 30)
    page = page_of(client, f"{ODD}?count__atleast=2")
    assert f'href="{ODD}list.xlsx?' not in page
    assert "is too large to be made while you wait; take the CSV" in page
