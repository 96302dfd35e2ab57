"""Feeds: valid, stable, in words, in parts, and found from the pages that tell the same."""

from __future__ import annotations

import datetime
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from guildhall.publishing.registers import add_standard
from guildhall.reading.feeds import news, views
from guildhall.registers.hiding.actions import What, erase, hold, lift
from guildhall.registers.models import HallIdentity, Publication, Register
from guildhall.registers.sequencer import sequence
from integration.registers.makers import TREE, many, plant, tree_register
from integration.registers.stalls import stall, stalls, trade

from .halls import small_hall

pytestmark = pytest.mark.usefixtures("hall")

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = [
    "/feed",
    "/changes/week/feed",
    "/registers/hall/local-authority/feed",
    "/organisations/idox/feed",
    "/councils/hackney/feed",
    "/standards/product-use/feed",
    "/standards/product-use/records/feed",
]


def atom(client: Client, address: str) -> ElementTree.Element:
    answer = client.get(f"{address}.atom")
    assert answer.status_code == 200, answer.content
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)  # noqa: S314 - our own


def json_feed(client: Client, address: str) -> dict[str, Any]:
    answer = client.get(f"{address}.json")
    assert answer.status_code == 200, answer.content
    assert answer.headers["Content-Type"] == "application/feed+json"
    told: dict[str, Any] = answer.json()
    return told


def texts(element: ElementTree.Element, *path: str) -> list[str]:
    return [one.text or "" for one in element.findall("/".join(ATOM + name for name in path))]


@pytest.fixture
def trees() -> Register:
    register = tree_register()
    for species in ("oak", "ash", "<b>elm</b>"):
        plant(register, {"T1": species}, reason=f"It is {species} & old")
    sequence()
    return register


@pytest.mark.parametrize("address", FEEDS)
def test_every_feed_is_valid_in_both_formats(client: Client, address: str) -> None:
    small_hall()
    told = atom(client, address)
    assert told.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert len(told.findall(ATOM + name)) == 1, name
    links = {one.get("rel"): one.get("href") for one in told.findall(f"{ATOM}link")}
    assert links["self"] == f"http://testserver{address}.atom"
    ids = texts(told, "entry", "id")
    assert len(set(ids)) == len(ids)
    created = HallIdentity.objects.get().created.date().isoformat()
    for entry in told.findall(f"{ATOM}entry"):
        for name in ("id", "title", "updated", "author", "summary"):
            assert len(entry.findall(ATOM + name)) == 1, name
        assert texts(entry, "id")[0].startswith(f"tag:hall.example,{created}:/")
        assert texts(entry, "author", "name")[0]
        (link,) = entry.findall(f"{ATOM}link")
        assert client.get(link.get("href") or "").status_code == 200
    other = json_feed(client, address)
    assert other["version"] == "https://jsonfeed.org/version/1.1"
    assert [one["id"] for one in other["items"]] == ids
    assert all(
        set(one) == {"id", "url", "title", "content_text", "date_published", "authors"} for one in other["items"]
    )
    assert (other["title"], other["feed_url"]) == (texts(told, "title")[0], f"http://testserver{address}.json")


@pytest.mark.parametrize("address", FEEDS)
def test_every_feed_is_found_from_its_page(client: Client, address: str) -> None:
    small_hall()
    page = {"/feed": "/", "/registers/hall/local-authority/feed": "/registers/hall/local-authority/"}
    told = client.get(
        page.get(address, address.removesuffix("/feed")), headers={"Accept": "text/html"}
    ).content.decode()
    links = re.findall(r'<link rel="alternate" type="(application/(?:atom\+xml|feed\+json))" href="([^"]+)">', told)
    assert links == [("application/atom+xml", f"{address}.atom"), ("application/feed+json", f"{address}.json")]


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("/changes", "/feed"),
        ("/councils/hackney/changes", "/councils/hackney/feed"),
        ("/standards/product-use/changes", "/standards/product-use/records/feed"),
    ],
)
def test_pages_of_changes_lead_to_their_feed(client: Client, page: str, feed: str) -> None:
    small_hall()
    told = client.get(page, headers={"Accept": "text/html"}).content.decode()
    assert f'href="{feed}.atom" type="application/atom+xml">Follow' in told


def test_publications_are_told_in_words_the_newest_first(client: Client, trees: Register) -> None:
    told = json_feed(client, "/registers/ambridge/tree/feed")
    assert [one["id"].rpartition("/")[2] for one in told["items"]] == ["3", "2", "1"]
    first = told["items"][0]
    assert first["title"] == "Tree: Ambridge: 0 added, 1 changed"
    assert first["content_text"] == "It is <b>elm</b> & old\nAmbridge"
    assert first["url"] == "http://testserver/registers/ambridge/tree/compare?from=2&to=3"
    summary = atom(client, "/registers/ambridge/tree/feed").findall(f"{ATOM}entry/{ATOM}summary")[0]
    assert summary.get("type") == "html"
    assert summary.text == "It is &lt;b&gt;elm&lt;/b&gt; &amp; old<br>Ambridge"


def test_identifiers_stay_whatever_is_published_later(client: Client, trees: Register) -> None:
    before = texts(atom(client, "/registers/ambridge/tree/feed"), "entry", "id")
    plant(trees, {"T2": "yew"})
    sequence()
    after = texts(atom(client, "/registers/ambridge/tree/feed"), "entry", "id")
    assert after[1:] == before


def test_long_feed_comes_in_parts(client: Client, trees: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PAGE", 2)
    address, ids = "/feed.json", []
    while address:
        answer = client.get(address)
        told = answer.json()
        ids += [one["id"] for one in told["items"]]
        address = told.get("next_url", "")
        assert ("Link" in answer.headers) == bool(address)
    assert len(ids) == len(set(ids)) == Publication.objects.count()
    links = {one.get("rel") for one in atom(client, "/feed").findall(f"{ATOM}link")}
    assert links == {"alternate", "self", "next"}


def test_feed_asked_again_is_304_until_something_is_published(client: Client, trees: Register) -> None:
    for address in ("/feed.atom", "/registers/ambridge/tree/feed.json", "/changes/week/feed.atom"):
        tag = client.get(address).headers["ETag"]
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
        plant(trees, {"T9": address})
        sequence()
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_reason_of_what_is_hidden_is_not_told(client: Client, trees: Register) -> None:
    def told() -> list[str]:
        return [
            one["content_text"].split("\n")[0] for one in json_feed(client, "/registers/ambridge/tree/feed")["items"]
        ]

    hold(what=What("ambridge/tree", publication=1))
    erase(what=What("ambridge/tree", entries=["2"]), ground="court-order")
    sequence()
    assert told() == ["It is <b>elm</b> & old", "erased by law", "hidden while a mistake is looked into"]
    lift(what=What("ambridge/tree", publication=1))
    sequence()
    assert told()[2] == "It is oak & old"


@pytest.mark.parametrize(
    "address",
    ["/changes", "/changes.json", "/changes.csv", "/changes/week.json", "/registers/ambridge/tree/records/T1", "/"],
)
def test_reason_of_what_is_hidden_is_behind_no_other_door(client: Client, trees: Register, address: str) -> None:
    plant(trees, {"T1": "fir"}, reason="Peculiar reason")
    sequence()
    accept = {"Accept": "*/*" if "." in address else "text/html"}
    before = client.get(address, headers=accept).content.decode()
    hold(what=What("ambridge/tree", publication=4))
    sequence()
    assert "Peculiar" not in client.get(address, headers=accept).content.decode()
    if address != "/":
        assert "Peculiar" in before


def test_publication_of_which_a_part_is_hidden_keeps_its_reason(client: Client, trees: Register) -> None:
    plant(trees, many(3), reason="Three more")
    sequence()
    hold(what=What("ambridge/tree", entries=["4"]))
    sequence()
    assert json_feed(client, "/registers/ambridge/tree/feed")["items"][0]["content_text"].startswith("Three more")


def test_versions_of_a_standard_are_told_by_their_fields(client: Client, trees: Register) -> None:
    fields: list[Any] = [*TREE["fields"][:2], {"name": "height", "title": "Height", "type": "number"}]  # type: ignore[index]
    add_standard(TREE | {"version": "2", "fields": fields})
    sequence()
    items = json_feed(client, "/standards/tree/feed")["items"]
    assert [one["title"] for one in items] == ["Tree: version 2", "Tree: version 1"]
    assert items[0]["content_text"] == "Fields added: Height.\nFields taken out: Street, Felled."
    assert items[1]["content_text"] == "The first version, with 4 fields."


def test_weeks_that_have_ended_are_told_with_the_unusual_first() -> None:
    register = stalls()
    trade(register, "2091-01-01", stall(1))
    trade(register, "2091-01-10", stall(1, "Bread"), stall(2))
    items = news.of_weeks(3, datetime.date(2091, 1, 17))
    assert [one.name for one in items] == ["/changes/week/2091-01-14", "/changes/week/2091-01-07"]
    assert items[0].text == "Market stall: Ambridge: 1 added, 1 changed"
    assert items[1].text == "1 list began."
    assert news.of_weeks(3, datetime.date(2091, 1, 20)) == items


@pytest.mark.parametrize("address", ["/councils/idox/feed.atom", "/organisations/hackney/feed.json"])
def test_feed_of_an_organisation_is_at_one_address(client: Client, address: str) -> None:
    small_hall()
    answer = client.get(address)
    assert answer.status_code == 302
    assert client.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/registers/no/such/feed.atom", 404),
        ("/councils/none/feed.atom", 404),
        ("/standards/none/feed.json", 404),
        ("/standards/none/records/feed.json", 404),
        ("/feed.csv", 406),
        ("/feed.atom?before=x", 400),
    ],
)
def test_feed_that_is_not_there_is_told(client: Client, address: str, status: int) -> None:
    assert client.get(address).status_code == status
