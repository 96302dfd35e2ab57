"""The same over HTTP, from servers that are honest and from servers that are not."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from guildhall.log.bundles import ITEMS_SIZE
from guildhall.log.tiles import bundle_path
from guildhall.log.verify import sources
from guildhall.log.verify.sources import HttpPlace, http_client
from guildhall.log.verify.stream import ENTRIES, ITEMS, in_order
from unit.log.verify.auditor import Auditor
from unit.log.verify.halls import ORIGIN, key_line, listing, trees, write_hall
from unit.log.verify.serving import Answer, Site, serve

TREES = "ambridge/tree"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    tree, bench = trees(), trees("ambridge/bench", 2)
    with serve(write_hall(tmp_path / "hall", tree, bench)) as served:
        served.lists(tree, bench)
        yield served


def test_verify_list_at_its_address_holds(auditor: Auditor, site: Site) -> None:
    told = auditor.holds(site.list_address(TREES))
    assert told.startswith("ambridge/tree: 300 changes, all as signed; seen for the first time.\n")
    assert key_line() in told
    assert "the same as last time" in auditor.holds(site.list_address(TREES).rstrip("/"))


def test_verify_list_reads_each_file_once(auditor: Auditor, site: Site) -> None:
    auditor.holds(site.list_address(TREES))
    base = f"/registers/{TREES}/"
    files = [bundle_path(kind, *run) for kind in ("entries", "items") for run in ((0, 256), (1, 44))]
    assert sorted(site.asked) == sorted(["/log-keys", base + "checkpoint", *(base + file for file in files)])


def test_verify_by_the_module_alone_holds_in_a_process_of_its_own(site: Site, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "guildhall.log.verify", site.address, "--known", str(tmp_path / "known.json")]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert f"{ORIGIN}: 2 lists, 302 changes. All hold." in ran.stdout


def test_verify_with_one_byte_of_an_item_changed_names_the_change(auditor: Auditor, site: Site) -> None:
    file = site.folder / "registers" / TREES / bundle_path("items", 0, 256)
    file.write_bytes(file.read_bytes().replace(b'"T17"', b'"T71"'))
    assert "the values of change 17 (key T17) are not those that were signed" in auditor.fails(site.list_address(TREES))


# ---- whole halls


@pytest.mark.parametrize("end", ["", "registers/", "registers"])
def test_verify_hall_at_its_address_checks_every_list(auditor: Auditor, site: Site, end: str) -> None:
    assert f"{ORIGIN}: 2 lists, 302 changes. All hold." in auditor.holds(site.address + end)


@pytest.mark.parametrize(
    "following", ["/registers/?format=json&page=2", "?format=json&page=2", "{}registers/?format=json&page=2"]
)
def test_verify_hall_follows_the_pages_of_its_lists(auditor: Auditor, site: Site, following: str) -> None:
    site.answers["/registers/?format=json"] = Answer(listing(TREES, following=following.format(site.address)))
    site.answers["/registers/?format=json&page=2"] = Answer(listing("ambridge/bench"))
    assert "2 lists, 302 changes" in auditor.holds(site.address)


def test_verify_hall_notices_a_list_that_it_names_no_more(auditor: Auditor, site: Site) -> None:
    auditor.holds(site.address)
    site.answers["/registers/?format=json"] = Answer(listing(TREES))
    assert "ambridge/bench: 2 changes, all as signed" in auditor.holds(site.address)
    site.answers["/registers/ambridge/bench/checkpoint"] = Answer(status=404)
    assert "ambridge/bench: it is gone. When it was seen last it had 2 changes." in auditor.fails(site.address)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"<!doctype html>", "does not list the lists"),
        (b"[]", "does not list the lists"),
        (b"null", "does not list the lists"),
        (b'{"results":[{"path":1}]}', "as no list can be called"),
        (b'{"results":[{"path":"../secret"}]}', "as no list can be called"),
        (b'{"results":[{"path":"a/b?c"}]}', "as no list can be called"),
        (listing(following="/registers/?format=json"), "never comes to an end"),
        (listing(following="http://elsewhere.example/registers/?page=2"), "goes on in another place"),
        (listing(following="//elsewhere.example/registers/"), "goes on in another place"),
        (b" " * (8 * 1024 * 1024 + 1), "is larger than such a file can be"),
    ],
)
def test_verify_hall_with_a_hostile_list_of_lists_stops(
    auditor: Auditor, site: Site, body: bytes, problem: str
) -> None:
    site.answers["/registers/?format=json"] = Answer(body)
    assert problem in auditor.cannot_tell(site.address)


def test_verify_where_there_is_no_hall_says_so(auditor: Auditor, site: Site) -> None:
    del site.answers["/registers/?format=json"]
    assert f"There is no hall at {site.address}" in auditor.cannot_tell(site.address)
    assert "log-keys is not there. Give the hall's key with --key." in auditor.cannot_tell(site.address + "deeper/")


def test_verify_where_there_is_no_such_list_says_so(auditor: Auditor, site: Site) -> None:
    assert "ambridge/pond: could not be checked." in auditor.cannot_tell(site.list_address("ambridge/pond"))


# ---- servers in trouble, and hostile ones


def test_verify_where_nobody_answers_says_so(auditor: Auditor) -> None:
    assert "http://127.0.0.1:1/log-keys cannot be read:" in auditor.cannot_tell("http://127.0.0.1:1/registers/a/b/")


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (Answer(status=500), "answers 500."),
        (Answer(status=206), "answers 206."),
        (
            Answer(status=302, headers={"Location": "http://elsewhere.example/"}),
            "sends readers on to http://elsewhere.example/",
        ),
        (Answer(gzip.compress(b"x"), headers={"Content-Encoding": "gzip"}), "compressed form"),
        (Answer(b"x" * 65_537), "is larger than such a file can be (65,536 bytes)."),
        (Answer(headers={"Transfer-Encoding": "nonsense", "Content-Length": "5"}), "cannot be read"),
        (Answer(b"x", headers={"Content-Length": "5", "Connection": "close"}), "cannot be read"),
    ],
)
def test_verify_with_an_answer_that_is_none_cannot_tell(
    auditor: Auditor, site: Site, answer: Answer, problem: str
) -> None:
    site.answers[f"/registers/{TREES}/checkpoint"] = answer
    assert problem in auditor.cannot_tell(site.list_address(TREES))


def test_verify_with_a_bundle_beyond_every_bound_stops_reading(auditor: Auditor, site: Site) -> None:
    bundle = f"/registers/{TREES}/{bundle_path('items', 0, 256)}"
    site.answers[bundle] = Answer(b"\x00" * (ITEMS_SIZE + 1))
    assert f"is larger than such a file can be ({ITEMS_SIZE:,} bytes)" in auditor.cannot_tell(site.list_address(TREES))


def test_verify_with_a_busy_server_waits_and_asks_again(
    auditor: Auditor, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(sources.time, "sleep", waited.append)
    note = (site.folder / "registers" / TREES / "checkpoint").read_bytes()
    answers = iter([Answer(status=429, headers={"Retry-After": "86400"}), Answer(status=503), Answer(note)])
    site.answers[f"/registers/{TREES}/checkpoint"] = lambda: next(answers)
    auditor.holds(site.list_address(TREES))
    assert waited == [10.0, 2.0]


def test_verify_with_a_server_that_stays_busy_gives_up(
    auditor: Auditor, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources.time, "sleep", lambda _seconds: None)
    site.answers[f"/registers/{TREES}/checkpoint"] = Answer(status=503)
    assert "answers 503." in auditor.cannot_tell(site.list_address(TREES))
    assert site.asked.count(f"/registers/{TREES}/checkpoint") == 3


def test_verify_that_is_stopped_cannot_tell(auditor: Auditor, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sources.time, "sleep", interrupt)
    site.answers[f"/registers/{TREES}/checkpoint"] = Answer(status=503)
    assert "Stopped before everything was checked." in auditor.cannot_tell(site.list_address(TREES))


def test_read_of_an_answer_that_trickles_gives_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_PATIENCE", -1.0)
    with http_client() as client, pytest.raises(sources.SourceError, match="answers too slowly"):
        HttpPlace(client, site.address).read("log-keys", 1_000)


def test_http_client_follows_nobody_and_asks_for_nothing_compressed() -> None:
    with http_client() as client:
        assert client.follow_redirects is False
        assert client.headers["accept-encoding"] == "identity"
        assert client.timeout == httpx.Timeout(30, connect=10)


def test_in_order_fetches_a_few_files_ahead_and_no_more(tmp_path: Path) -> None:
    """So memory does not grow with the list."""
    with serve(write_hall(tmp_path, trees(count=256 * 40))) as site, http_client() as client:
        place = HttpPlace(client, site.list_address(TREES))
        numbers = []
        for done, (first, (leaves, items)) in enumerate(in_order(place, 256 * 40, (ENTRIES, ITEMS)), 1):
            numbers.append(first)
            assert len(leaves) == len(items) == 256
            assert len(site.asked) <= 2 * (done + 4)
    assert numbers == list(range(1, 256 * 40, 256))


# ---- retired lists


def test_verify_retired_list_checks_its_hashes(auditor: Auditor, site: Site) -> None:
    for kind in ("entries", "items"):
        for index, width in ((0, 256), (1, 44)):
            site.answers[f"/registers/{TREES}/{bundle_path(kind, index, width)}"] = Answer(status=410)
    told = auditor.holds(site.list_address(TREES))
    assert (
        "ambridge/tree: retired. Its 300 changes are shown no more; their hashes were checked and are as signed."
        in told
    )
    tile = site.folder / "registers" / TREES / "tile/0/000"
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    assert "its hashes are not those that were signed" in auditor.fails(site.list_address(TREES))
    tile.unlink()
    assert "change 1 cannot be read" in auditor.fails(site.list_address(TREES))


def test_verify_retired_list_that_was_rolled_back_says_so(auditor: Auditor, site: Site) -> None:
    auditor.holds(site.list_address(TREES))
    trees(count=200).write(site.folder)
    site.answers[f"/registers/{TREES}/{bundle_path('entries', 0, 200)}"] = Answer(status=410)
    assert "rolled back" in auditor.fails(site.list_address(TREES))


def test_verify_list_of_which_nothing_is_left_is_reported_as_retired(auditor: Auditor, site: Site) -> None:
    site.answers[f"/registers/{TREES}/checkpoint"] = Answer(status=410)
    told = auditor.holds(site.address)
    assert "ambridge/tree: retired. Nothing of it is shown any more, so nothing was checked." in told


def test_verify_as_json_over_http_is_json_alone(auditor: Auditor, site: Site) -> None:
    result = auditor(site.address, "--json")
    assert json.loads(result.stdout)["holds"] is True
    assert result.stderr == ""
