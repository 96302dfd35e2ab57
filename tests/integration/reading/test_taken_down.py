"""What was taken down is looked for through every door of the hall."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import pytest
from django.test import Client

from guildhall.registers.followers import run as followers
from guildhall.registers.hiding.actions import What, erase, hold, lift, retire
from guildhall.registers.models import Register
from guildhall.registers.queries import records, registers
from guildhall.registers.sequencer import sequence

from . import doors
from .halls import HACKNEY, Row, odd_list, put, small_hall

pytestmark = pytest.mark.usefixtures("hall")

# Stands in no address and in no question, so that no answer repeats it.
SECRET = "zanzibarquay"
ODD: Row = {
    "odd": "taken",
    "title": f"Marmalade {SECRET}",
    "parts": [f"part {SECRET}", "two"],
    "page": f"https://example.org/{SECRET}",
    "story": f"A long story of {SECRET} and marmalade",
    "count": "77",
    "seen": "2024-05-05",
    "region": f"Region {SECRET}",
}
PRODUCT: Row = {
    "product": "planx",
    "title": f"Marmalade {SECRET}",
    "supplier": f"Supplier {SECRET}",
    "kind": "Planning",
}
USE: Row = {"product-use": "planning", "product": "planx", "what-for": f"For {SECRET}", "source-date": "2026"}
COUNCIL: Row = HACKNEY | {"name": f"Marmalade {SECRET}", "official-name": f"Borough of {SECRET}"}
TAKEN = {"hackney/odd": ODD, "hall/product": PRODUCT, "hackney/product-use": USE, "hall/local-authority": COUNCIL}

ASKED = (
    "registers/hackney/odd/?q=marmalade",
    "registers/hackney/odd/?count=77",
    "registers/hackney/odd/?_sort=title",
    "registers/hackney/odd/?title__empty=yes",
    "registers/hackney/odd/list.csv?_sort=-title",
    "registers/hackney/odd/list.csv?for=excel",
    "registers/hackney/odd/list.json?count=77",
    "registers/hackney/odd/?in-force-on=2025-01-01",
    "registers/hackney/odd/records.json?page-size=5000",
    "registers/hackney/odd/entries.json?limit=5000",
    "registers/hackney/odd/blobs.json?limit=5000",
    "registers/hackney/odd/compare.json?from=0",
    "registers/hackney/odd/compare.csv?from=0",
    "registers/hackney/odd/compare?from=0",
    "registers/hackney/odd/compare?by=in-force",
    "registers/hackney/odd/compare.json?by=in-force",
    "standards/odd/records?q=marmalade",
    "standards/odd/records.csv?_sort=title",
    "standards/product-use/records?product=planx",
    "search?q=marmalade",
    "search?q=marmalad",
    "search?q=zanzibarqua",
    "search.json?q=marmalade&kind=record",
    "search.csv?q=borough",
    "products?q=marmalade",
    "councils?q=marmalade",
    "councils/compare?councils=hackney,isle-of-anglesey",
    "api/v1/registers/hackney/odd/records?q=marmalade",
    "api/v1/registers/hackney/odd/records?_sort=title",
    "api/v1/registers/hackney/odd/entries?_limit=1000",
    "api/v1/standards/odd/records?count=77",
    "api/v1/changes?limit=1000",
)

# The test looks in the right places: so many addresses show the secret before it is taken down.
MOST_DOORS = 150
RETIRED_DOORS = 30


@pytest.fixture
def taken() -> list[tuple[Register, int]]:
    """Four lists, each with a record that has the secret; the list and the number of its change."""
    small_hall()
    odd_list("hackney")
    found = []
    for path, row in TAKEN.items():
        put(registers.register(path), [row])
        register = registers.register(path)
        found.append((register, register.head.size))
    return found


def _values(taken: Sequence[tuple[Register, int]]) -> dict[str, list[object]]:
    hashes = [records.entry(register, number, number).hash for register, number in taken]
    last = [number for _, number in taken]
    bundles = [f"items/000.p/{number}" for number in last] + ["entries/000.p/1", "0/000.p/1"]
    return {
        "organisation": ["hackney", "hall"],
        "name": ["odd", "product", "product-use", "local-authority"],
        "slug": ["hackney", "isle-of-anglesey", "hall", "idox"],
        "key": ["taken", "planx", "planning", "HCK"],
        "number": sorted({1, *last}),
        "size": [max(last)],
        "old": [1],
        "new": [2],
        "digest": hashes,
        "rest": bundles,
        "part": ["lists", "1", "hackney"],
        "suffix": list(doors.SUFFIXES),
    }


def _all(taken: Sequence[tuple[Register, int]]) -> list[str]:
    return [*doors.addresses(_values(taken)), *(f"/{one}" for one in ASKED)]


def _showing(client: Client, addresses: Iterable[str]) -> set[str]:
    """The addresses whose answers have the secret in them; none of them may fail."""
    found = set()
    for address in addresses:
        status, text = doors.answer(client, address)
        assert status < 500, address
        if SECRET in text.lower():
            found.add(address)
    return found


def _follow() -> None:
    sequence()
    followers.catch_up()


def test_a_held_value_comes_through_no_door(client: Client, taken: list[tuple[Register, int]]) -> None:
    before = _showing(client, _all(taken))
    assert len(before) > MOST_DOORS
    whats = [What(register.path, entries=[str(number)]) for register, number in taken]
    for what in whats:
        hold(what=what)
    assert _showing(client, _all(taken)) == set(), "before the followers have heard of it"
    _follow()
    assert _showing(client, before) == set()
    for what in whats:
        lift(what=what)
    _follow()
    assert _showing(client, before) == before


def test_an_erased_value_comes_through_no_door(client: Client, taken: list[tuple[Register, int]]) -> None:
    for register, number in taken:
        erase(what=What(register.path, entries=[str(number)]), ground="court-order")
    assert _showing(client, _all(taken)) == set()


def test_pages_say_plainly_what_was_taken_down(client: Client, taken: list[tuple[Register, int]]) -> None:
    number = taken[0][1]
    for act, words in (
        (lambda what: hold(what=what), "hidden while a mistake is looked into"),
        (lambda what: erase(what=what, ground="court-order"), "erased by law"),
    ):
        act(What("hackney/odd", entries=[str(number)]))
        for address in ("", "records/taken", f"entries/{number}", "records/taken/proof", "compare"):
            status, page = doors.answer(client, f"/registers/hackney/odd/{address}")
            assert status == 200
            assert words in page, address


def test_programs_are_told_what_was_taken_down(client: Client, taken: list[tuple[Register, int]]) -> None:
    number = taken[0][1]
    base = "/registers/hackney/odd/"
    for mark, act in (
        ("_held", lambda what: hold(what=what)),
        ("_erased", lambda what: erase(what=what, ground="safety")),
    ):
        act(What("hackney/odd", entries=[str(number)]))
        assert client.get(f"{base}records/taken.json").json() == {"_id": "taken"}
        assert client.get(f"/api/v1{base}records/taken").json()[mark] is True
        entry = client.get(f"/api/v1{base}entries?_after={number - 1}").json()["results"][0]
        assert (entry[mark], entry["values"]) == (True, {})
        told = client.get("/api/v1/changes?register=hackney/odd&limit=1000").json()["entries"]
        assert [one["item"] for one in told if one.get(mark)] == [None]
        listed = [one for one in _streamed(client, f"{base}list.json") if mark in one]
        assert listed == [{"odd": "taken", mark: "yes"}]
        rows = [line for line in doors.answer(client, f"{base}list.csv")[1].splitlines() if line.startswith("taken")]
        assert rows == ["taken" + "," * 10]


def test_a_retired_list_shows_not_even_its_keys(client: Client, taken: list[tuple[Register, int]]) -> None:
    register, number = taken[0]
    keyed = "quincunxperson"
    put(register, [{"odd": keyed, "title": "Someone"}])
    answers = [address for address in _all(taken) if keyed in doors.answer(client, address)[1]]
    assert len(answers) > RETIRED_DOORS
    retire(path="hackney/odd", ground="data-protection", successor="hackney/product-use")
    for have_heard in (False, True):
        shown = [address for address in _all(taken) if keyed in doors.answer(client, address)[1]]
        assert shown == [], have_heard
        _follow()
    base = "/registers/hackney/odd/"
    for gone in ("", "list.csv", "records.json", "records/taken.json", "entries/1", "tile/entries/000.p/1"):
        status, text = doors.answer(client, base + gone)
        assert (status, "hackney/product-use" in text) == (410, True), gone
    for there in ("checkpoint", f"tile/0/000.p/{number}"):
        assert client.get(base + there).status_code == 200, there


def _streamed(client: Client, address: str) -> list[dict[str, str]]:
    body = b"".join(client.get(address).streaming_content)  # type: ignore[attr-defined]
    found: list[dict[str, str]] = json.loads(body)
    return found
