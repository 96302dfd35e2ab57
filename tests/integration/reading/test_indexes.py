"""What there is in the hall, for programs."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from guildhall.registers.models import Standard
from guildhall.registers.queries import registers

from .halls import odd_list, small_hall

pytestmark = pytest.mark.usefixtures("hall")

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize("address", ["/registers/?format=json", "/registers/", "/registers.json"])
def test_lists_tell_what_each_is(client: Client, address: str) -> None:
    register = odd_list()
    answer = client.get(address).json()
    assert set(answer) == {"total", "results", "next"}
    assert answer["total"] == len(answer["results"]) == 6
    assert answer["next"] is None
    (odd,) = [one for one in answer["results"] if one["path"] == register.path]
    assert set(odd) == {"path", "title", "standard", "keeper", "records", "entries", "updated"}
    assert (odd["title"], odd["standard"], odd["keeper"]) == ("Odd thing: London Borough of Hackney", "odd", "hackney")
    assert (odd["records"], odd["entries"]) == (17, 18)
    assert odd["updated"].endswith("Z")
    (hold,) = [one for one in answer["results"] if one["path"] == "hall/hold"]
    assert (hold["entries"], hold["updated"]) == (0, None)


def test_lists_are_paged_by_next(client: Client) -> None:
    small_hall()
    address, seen = "/registers/?format=json&limit=2", []
    while address:
        answer = client.get(address).json()
        seen += [one["path"] for one in answer["results"]]
        assert answer["total"] == registers.registers().count()
        address = answer["next"]
    assert seen == [one.path for one in registers.registers()]


def test_lists_are_filtered_and_next_keeps_to_it(client: Client) -> None:
    small_hall()
    answer = client.get("/registers/?format=json&standard=product-use&limit=1").json()
    assert answer["total"] == 2
    following = client.get(answer["next"]).json()
    assert [one["path"] for one in following["results"]] == ["isle-of-anglesey/product-use"]
    assert following["next"] is None


def test_lists_as_csv_come_all_at_once(client: Client) -> None:
    small_hall()
    for address in ("/registers.csv", "/registers/?format=csv"):
        text = client.get(address).content.decode()
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        assert text.startswith("path,title,standard,keeper,records,entries,updated\r\n")
        assert len(rows) == registers.registers().count()


@pytest.mark.parametrize("suffix", ["/", ".json"])
def test_list_describes_itself(client: Client, suffix: str) -> None:
    small_hall()
    told = client.get(f"/registers/hackney/product-use{suffix}").json()
    assert told["path"] == "hackney/product-use"
    assert told["unofficial-copy"] is True
    assert (told["keeper"], told["organisation"]) == ("hall", "hackney")
    assert told["source-date"] == "2018"
    for address in told["links"].values():
        assert client.get(address).status_code == 200


def test_councils_and_organisations_are_listed(client: Client) -> None:
    small_hall()
    answer = client.get("/councils.json").json()
    assert [one["council"] for one in answer["results"]] == ["hackney", "isle-of-anglesey"]
    assert client.get("/councils.json?former=yes").json()["total"] == 3
    assert [one["council"] for one in client.get("/councils.json?q=ynys").json()["results"]] == ["isle-of-anglesey"]
    text = client.get("/councils.csv").content.decode()
    assert text.startswith("council,name,local-authority,gss-code,")
    kinds = {one["organisation"]: one["kind"] for one in client.get("/organisations.json").json()["results"]}
    assert kinds == {"hall": "hall", "idox": "supplier"}


def test_products_are_listed_with_how_many_use_each(client: Client) -> None:
    small_hall()
    assert client.get("/products.json").json()["results"][0] == {
        "product": "planx",
        "name": "PlanX",
        "supplier": "Open Systems Lab",
        "organisations": 2,
        "purpose": "Planning",
        "unidentified": False,
    }
    assert client.get("/products.csv?q=planx").content.decode() == (
        "product,name,supplier,organisations,purpose,unidentified\r\nplanx,PlanX,Open Systems Lab,2,Planning,False\r\n"
    )


def test_standard_is_given_as_it_was_added(client: Client) -> None:
    odd_list()
    assert "odd" in {one["standard"] for one in client.get("/standards.json").json()["results"]}
    assert client.get("/standards/odd.json").json() == Standard.objects.get(name="odd").descriptor


@pytest.mark.parametrize("path", ["/registers/", "/councils", "/products", "/standards", "/organisations"])
def test_index_is_a_page_for_browsers(client: Client, path: str) -> None:
    small_hall()
    response = client.get(path, headers={"accept": BROWSER})
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Accept" in response.headers["Vary"]
    assert client.get(path).headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("address", "location"),
    [
        ("/registers", "/registers/"),
        ("/registers?q=a", "/registers/?q=a"),
        ("/registers/hackney/odd", "/registers/hackney/odd/"),
        ("/registers/hackney/odd.csv", "/registers/hackney/odd/list.csv"),
        ("/registers/hackney/", "/councils/hackney"),
        ("/registers/hackney", "/councils/hackney"),
        ("/registers/hall", "/organisations/hall"),
        ("/councils/", "/councils"),
        ("/councils/hackney/", "/councils/hackney"),
        ("/standards/odd/?a=b", "/standards/odd?a=b"),
        ("/registers/hackney/odd/records/a~1b/", "/registers/hackney/odd/records/a~1b"),
        ("/registers/hackney/odd/records/M%C3%B4n%20%E2%9C%93%20%F0%9F%8C%B3/", None),
    ],
)
def test_address_with_a_slash_too_many_or_few_leads_there(client: Client, address: str, location: str | None) -> None:
    odd_list()
    response = client.get(address)
    assert (response.status_code, response.headers["Location"]) == (302, location or address.removesuffix("/"))


@pytest.mark.parametrize("path", ["/nothing/", "//evil.example/", "//evil.example/registers/", "/registers//", "/a//"])
def test_address_that_leads_nowhere_is_not_mended(client: Client, path: str) -> None:
    # As a server hands it on: the test client would take the second for a host.
    assert client.get("/", PATH_INFO=path).status_code == 404
