"""What clients of GOV.UK Registers, version 2 of its read API, rely on: paths, members, data types, headers, columns.

Over a small list with every odd value; the words are those of docs/reference/api.md.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from django.http.response import HttpResponseBase
from django.test import Client

from guildhall.log.leaf import entry_leaf, from_multihash, parse_time
from guildhall.log.merkle import leaf_hash
from guildhall.log.proofs import verify_consistency, verify_inclusion
from guildhall.log.segments import encode_segment
from guildhall.registers.models import Register
from guildhall.registers.queries import registers
from integration.reading.halls import ODD_KEYS, ODD_ROWS, odd_list, put

pytestmark = pytest.mark.usefixtures("hall")

BASE = "/registers/hackney/odd/"
TIMESTAMP = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
MULTIHASH = re.compile(r"1220[0-9a-f]{64}")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9][A-Za-z0-9_/-]*")
DATATYPES = {"curie", "datetime", "name", "hash", "integer", "period", "string", "text", "url"}
COLLECTIONS = ("records", "entries", "blobs")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def register(hall: None) -> Register:
    return odd_list()


@pytest.fixture
def client() -> Client:
    """Asks for nothing in particular, as curl and requests do."""
    return Client(headers={"accept": "*/*"})


def body(response: HttpResponseBase) -> str:
    raw = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    return raw.decode()


def read_json(client: Client, path: str) -> Any:
    response = client.get(BASE + path)
    assert response.status_code == 200, path
    assert response.headers["Content-Type"] == "application/json"
    return json.loads(body(response))


def read_csv(client: Client, path: str) -> list[dict[str, str]]:
    response = client.get(BASE + path)
    assert response.status_code == 200, path
    assert response.headers["Content-Type"] == "text/csv;charset=UTF-8"
    text = body(response)
    assert text.endswith("\r\n")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def segment(key: str) -> str:
    return quote(encode_segment(key), safe="")


def schema_of(client: Client) -> dict[str, dict[str, str]]:
    return {one["id"]: one for one in read_json(client, "context")["schema"]}


def assert_values(client: Client, item: dict[str, Any]) -> None:
    """`_id` and fields of the schema, each a text or a list of texts, as its cardinality says; none empty."""
    schema = schema_of(client)
    for name, value in item.items():
        if name == "_id":
            assert value
            assert isinstance(value, str)
        elif schema[name]["cardinality"] == "n":
            assert value
            assert all(isinstance(one, str) and one for one in value)
        else:
            assert value
            assert isinstance(value, str)


def assert_entry(entry: dict[str, Any]) -> None:
    assert set(entry) == {"entry-number", "entry-timestamp", "key", "blob-hash"}
    assert type(entry["entry-number"]) is int
    assert TIMESTAMP.fullmatch(entry["entry-timestamp"])
    assert MULTIHASH.fullmatch(entry["blob-hash"])
    assert entry["key"]


# ---- records


def test_records_give_the_latest_values_of_each_key(register: Register, client: Client) -> None:
    shown = read_json(client, "records?page-size=1000")
    assert {one["_id"] for one in shown} == {*ODD_KEYS, "full"}
    wanted = {str(row["odd"]): row for row in [*ODD_ROWS, ODD_ROWS[0] | {"title": "Changed"}]}
    for one in shown:
        assert_values(client, one)
        assert {name: value for name, value in one.items() if name != "_id"} == wanted[one["_id"]]
        assert one[register.name] == one["_id"]


@pytest.mark.parametrize("key", [*ODD_KEYS, "full"])
def test_record_is_found_by_its_key_in_both_formats(register: Register, client: Client, key: str) -> None:
    shown = read_json(client, f"records/{segment(key)}")
    assert (shown["_id"], shown["odd"]) == (key, key)
    assert read_json(client, f"records/{segment(key)}.json") == shown
    (row,) = read_csv(client, f"records/{segment(key)}.csv")
    assert (row["_id"], row["odd"]) == (key, key)


def test_records_as_csv_have_the_columns_of_the_schema(register: Register, client: Client) -> None:
    rows = read_csv(client, "records.csv")
    assert list(rows[0]) == ["_id", *schema_of(client)]
    full = next(row for row in rows if row["_id"] == "full")
    assert full["parts"] == "one;two, three;four"
    assert full["story"] == 'First line\nsecond, with "quotes"'
    assert full["seen"] == ""


def test_record_leads_to_its_history(register: Register, client: Client) -> None:
    key = segment(ODD_KEYS[0])
    link = client.get(f"{BASE}records/{key}").headers["Link"]
    assert link == f'<{BASE}records/{key.replace("%7E", "~")}/entries>; rel="version-history"'
    shown = read_json(client, f"records/{key}/entries")
    assert [one["entry-number"] for one in shown] == [1, len(ODD_ROWS) + 1]
    for one in shown:
        assert_entry(one)
        assert one["key"] == ODD_KEYS[0]
    assert [row["entry-number"] for row in read_csv(client, f"records/{key}/entries.csv")] == ["1", "18"]


# ---- entries and blobs


def test_entries_are_every_change_in_order(register: Register, client: Client) -> None:
    shown = read_json(client, "entries")
    assert [one["entry-number"] for one in shown] == list(range(1, len(ODD_ROWS) + 2))
    for one in shown:
        assert_entry(one)


def test_entries_as_csv_have_their_columns_in_order(register: Register, client: Client) -> None:
    text = body(client.get(f"{BASE}entries.csv"))
    assert text.startswith("entry-number,entry-timestamp,key,blob-hash\r\n1,")
    assert text.count("\r\n") == len(ODD_ROWS) + 2
    assert read_csv(client, "entries/1.csv") == read_csv(client, "entries.csv")[:1]


def test_entry_is_found_by_its_number_and_its_blob_by_its_hash(register: Register, client: Client) -> None:
    entry = read_json(client, "entries/1")
    assert_entry(entry)
    blob = read_json(client, f"blobs/{entry['blob-hash']}")
    assert blob["_id"] == entry["blob-hash"]
    assert_values(client, blob)
    assert blob[register.name] == entry["key"]
    (row,) = read_csv(client, f"blobs/{entry['blob-hash']}.csv")
    assert list(row) == ["_id", *schema_of(client)]


def test_blobs_are_the_values_of_every_change(register: Register, client: Client) -> None:
    shown = read_json(client, "blobs")
    assert [one["_id"] for one in shown] == [one["blob-hash"] for one in read_json(client, "entries")]
    for one in shown:
        assert_values(client, one)
    assert [row["_id"] for row in read_csv(client, "blobs.csv")] == [one["_id"] for one in shown]


# ---- context and proofs


def test_context_tells_what_the_list_is(register: Register, client: Client) -> None:
    told = read_json(client, "context")
    assert told["id"] == "odd"
    for name in ("title", "description", "custodian", "licence"):
        assert isinstance(told[name], str)
    assert told["hashing-algorithm"] == {"digest-length": 32, "function-type": 18, "codec": "sha2-256"}
    assert told["root-hash"] == "1220" + bytes(register.head.root).hex()
    count = len(ODD_ROWS)
    assert told["statistics"] == {"total-records": count, "total-entries": count + 1, "total-blobs": count + 1}
    assert TIMESTAMP.fullmatch(told["status"]["start-date"])
    for one in told["schema"]:
        assert {"id", "datatype", "cardinality", "title", "description"} == set(one)
        assert NAME.fullmatch(one["id"])
        assert one["datatype"] in DATATYPES
        assert one["cardinality"] in {"1", "n"}


def test_context_gives_each_field_its_data_type(register: Register, client: Client) -> None:
    told = {name: (one["datatype"], one["cardinality"]) for name, one in schema_of(client).items()}
    assert told == {
        "odd": ("string", "1"),
        "title": ("string", "1"),
        "parts": ("string", "n"),
        "council": ("curie", "1"),
        "page": ("url", "1"),
        "story": ("text", "1"),
        "count": ("integer", "1"),
        "seen": ("datetime", "1"),
        "year": ("datetime", "1"),
        "region": ("string", "1"),
        "end-date": ("datetime", "1"),
    }


def test_proofs_hold_against_the_root(register: Register, client: Client) -> None:
    told = read_json(client, "proofs/register")
    size, root = told["total-entries"], from_multihash(told["root-hash"])
    assert (size, root) == (register.head.size, bytes(register.head.root))
    for number in (1, 7, size):
        entry = read_json(client, f"entries/{number}")
        path = read_json(client, f"proofs/entry/{number}/{size}")["audit-path"]
        time, digest = parse_time(entry["entry-timestamp"]), from_multihash(entry["blob-hash"])
        leaf = leaf_hash(entry_leaf(number, entry["key"], time, digest))
        verify_inclusion(number - 1, size, leaf, [from_multihash(one) for one in path], root)
    path = read_json(client, f"proofs/consistency/{size - 1}/{size}")["audit-path"]
    before = registers.first_publication(register)
    assert before is not None
    old = _root_of(before.checkpoint)
    verify_consistency(size - 1, size, [from_multihash(one) for one in path], old, root)


def _root_of(checkpoint: str) -> bytes:
    return base64.b64decode(checkpoint.splitlines()[2])


@pytest.mark.parametrize(
    "path",
    [
        "proofs/entry/0/5",
        "proofs/entry/6/5",
        "proofs/entry/1/999",
        "proofs/consistency/0/5",
        "proofs/consistency/5/4",
        "proofs/consistency/5/999",
        "entries/0",
        "entries/999",
        "entries/99999999999999999999999999",
        "blobs/1220",
        f"blobs/1220{'a' * 64}",
        f"blobs/{'a' * 64}",
        "records/none",
        "records/none/entries",
        "nothing",
    ],
)
def test_what_is_not_there_is_a_problem_in_words(register: Register, client: Client, path: str) -> None:
    response = client.get(BASE + path)
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == 404
    assert problem["title"]
    assert problem["detail"].endswith(".")


# ---- formats


@pytest.mark.parametrize("path", [*COLLECTIONS, "context", "records/full", "entries/1", "proofs/register"])
@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "application/json;charset=utf-8"])
def test_json_is_given_to_whoever_asks_for_nothing_else(register: Register, path: str, accept: str | None) -> None:
    headers = {} if accept is None else {"accept": accept}
    response = Client(headers=headers).get(BASE + path)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json")
    assert "Accept" in response.headers["Vary"]


@pytest.mark.parametrize("path", [*COLLECTIONS, "records/full", "entries/1"])
def test_csv_is_given_by_suffix_or_accept(register: Register, path: str) -> None:
    by_accept = Client(headers={"accept": "text/csv"}).get(BASE + path)
    by_suffix = Client(headers={"accept": "application/json"}).get(f"{BASE}{path}.csv")
    assert body(by_accept) == body(by_suffix)
    for response in (by_accept, by_suffix):
        assert response.headers["Content-Type"] == "text/csv;charset=UTF-8"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["records/full", "entries/1", "entries", ""])
def test_browser_gets_the_page(register: Register, path: str) -> None:
    response = Client(headers={"accept": BROWSER}).get(BASE + path)
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Accept" in response.headers["Vary"]


@pytest.mark.parametrize(("path", "page"), [("records", BASE), ("records/full/entries", f"{BASE}records/full#history")])
def test_browser_is_led_to_the_page_that_has_it(register: Register, path: str, page: str) -> None:
    assert Client(headers={"accept": BROWSER}).get(BASE + path).headers["Location"] == page


@pytest.mark.parametrize("path", ["context", "blobs", "proofs/register"])
def test_browser_gets_json_where_there_is_no_page(register: Register, path: str) -> None:
    assert Client(headers={"accept": BROWSER}).get(BASE + path).headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("records.xml", "*/*"),
        ("records", "application/xml"),
        ("entries/1.tsv", "*/*"),
        ("records/full.yaml", "*/*"),
        ("context.csv", "*/*"),
        ("context", "text/csv"),
        ("records?format=ttl", "*/*"),
    ],
)
def test_format_that_cannot_be_given_is_refused_in_words(register: Register, path: str, accept: str) -> None:
    response = Client(headers={"accept": accept}).get(BASE + path)
    assert (response.status_code, response.headers["Content-Type"]) == (406, "application/problem+json")
    assert "application/json" in response.json()["remedy"]


# ---- pages of a collection


def follow(client: Client, path: str, relation: str = "next") -> list[list[str]]:
    """The `_id` or numbers on each page, from one on, as `Link` leads."""
    pages, address = [], BASE + path
    while address:
        response = client.get(address)
        pages.append([str(one.get("_id") or one["entry-number"]) for one in json.loads(body(response))])
        found = re.search(f'<([^>]+)>; rel="{relation}"', response.headers.get("Link", ""))
        address = found[1] if found else ""
    return pages


@pytest.mark.parametrize("path", ["records?page-size=5", "entries?limit=5", "blobs?limit=5"])
def test_link_leads_through_all_pages_and_back(register: Register, client: Client, path: str) -> None:
    name, _, size = path.partition("?")
    forwards = follow(client, path)
    whole = follow(client, f"{name}?{size.replace('=5', '=1000')}")
    assert [one for page in forwards for one in page] == whole[0]
    assert [len(page) for page in forwards[:-1]] == [5] * (len(forwards) - 1)
    last = (
        f"?page-index={len(forwards)}&page-size=5"
        if name == "records"
        else f"?start={(len(forwards) - 1) * 5 + 1}&limit=5"
    )
    assert follow(client, name + last, "previous") == forwards[::-1]


def test_pages_are_found_by_their_number(register: Register, client: Client) -> None:
    keys = [one["_id"] for one in read_json(client, "records")]
    assert [one["_id"] for one in read_json(client, "records?page-index=2&page-size=4")] == keys[4:8]
    assert read_json(client, "records?page-index=99&page-size=4") == []
    assert read_json(client, "entries?start=999") == []


@pytest.mark.parametrize(
    "query",
    [
        "records?page-size=0",
        "records?page-size=5001",
        "records?page-index=0",
        "records?page-index=99999&page-size=5000",
        "records?total-entries=999",
        "records?after=%00",
        "entries?start=0",
        "entries?limit=5001",
        "entries?limit=many",
        "blobs?start=-1",
    ],
)
def test_page_that_makes_no_sense_is_refused_in_words(register: Register, client: Client, query: str) -> None:
    response = client.get(BASE + query)
    assert (response.status_code, response.headers["Content-Type"]) == (400, "application/problem+json")
    assert response.json()["detail"]


def test_list_can_be_read_as_it_was(register: Register, client: Client) -> None:
    then = read_json(client, "records/a~1b?total-entries=1")
    assert then["title"] == "Odd 1"
    assert read_json(client, "records/a~1b")["title"] == "Changed"
    assert [one["_id"] for one in read_json(client, "records?total-entries=1")] == ["a/b"]
    assert read_json(client, "records?total-entries=0") == []


# ---- asking again


@pytest.mark.parametrize(
    "path", [*COLLECTIONS, "context", "records/full", "records/full/entries", "entries/1", "list.csv", "list.json", ""]
)
def test_answer_is_asked_for_again_by_its_etag(register: Register, client: Client, path: str) -> None:
    first = client.get(BASE + path)
    tag = first.headers["ETag"]
    assert tag.startswith('"')
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get(BASE + path, headers={"if-none-match": tag})
    assert (again.status_code, again.headers["ETag"]) == (304, tag)
    assert not again.content
    assert again.headers["Access-Control-Allow-Origin"] == "*"


def test_etag_changes_with_the_list_and_with_the_format(register: Register, client: Client) -> None:
    before = {path: client.get(BASE + path).headers["ETag"] for path in ("records", "records.csv", "context", "blobs")}
    assert before["records"] != before["records.csv"]
    put(register, [{"odd": "new"}])
    for path, tag in before.items():
        response = client.get(BASE + path, headers={"if-none-match": tag})
        assert response.status_code == 200
        assert response.headers["ETag"] != tag


def test_methods_other_than_reading_are_refused(register: Register, client: Client) -> None:
    for method in (client.post, client.put, client.delete, client.patch):
        response = method(f"{BASE}records")
        assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    options = client.options(f"{BASE}records")
    assert (options.status_code, options.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
    assert options.headers["Access-Control-Allow-Origin"] == "*"
    head = client.head(f"{BASE}records/full.csv")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Type"] == "text/csv;charset=UTF-8"
