"""Whole lists and all lists to one standard, as files."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Iterator

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.utils import timezone
from django.utils.http import http_date

from guildhall.registers.exports import frames
from guildhall.registers.models import Organisation, Register

from .halls import ODD_KEYS, ODD_ROWS, Row, odd_list, put, small_hall

pytestmark = pytest.mark.usefixtures("hall")

LEADING = "organisation,organisation-name,gss-code,organisation-type,region,register,key,kept-by,source-date"


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert isinstance(response, StreamingHttpResponse)
    assert response.status_code == 200
    return b"".join(response).decode()


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_list_as_csv_has_the_fields_of_its_standard_with_the_key_first(client: Client) -> None:
    register = odd_list()
    text = read(client, f"/registers/{register.path}/list.csv")
    assert text.startswith("odd,title,parts,council,page,story,count,seen,year,region,end-date\r\n")
    shown = rows_of(text)
    assert [row["odd"] for row in shown] == sorted([*ODD_KEYS, "full"])
    full = next(row for row in shown if row["odd"] == "full")
    assert full["parts"] == "one;two, three;four"
    assert full["story"] == ODD_ROWS[-1]["story"]
    assert full["title"] == ODD_ROWS[-1]["title"]


def test_list_as_json_has_the_values_and_no_more(client: Client) -> None:
    register = odd_list()
    shown = json.loads(read(client, f"/registers/{register.path}/list.json"))
    assert len(shown) == len(ODD_ROWS)
    assert next(row for row in shown if row["odd"] == "full") == ODD_ROWS[-1]


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_list_is_saved_under_its_own_name(client: Client, suffix: str) -> None:
    register = odd_list()
    response = client.get(f"/registers/{register.path}/list.{suffix}")
    day = timezone.localdate(datetime.datetime.fromtimestamp(register.head.time, tz=datetime.UTC))
    assert response.headers["Content-Disposition"] == f'attachment; filename="hackney-odd-{day}.{suffix}"'
    assert response.headers["Last-Modified"] == http_date(register.head.time)
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_empty_list_is_a_file_too(client: Client, suffix: str) -> None:
    text = read(client, f"/registers/hall/hold/list.{suffix}")
    assert text == ("[]\n" if suffix == "json" else "hold,register,entries,key,start-date,end-date\r\n")


def test_list_shows_one_state_while_others_publish(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "ROWS", 3)
    register = odd_list()
    before = read(client, f"/registers/{register.path}/list.csv")
    response = client.get(f"/registers/{register.path}/list.csv")
    assert isinstance(response, StreamingHttpResponse)
    pieces: Iterator[bytes] = iter(response)
    put(Register.objects.get(path=register.path), [{"odd": "~~last", "title": "New"}, {"odd": "full", "title": "New"}])
    assert b"".join(pieces).decode() == before
    assert read(client, f"/registers/{register.path}/list.csv?total-entries=18") == before
    assert "~~last" in read(client, f"/registers/{register.path}/list.csv")


def test_changes_are_a_file_with_the_values_of_each(client: Client) -> None:
    register = odd_list()
    base = f"/registers/{register.path}/"
    text = read(client, f"{base}changes.csv")
    assert text.startswith("entry-number,entry-timestamp,key,blob-hash,odd,title,parts,")
    table = rows_of(text)
    assert [row["entry-number"] for row in table] == [str(number) for number in range(1, 19)]
    assert [row["title"] for row in table if row["key"] == "a/b"] == ["Odd 1", "Changed"]
    shown = json.loads(read(client, f"{base}changes.json"))
    assert shown[16]["values"] == ODD_ROWS[-1]
    assert shown[16]["key"] == "full"
    assert rows_of(read(client, f"{base}records/a~1b/changes.csv")) == [row for row in table if row["key"] == "a/b"]
    assert json.loads(read(client, f"{base}records/a~1b/changes.json")) == [one for one in shown if one["key"] == "a/b"]
    assert client.get(f"{base}records/none/changes.csv").status_code == 404


def test_joined_view_leads_with_whose_each_record_is(client: Client) -> None:
    small_hall()
    text = read(client, "/standards/product-use/records.csv")
    assert text.startswith(f"{LEADING},product-use,product,supplier,what-for,")
    shown = rows_of(text)
    assert [(row["register"], row["key"], row["kept-by"]) for row in shown] == [
        ("hackney/product-use", "old", "hall"),
        ("hackney/product-use", "planning", "hall"),
        ("isle-of-anglesey/product-use", "planning", "isle-of-anglesey"),
    ]
    first = shown[0]
    assert (first["organisation"], first["organisation-name"]) == ("hackney", "London Borough of Hackney")
    assert (first["gss-code"], first["organisation-type"], first["region"]) == ("E09000012", "London borough", "London")
    assert (first["source-date"], first["product-use.source-date"]) == ("2018", "2026")


def test_joined_view_as_json_says_the_same(client: Client) -> None:
    small_hall()
    shown = json.loads(read(client, "/standards/product-use/records.json"))
    table = rows_of(read(client, "/standards/product-use/records.csv"))
    for one, row in zip(shown, table, strict=True):
        assert {name: value for name, value in row.items() if value} == {n: v for n, v in one.items() if v}
        assert set(LEADING.split(",")) <= set(one)


def test_joined_view_names_a_field_that_is_called_as_a_leading_column(client: Client) -> None:
    odd_list()
    assert ",odd.region," in read(client, "/standards/odd/records.csv").partition("\r\n")[0]
    full = next(one for one in json.loads(read(client, "/standards/odd/records.json")) if one["key"] == "full")
    assert (full["region"], full["odd.region"]) == ("", "Nowhere")


def test_joined_view_is_asked_for_again_by_position(client: Client) -> None:
    small_hall()
    address = "/standards/product-use/records.csv"
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304
    use: Row = {"product-use": "new", "product": "planx", "what-for": "More"}
    put(Register.objects.get(path="isle-of-anglesey/product-use"), [use])
    assert client.get(address, headers={"if-none-match": tag}).status_code == 200


def test_joined_view_of_an_unknown_standard_is_not_there(client: Client) -> None:
    for suffix in ("csv", "json"):
        response = client.get(f"/standards/none/records.{suffix}")
        assert (response.status_code, response.json()["title"]) == (404, "No such data standard")


def test_joined_view_of_a_standard_without_lists_is_empty(client: Client) -> None:
    small_hall()
    Register.objects.filter(standard_name="product").update(standard_name="elsewhere")
    assert json.loads(read(client, "/standards/product/records.json")) == []
    assert Organisation.objects.filter(slug="hall").exists()


def test_browser_that_asks_for_a_lists_changes_comes_to_their_page(client: Client) -> None:
    small_hall()
    answer = client.get("/registers/hackney/product-use/changes", headers={"accept": "text/html"})
    assert (answer.status_code, answer["Location"]) == (302, "/registers/hackney/product-use/entries")
