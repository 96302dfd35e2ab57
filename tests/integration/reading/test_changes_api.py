"""`/api/v1/changes`: what programs get that follow the hall."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from guildhall.reading.data.cursors import write_cursor
from guildhall.registers.hiding.actions import What, erase, hold, lift
from guildhall.registers.models import Entry
from guildhall.registers.queries.following import Place
from guildhall.registers.sequencer import latest_position, sequence
from integration.registers.makers import many, plant, tree_register

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.usefixtures("hall")

CHANGES = "/api/v1/changes"


def get(client: Client, **asked: object) -> dict[str, Any]:
    answer = client.get(CHANGES, asked)
    assert answer.status_code == 200, answer.content
    told: dict[str, Any] = answer.json()
    assert set(told) == {"entries", "cursor"}
    return told


def test_entries_are_told_with_their_values(client: Client) -> None:
    register = tree_register()
    plant(register, {"T1": "oak"})
    sequence()
    entry = Entry.objects.get(register=register)
    (told,) = get(client, register="ambridge/tree")["entries"]
    hashed = told.pop("blob-hash")
    assert hashed == "1220" + bytes(entry.item_hash).hex()
    assert told.pop("entry-timestamp").endswith("Z")
    assert told == {
        "position": latest_position(),
        "register": "ambridge/tree",
        "entry-number": 1,
        "key": "T1",
        "item": {"tree": "T1", "species": "oak"},
    }


def test_followers_get_what_is_new_and_nothing_else(client: Client) -> None:
    register = tree_register()
    plant(register, many(3))
    sequence()
    first = get(client)
    assert [one["key"] for one in first["entries"][-3:]] == ["T00001", "T00002", "T00003"]
    again = get(client, after=first["cursor"])
    assert again == {"entries": [], "cursor": first["cursor"]}
    plant(register, {"T00002": "ash"})
    sequence()
    new = get(client, after=first["cursor"])
    assert [(one["key"], one["item"]["species"]) for one in new["entries"]] == [("T00002", "ash")]
    assert new["cursor"] != first["cursor"]


def test_link_leads_on_until_nothing_more_is_there(client: Client) -> None:
    plant(tree_register(), many(7))
    sequence()
    address, keys = f"{CHANGES}?limit=3&register=ambridge/tree", []
    while True:
        answer = client.get(address)
        keys += [one["key"] for one in answer.json()["entries"]]
        if "Link" not in answer.headers:
            break
        assert answer.headers["Link"].endswith('>; rel="next"')
        parts = urlsplit(answer.headers["Link"].partition(">")[0][1:])
        address = f"{parts.path}?{parts.query}"
    assert keys == list(many(7))


def test_asked_again_with_nothing_new_is_304_in_one_query(client: Client, django_assert_num_queries: Any) -> None:
    plant(tree_register(), many(3))
    sequence()
    cursor = get(client)["cursor"]
    answer = client.get(CHANGES, {"after": cursor})
    with django_assert_num_queries(1):
        again = client.get(CHANGES, {"after": cursor}, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    with django_assert_num_queries(1):
        client.get(CHANGES, {"after": cursor})
    plant(tree_register("borchester"), {"T1": "oak"})
    sequence()
    changed = client.get(CHANGES, {"after": cursor}, headers={"If-None-Match": answer.headers["ETag"]})
    assert changed.status_code == 200


def test_filtered_cursor_moves_on_past_other_lists(client: Client) -> None:
    plant(tree_register(), {"T1": "oak"})
    sequence()
    cursor = get(client, register="hall/hold")["cursor"]
    assert cursor == write_cursor("hall.example", Place(latest_position()))


def test_what_is_held_or_erased_has_no_values_and_what_is_lifted_has_them_again(client: Client) -> None:
    register = tree_register()
    plant(register, {"T1": "oak", "T2": "ash", "T3": "elm"})
    hold(what=What("ambridge/tree", key="T1"))
    erase(what=What("ambridge/tree", entries=["2"]), ground="court-order")
    sequence()
    first = get(client, register="ambridge/tree")["entries"]
    assert [one["item"] for one in first] == [None, None, {"tree": "T3", "species": "elm"}]
    assert [(one.get("_held"), one.get("_erased")) for one in first] == [(True, None), (None, True), (None, None)]
    cursor = get(client)["cursor"]
    lift(what=What("ambridge/tree", key="T1"))
    sequence()
    (told,) = get(client, after=cursor)["entries"]
    assert (told["register"], told["item"]["register"]) == ("hall/hold", "ambridge/tree")
    assert get(client, register="ambridge/tree")["entries"][0]["item"] == {"tree": "T1", "species": "oak"}


def test_cursor_of_another_origin_is_gone(client: Client) -> None:
    answer = client.get(CHANGES, {"after": write_cursor("earlier.example", Place(3))})
    assert answer.status_code == 410
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["start"] == CHANGES


@pytest.mark.parametrize("cursor", ["1", "x" * 36, "\0", "..%2f", "é"])
def test_malformed_cursor_is_refused(client: Client, cursor: str) -> None:
    answer = client.get(CHANGES, {"after": cursor})
    assert answer.status_code == 400
    assert answer.json()["remedy"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"limit": "0"}, 400),
        ({"limit": "1001"}, 400),
        ({"limit": "many"}, 400),
        ({"register": "none/none"}, 404),
        ({"organisation": "none"}, 404),
        ({"standard": "none"}, 404),
        ({"standard": "a\0b"}, 400),
    ],
)
def test_what_makes_no_sense_is_refused(client: Client, asked: dict[str, str], status: int) -> None:
    answer = client.get(CHANGES, asked)
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"


# ---- the short way, for those who ask whether anything is new


@pytest.mark.parametrize("more", ["", "&limit=1", "&limit=1000"])
def test_short_way_answers_as_the_usual_one_does(client: Client, settings: Settings, more: str) -> None:
    cursor = get(client)["cursor"]
    address = f"{CHANGES}?after={cursor}{more}"
    short = client.get(address)
    assert "Content-Security-Policy" not in short.headers
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "NothingNew" not in name]
    usual = Client().get(address)
    assert "Content-Security-Policy" in usual.headers
    assert (short.status_code, short.content) == (usual.status_code, usual.content)
    told = set(short.headers) - {"X-Request-ID"}
    assert {name: short.headers[name] for name in told} == {name: usual.headers[name] for name in told}
    assert short.resolver_match.route == usual.resolver_match.route


@pytest.mark.parametrize(
    ("more", "status"), [("&limit=1001", 400), ("&limit=0", 400), ("&register=none/none", 404), ("&after=x", 400)]
)
def test_whatever_else_is_asked_goes_the_usual_way(client: Client, more: str, status: int) -> None:
    cursor = get(client)["cursor"]
    assert client.get(f"{CHANGES}?after={cursor}{more}").status_code == status


def test_host_that_is_not_ours_is_refused_on_the_short_way_too(client: Client) -> None:
    cursor = get(client)["cursor"]
    assert client.get(f"{CHANGES}?after={cursor}", headers={"Host": "other.example"}).status_code == 400
    assert client.head(f"{CHANGES}?after={cursor}").status_code == 200
    assert client.post(f"{CHANGES}?after={cursor}").status_code == 405
