"""Every format of a list, read back by a program that is not ours."""

from __future__ import annotations

import datetime
import io
import json
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from django.test import Client

from guildhall.publishing.registers import add_organisation, add_standard
from guildhall.registers.exports import files, xlsx
from guildhall.registers.models import Entry, Register

from .halls import ODD_KEYS, Row, odd_list, open_list, put, small_hall

pytestmark = pytest.mark.usefixtures("hall")

SITES = {
    "name": "site",
    "title": "Site",
    "description": "Places of all kinds.",
    "version": "1",
    "primaryKey": "site",
    "fields": [
        {"name": "site", "title": "Site", "type": "string", "description": "Its number."},
        {"name": "size", "title": "Size", "type": "number"},
        {"name": "homes", "title": "Homes", "type": "integer"},
        {"name": "seen", "title": "Seen", "type": "date"},
        {"name": "built", "title": "Built", "type": "date", "format": "%d/%m/%Y"},
        {"name": "told", "title": "Told", "type": "datetime"},
        {"name": "open", "title": "Open", "type": "boolean"},
        {"name": "uses", "title": "Uses", "type": "list", "delimiter": ";"},
        {"name": "GeoX", "title": "Longitude", "type": "number"},
        {"name": "GeoY", "title": "Latitude", "type": "number"},
    ],
}
FULL: Row = {
    "site": "007",
    "size": "1.5",
    "homes": "12",
    "seen": "2024-02-29",
    "built": "31/12/1999",
    "told": "2024-02-29T12:30:00+01:00",
    "open": "true",
    "uses": ["shop", 'home "new"'],
    "GeoX": "-0.063",
    "GeoY": "51.55",
}
OLD: Row = {
    "site": "008",
    "size": "-3",
    "homes": "9007199254740993",
    "seen": "1066-10-14",
    "GeoX": "447560",
    "GeoY": "130729",
}


def sites() -> Register:
    add_organisation({"organisation": "hackney", "name": "London Borough of Hackney", "kind": "council"})
    add_standard(SITES)
    register = open_list("hackney", "site")
    put(register, [FULL, OLD, {"site": "=1+1"}])
    return Register.objects.get(path=register.path)


def fetched(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200, response.content
    return b"".join(response)


def test_workbook_has_typed_cells_a_header_that_stays_and_sheets_about_itself(client: Client) -> None:
    sites()
    book = openpyxl.load_workbook(io.BytesIO(fetched(client, "/registers/hackney/site/list.xlsx")))
    assert book.sheetnames == ["Records", "About", "Columns"]
    header, full, old, formula = book["Records"].iter_rows(values_only=True)
    assert header == ("site", "size", "homes", "seen", "built", "told", "open", "uses", "GeoX", "GeoY")
    day = datetime.datetime(1999, 12, 31)  # noqa: DTZ001 - a workbook knows no zones
    told = datetime.datetime(2024, 2, 29, 11, 30)  # noqa: DTZ001
    assert full[:3] == ("007", 1.5, 12)
    assert full[4:8] == (day, told, True, 'shop;home "new"')
    assert old[:4] == ("008", -3, "9007199254740993", "1066-10-14")
    cell = book["Records"].cell(4, 1)
    assert (formula[0], cell.data_type) == ("=1+1", "s")
    assert book["Records"].freeze_panes == "B2"
    about = dict(book["About"].iter_rows(values_only=True))
    assert about["source-date"] == "2025-06"
    assert about["checkpoint"].startswith("hall.example/registers/hackney/site\n3\n")
    assert dict(book["Columns"].iter_rows(values_only=True))["site"] == "Site. Its number."


NASTY = [
    *("=1+1", "+44 20", "-1", "@SUM(A1)", "{=1}", "\t=1", "＝1+1", "#REF!", "'quoted", "007"),  # noqa: RUF001
    *('=HYPERLINK("https://example.org","x")', "https://example.org/", "mailto:a@example.org", "internal:A1"),
]


def test_workbook_takes_no_text_for_a_formula_or_a_link(client: Client) -> None:
    register = sites()
    rows: list[Row] = [{"site": f"n{number:02}", "uses": [text]} for number, text in enumerate(NASTY)]
    put(register, rows)
    body = fetched(client, "/registers/hackney/site/list.xlsx?site__contains=n&_columns=uses")
    sheet = openpyxl.load_workbook(io.BytesIO(body))["Records"]
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == [text.strip() for text in NASTY]
    assert {cell.data_type for cell in cells} == {"s"}
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        written = b"".join(parts.read(name) for name in parts.namelist() if "worksheets" in name)
    assert b"<f>" not in written
    assert b"hyperlink" not in written


def test_workbook_goes_on_where_a_sheet_is_full_and_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "SHEET_ROWS", 3)
    sites()
    book = openpyxl.load_workbook(io.BytesIO(fetched(client, "/registers/hackney/site/list.xlsx")))
    assert book.sheetnames == ["Records", "Records 2", "About", "Columns"]
    shown = [[row[0] for row in book[name].iter_rows(values_only=True)] for name in book.sheetnames[:2]]
    assert shown == [["site", "007", "008"], ["site", "=1+1"]]
    about = dict(book["About"].iter_rows(values_only=True))
    assert about["records"] == "3"
    assert about["sheets"] == "A sheet was not long enough: the records go on, on 2 sheets."


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("x" * 40_000, "x" * 32_767),
        # A tree is two of the units in which Excel counts.
        ("x" * 20_000 + "🌳" * 10_000, "x" * 20_000 + "🌳" * 6_383),
    ],
)
def test_workbook_says_which_values_are_longer_than_a_cell(client: Client, text: str, kept: str) -> None:
    put(sites(), [{"site": "long", "uses": [text]}])
    book = openpyxl.load_workbook(io.BytesIO(fetched(client, "/registers/hackney/site/list.xlsx?site=long")))
    assert book["Records"].cell(2, 8).value == kept
    about = dict(book["About"].iter_rows(values_only=True))
    assert about["cut"] == "1 value is longer than the 32,767 characters of a cell and ends there. CSV has it whole."


def test_workbook_of_the_same_list_is_the_same_bytes(client: Client) -> None:
    sites()

    first = fetched(client, "/registers/hackney/site/list.xlsx")
    files.clear()
    assert fetched(client, "/registers/hackney/site/list.xlsx") == first


def test_parquet_has_the_types_of_the_standard_and_keys_as_texts(client: Client) -> None:
    sites()
    body = fetched(client, "/registers/hackney/site/list.parquet")
    table = pl.read_parquet(io.BytesIO(body))
    assert table.schema == {
        "site": pl.String(),
        "size": pl.Float64(),
        "homes": pl.Int64(),
        "seen": pl.Date(),
        "built": pl.Date(),
        "told": pl.Datetime("ms", "UTC"),
        "open": pl.Boolean(),
        "uses": pl.List(pl.String),
        "GeoX": pl.Float64(),
        "GeoY": pl.Float64(),
    }
    full = table.row(0, named=True)
    assert (full["site"], full["seen"], full["built"]) == (
        "007",
        datetime.date(2024, 2, 29),
        datetime.date(1999, 12, 31),
    )
    assert full["told"] == datetime.datetime(2024, 2, 29, 11, 30, tzinfo=datetime.UTC)
    assert table["homes"].to_list() == [12, 9007199254740993, None]
    assert pl.read_parquet_metadata(io.BytesIO(body))["source-date"] == "2025-06"


def test_sqlite_file_has_a_table_with_a_key_and_says_what_it_is(client: Client, tmp_path: Path) -> None:
    sites()
    path = tmp_path / "site.sqlite"
    path.write_bytes(fetched(client, "/registers/hackney/site/list.sqlite"))
    database = sqlite3.connect(path)
    try:
        row = database.execute("SELECT * FROM site WHERE site = '007'").fetchone()
        columns = {name: (kind, key) for _, name, kind, _, _, key in database.execute("PRAGMA table_info(site)")}
        about = dict(database.execute("SELECT name, value FROM about_file"))
    finally:
        database.close()
    uses = '["shop","home \\"new\\""]'
    assert row == ("007", 1.5, 12, "2024-02-29", "1999-12-31", "2024-02-29T11:30:00Z", 1, uses, -0.063, 51.55)
    assert columns["site"] == ("TEXT", 1)
    assert columns["homes"] == ("INTEGER", 0)
    assert about["kept-by"] == "London Borough of Hackney"


def test_sqlite_file_tells_by_title_what_its_records_name(client: Client, tmp_path: Path) -> None:
    small_hall()
    put(Register.objects.get(path="isle-of-anglesey/product-use"), [{"product-use": "new", "product": "nobody-knows"}])
    path = tmp_path / "uses.sqlite"
    for address in ("/standards/product-use/records", "/registers/isle-of-anglesey/product-use/list"):
        path.write_bytes(fetched(client, f"{address}.sqlite"))
        with closing(sqlite3.connect(path)) as database:
            keys = [row[2:5] for row in database.execute('PRAGMA foreign_key_list("product-use")')]
            assert ("product", "product", "product") in keys
            titles = dict(database.execute("SELECT * FROM product"))
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert (titles["planx"], titles["nobody-knows"]) == ("PlanX", None)
    asked = [sys.executable, "-m", "datasette", str(path), "--get", "/uses/product-use.json?_labels=on&_shape=array"]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=True)
    assert {"value": "planx", "label": "PlanX"} in [row["product"] for row in json.loads(done.stdout)]


def test_geojson_has_a_point_where_there_are_degrees(client: Client) -> None:
    sites()
    told = json.loads(fetched(client, "/registers/hackney/site/list.geojson"))
    assert told["type"] == "FeatureCollection"
    first, second, third = told["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [-0.063, 51.55]}
    assert (first["id"], first["properties"]["uses"]) == ("007", FULL["uses"])
    # Eastings and northings are no degrees.
    assert second["geometry"] is third["geometry"] is None


def test_geojson_of_what_has_no_place_is_refused_with_what_there_is(client: Client) -> None:
    odd_list()
    response = client.get("/registers/hackney/odd/list.geojson")
    assert (response.status_code, response.json()["title"]) == (406, "No such format")


def test_ndjson_has_one_record_a_line(client: Client) -> None:
    odd_list()
    lines = fetched(client, "/registers/hackney/odd/list.ndjson").decode().splitlines()
    shown = [json.loads(line) for line in lines]
    assert [row["odd"] for row in shown] == sorted([*ODD_KEYS, "full"])
    assert shown == json.loads(fetched(client, "/registers/hackney/odd/list.json"))


@pytest.mark.parametrize("suffix", ["xlsx", "parquet", "sqlite", "ndjson", "csv", "json"])
def test_empty_list_can_be_had_in_every_format(client: Client, suffix: str) -> None:
    fetched(client, f"/registers/hall/hold/list.{suffix}")


def test_all_lists_to_a_standard_say_the_same_in_every_format(client: Client, tmp_path: Path) -> None:
    small_hall()
    base = "/standards/product-use/records"
    wanted = [
        ("hackney/product-use", "old"),
        ("hackney/product-use", "planning"),
        ("isle-of-anglesey/product-use", "planning"),
    ]
    table = pl.read_parquet(io.BytesIO(fetched(client, f"{base}.parquet")))
    assert table.select("register", "key").rows() == wanted
    assert table["product-use.source-date"].dtype == pl.String
    book = openpyxl.load_workbook(io.BytesIO(fetched(client, f"{base}.xlsx")), read_only=True)
    rows = list(book["Records"].iter_rows(values_only=True, min_row=2))
    book.close()
    assert [(row[5], row[6]) for row in rows] == wanted
    lines = fetched(client, f"{base}.ndjson").decode().splitlines()
    assert [(row["register"], row["key"]) for row in map(json.loads, lines)] == wanted
    path = tmp_path / "all.sqlite"
    path.write_bytes(fetched(client, f"{base}.sqlite"))
    database = sqlite3.connect(path)
    try:
        assert database.execute('SELECT register, "key" FROM "product-use"').fetchall() == wanted
    finally:
        database.close()


def test_tampered_values_are_left_out_of_every_format(client: Client) -> None:

    register = sites()
    Entry.objects.filter(register=register, key="008").update(item=b"no JSON")
    table = pl.read_parquet(io.BytesIO(fetched(client, "/registers/hackney/site/list.parquet")))
    assert table["site"].to_list() == ["007", None, "=1+1"]
    assert b"007" in fetched(client, "/registers/hackney/site/list.csv")
