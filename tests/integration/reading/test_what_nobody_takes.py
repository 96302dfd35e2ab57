"""Parameters that an address does not take: programs are told what it does; pages pass over what others added."""

from __future__ import annotations

import pytest
from django.test import Client

from guildhall.kit.parameters import is_trail
from integration.registers.woods import wood_register

from .halls import small_hall

pytestmark = pytest.mark.usefixtures("hall")

WOOD = "/registers/ambridge/wood/"
BROWSER = {"accept": "text/html"}


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (f"{WOOD}?nosuch=1", f"{WOOD}list.json"),
        (f"{WOOD}?species=oak", f"{WOOD}list.json"),
        (f"{WOOD}records?species=oak", f"{WOOD}list.json"),
        (f"{WOOD}records.csv?_sort=species", f"{WOOD}list.csv"),
        (f"{WOOD}records/W001?species=oak", "total-entries"),
        (f"{WOOD}entries?page=3", "start, limit"),
        (f"{WOOD}blobs?page=3", "start, limit"),
        (f"{WOOD}changes.csv?since=2020", "format"),
        (f"{WOOD}list.csv?_limit=5", "_sort and _columns"),
        (f"{WOOD}list.csv?page-index=2", "page-index__is"),
        ("/registers/?format=json&page=3", "after"),
        ("/changes?since=abc", "before"),
        ("/changes/week.json?since=abc", "ending"),
        ("/search.json?page=2", "kind"),
        ("/councils.csv?name=x", "postcode"),
        ("/products.json?name=x", "purpose"),
        ("/standards.json?q=x", "format"),
        ("/api/v1/registers?page=2", "_after"),
        ("/api/v1/registers/ambridge/wood?x=1", "format"),
        ("/api/v1/registers/ambridge/wood/records/W001?x=1", "recorded-on"),
        ("/api/v1/registers/ambridge/wood/entries?limit=1", "_limit"),
        ("/api/v1/standards?x=1", "format"),
        ("/api/v1/standards/wood?x=1", "format"),
    ],
)
def test_programs_are_told_what_an_address_takes(client: Client, address: str, told: str) -> None:
    wood_register()
    answer = client.get(address)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert told in answer.json()["remedy"]


def test_filters_beside_a_size_are_not_passed_over(client: Client) -> None:
    wood_register()
    whole = b"".join(client.get(f"{WOOD}list.csv?total-entries=20"))
    part = b"".join(client.get(f"{WOOD}list.csv?total-entries=20&wood=W003"))
    assert whole.count(b"plum") == 20
    assert part.count(b"plum") == 1


def test_pages_pass_over_what_others_added(client: Client) -> None:
    small_hall()
    for address in ("/", "/changes?since=abc", "/registers/?page=3", "/councils?x=1"):
        assert client.get(address, headers=BROWSER).status_code == 200


@pytest.mark.parametrize("name", ["utm_source", "fbclid", "_"])
def test_trails_of_other_sites_are_passed_over_everywhere(client: Client, name: str) -> None:
    wood_register()
    assert is_trail(name)
    for address in (WOOD, f"{WOOD}records", "/changes.json", "/api/v1/registers"):
        assert client.get(f"{address}?{name}=1").status_code == 200


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "ndjson", "parquet", "sqlite", "geojson"])
def test_address_of_a_list_with_a_suffix_leads_to_its_file(client: Client, suffix: str) -> None:
    wood_register()
    answer = client.get(f"/registers/ambridge/wood.{suffix}?species=oak")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{WOOD}list.{suffix}?species=oak"


def test_single_record_and_entries_are_told_as_they_were(client: Client) -> None:
    wood_register()
    base = "/api/v1/registers/ambridge/wood"
    assert client.get(f"{base}/records/W003").json()["values"]["species"] == "Ynys Môn pine"
    assert client.get(f"{base}/records/W003?at=20").json()["values"]["species"] == "plum"
    assert client.get(f"{base}/records/W030?at=20").status_code == 404
    assert client.get(f"{base}/records/W003?at=21").status_code == 400  # half of a publication
    assert client.get(f"{base}/records/W003?recorded-on=2000-01-01").status_code == 404
    told = client.get(f"{base}/entries?at=20&_limit=15").json()
    assert (told["total"], len(told["results"])) == (20, 15)
    told = client.get(told["next"]).json()
    assert (told["total"], len(told["results"]), told["next"]) == (20, 5, None)
