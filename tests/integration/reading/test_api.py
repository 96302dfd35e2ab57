"""The API for programs: typed values, filters, pages, problems, and a description that is true."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from guildhall.kit.api import document
from guildhall.reading.views.api import operations
from integration.registers.woods import wood_register, wood_rows

from .halls import ODD_KEYS, odd_list, small_hall

pytestmark = pytest.mark.usefixtures("hall")

WOODS = "/api/v1/registers/ambridge/wood"


def get(client: Client, address: str) -> dict[str, Any]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    told: dict[str, Any] = answer.json()
    return told


def test_values_are_typed(client: Client) -> None:
    wood_register()
    told = get(client, f"{WOODS}/records/W003")
    assert told["key"] == "W003"
    assert told["values"]["height"] == 4.5
    assert told["values"]["planted"] == "1993-04-04"
    assert told["values"]["birds"] == ["wren"]
    assert "note" not in told["values"]
    assert client.get(told["url"] + ".json").json()["_id"] == "W003"


def test_records_are_filtered_sorted_and_paged(client: Client) -> None:
    wood_register()
    address: str | None = f"{WOODS}/records?kind=ancient&height__atleast=3&_sort=-height&_limit=6&_columns=height"
    heights: list[float] = []
    totals = set()
    while address:
        told = get(client, address)
        totals.add(told["total"])
        assert len(told["results"]) <= 6
        heights += [one["values"]["height"] for one in told["results"]]
        assert all(set(one["values"]) == {"height"} for one in told["results"])
        address = told["next"]
    wanted = [float(str(row["height"])) for row in wood_rows() if row["kind"] == "ancient" and "height" in row]
    assert heights == sorted((one for one in wanted if one >= 3), reverse=True)
    assert totals == {len(heights)}


def test_next_is_a_link_header_too(client: Client) -> None:
    wood_register()
    answer = client.get(f"{WOODS}/records?_limit=5")
    assert answer.headers["Link"] == f'<{answer.json()["next"]}>; rel="next"'


@pytest.mark.parametrize("key", [*ODD_KEYS, "full"])
def test_records_with_hard_keys_are_found_at_their_address(client: Client, key: str) -> None:
    odd_list()
    shown = get(client, "/api/v1/registers/hackney/odd/records")["results"]
    (one,) = [row for row in shown if row["key"] == key]
    segment = one["url"].rpartition("/")[2]
    assert get(client, f"/api/v1/registers/hackney/odd/records/{segment}") == one


def test_entries_come_in_order_with_typed_values(client: Client) -> None:
    odd_list()
    first = get(client, "/api/v1/registers/hackney/odd/entries?_limit=10")
    assert [one["entry-number"] for one in first["results"]] == list(range(1, 11))
    assert first["results"][0]["values"]["count"] == 1
    rest = get(client, first["next"])
    assert [one["entry-number"] for one in rest["results"]] == list(range(11, 19))
    assert rest["next"] is None


def test_joined_records_say_whose_they_are(client: Client) -> None:
    small_hall()
    told = get(client, "/api/v1/standards/product-use/records?product=planx&_sort=-organisation-name")
    assert [one["organisation"]["slug"] for one in told["results"]] == ["hackney", "isle-of-anglesey"]
    assert told["results"][0]["unofficial-copy"] is True
    assert told["results"][0]["kept-by"] == "hall"
    assert get(client, "/api/v1/standards/product-use/records?kept-by__not=hall")["total"] == 1


def test_lists_and_standards_are_told(client: Client) -> None:
    small_hall()
    first = get(client, "/api/v1/registers?_limit=3")
    second = get(client, first["next"])
    assert first["results"][-1]["path"] < second["results"][0]["path"]
    assert get(client, "/api/v1/registers?standard=product-use")["total"] == 2
    names = [one["name"] for one in get(client, "/api/v1/standards")["results"]]
    assert "product-use" in names
    told = get(client, "/api/v1/standards/product-use")
    assert told["key"] == ["product-use"]
    assert get(client, told["schema"])["name"] == "product-use"


def test_every_example_of_the_description_runs(client: Client) -> None:
    small_hall()
    examples = [one.example for one in operations() if one.method == "GET"]
    assert len(examples) == len(document()["paths"]) == 9
    for example in examples:
        get(client, example)


def test_description_is_openapi_and_its_page_shows_each_example(client: Client) -> None:
    told = get(client, "/api/openapi.json")
    assert told["openapi"].startswith("3.1")
    for methods in told["paths"].values():
        for one in methods.values():
            assert set(one["responses"]) >= {"200", "400", "404", "422"}
            assert "application/problem+json" in one["responses"]["404"]["content"]
    page = client.get("/api/docs").content.decode()
    for one in operations():
        assert f"{one.method} {one.path}" in page
        assert (one.example or "Authorization: Bearer").replace("&", "&amp;") in page
    assert "<script" not in page
    assert "`" not in page


@pytest.mark.parametrize(
    ("address", "status", "told"),
    [
        (f"{WOODS}/records?colour=red", 400, "no field called colour"),
        (f"{WOODS}/records?planted__after=2001-99-99", 400, "cannot be compared"),
        (f"{WOODS}/records?_limit=0", 400, "_limit"),
        (f"{WOODS}/records?_limit=many", 400, "_limit"),
        (f"{WOODS}/records?_limit=1001", 400, "_limit"),
        (f"{WOODS}/records?_after=nonsense", 400, "no page at this place"),
        (f"{WOODS}/records?_after={'x' * 9000}", 400, "_after"),
        (f"{WOODS}/records?species={'x' * 10_000}", 400, "cannot be looked for"),
        (f"{WOODS}/records?species=%00", 400, "cannot be looked for"),
        (f"{WOODS}/records/none", 404, "no record none"),
        (f"{WOODS}/entries?_after=-1", 400, "_after"),
        (f"{WOODS}/entries?_after=99999999999999999999", 400, "_after"),
        ("/api/v1/registers?_after=%00", 400, "cannot be looked for"),
        ("/api/v1/registers?q=%00", 400, "cannot be looked for"),
        ("/api/v1/registers/no/such", 404, "no list"),
        ("/api/v1/registers/a%00b/such", 404, "nothing at this address"),
        ("/api/v1/standards/such", 404, "no data standard"),
        ("/api/v1/standards/such/records", 404, "no data standard"),
        ("/api/v1/nothing", 404, "nothing at this address"),
    ],
)
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_what_cannot_be_answered_is_a_problem_with_what_to_do(
    client: Client, address: str, status: int, told: str, accept: str
) -> None:
    wood_register()
    answer = client.get(address, headers={"accept": accept})
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert told in problem["detail"]
    assert problem["remedy"]


def test_a_page_past_the_end_is_empty(client: Client) -> None:
    wood_register()
    told = get(client, f"{WOODS}/entries?_after=80")
    assert (told["results"], told["next"]) == ([], None)


def test_a_question_that_takes_too_long_is_stopped_and_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    wood_register()
    monkeypatch.setattr("guildhall.registers.queries.filters.SMALL", 0)
    answer = client.get(f"{WOODS}/records?_sort=note")
    assert answer.status_code == 422
    assert "download" in answer.json()["remedy"]


def test_other_sites_and_caches_may_ask(client: Client) -> None:
    wood_register()
    answer = client.get(f"{WOODS}/records?_limit=1")
    again = client.get(f"{WOODS}/records?_limit=1", headers={"if-none-match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert client.options(f"{WOODS}/records").headers["Access-Control-Allow-Origin"] == "*"
    assert client.post(f"{WOODS}/records").status_code == 405
    assert client.head(f"{WOODS}/records").status_code == 200


def test_description_names_members_as_answers_do() -> None:
    schemas = document()["components"]["schemas"]
    assert {"fields", "schema"} <= set(schemas["StandardDetails"]["properties"])
    assert "register" in schemas["JoinedRecord"]["properties"]
    assert "source-date" in schemas["ListDetails"]["properties"]
