"""One record, checked by its proof alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from guildhall.log.bundles import ERASED
from guildhall.log.leaf import entry_leaf, item_hash
from guildhall.log.tiles import bundle_path, tile_path
from unit.log.verify.auditor import Auditor
from unit.log.verify.halls import START, FileList, trees, write_hall
from unit.log.verify.serving import Answer, Site, serve

TREES = "ambridge/tree"
FOLDER = f"registers/{TREES}"
HISTORY = f"/registers/{TREES}/records/T1/entries"
PROOF = f"/registers/{TREES}/proofs/entry/300/300"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with serve(write_hall(tmp_path / "hall", trees())) as served:
        served.lists(trees())
        yield served


def test_verify_record_at_its_address_holds_without_reading_the_list(auditor: Auditor, site: Site) -> None:
    told = auditor.holds(site.list_address(TREES), "--record", "T1").splitlines()[0]
    assert told == (
        "ambridge/tree: change 300 of 300 (key T1, 2023-11-14T22:14:20Z) is as signed; seen for the first time. "
        "That no later change of this record is kept back shows only when the whole list is checked."
    )
    base = f"/registers/{TREES}/"
    items = base + bundle_path("items", 1, 44)
    assert site.asked == ["/log-keys", base + "checkpoint", HISTORY, PROOF, items]


def test_verify_record_in_a_folder_holds(auditor: Auditor, site: Site) -> None:
    assert "change 300 of 300 (key T1, " in auditor.holds(site.folder / FOLDER, "--record", "T1")
    assert "change 17 of 300 (key T17, " in auditor.holds(site.folder / FOLDER, "--record", "T17")


@pytest.mark.parametrize("key", ["2015/1/FUL.pdf", 'Ŵ "x"', "a~b c?d#e%2f"])
def test_verify_record_with_an_unusual_key_holds(auditor: Auditor, tmp_path: Path, key: str) -> None:
    one = FileList(TREES)
    one.add("other", tree="other")
    one.add(key, tree=key)
    with serve(write_hall(tmp_path / "hall", one)) as site:
        site.lists(one)
        assert "change 2 of 2" in auditor.holds(site.list_address(TREES), "--record", key)
        assert "change 2 of 2" in auditor.holds(site.folder / FOLDER, "--record", key)


def test_verify_record_as_json_names_the_change(auditor: Auditor, site: Site) -> None:
    (found,) = auditor.told(site.list_address(TREES), "--record", "T17")["registers"]
    assert found["record"] == {"entry-number": 17, "key": "T17", "entry-timestamp": "2023-11-14T22:13:20Z"}


def test_verify_record_that_is_not_there_says_so(auditor: Auditor, site: Site) -> None:
    assert "There is no record T999 at" in auditor.cannot_tell(site.list_address(TREES), "--record", "T999")
    assert "There is no record T999 in" in auditor.cannot_tell(site.folder / FOLDER, "--record", "T999")


@pytest.mark.parametrize("where", ["address", "folder"])
def test_verify_record_with_one_byte_of_its_values_changed_fails(auditor: Auditor, site: Site, where: str) -> None:
    file = site.folder / FOLDER / bundle_path("items", 1, 44)
    file.write_bytes(file.read_bytes().replace(b'"elm"', b'"fir"'))
    place = site.list_address(TREES) if where == "address" else site.folder / FOLDER
    assert "the values of change 300 (key T1) are not those that were signed." in auditor.fails(place, "--record", "T1")
    assert "change 299" in auditor.holds(place, "--record", "T299")


def test_verify_record_with_an_entry_changed_fails(auditor: Auditor, site: Site) -> None:
    file = site.folder / FOLDER / bundle_path("entries", 1, 44)
    file.write_bytes(file.read_bytes().replace(b"22:14:20Z", b"22:14:21Z"))
    told = auditor.fails(site.folder / FOLDER, "--record", "T1")
    assert "change 300 (key T1) is not the one that was signed." in told
    history = json.dumps(
        [{"entry-number": 300, "entry-timestamp": "2023-11-14T22:14:20Z", "key": "T1", "blob-hash": "1220" + "0" * 64}]
    )
    site.answers[HISTORY] = Answer(history.encode())
    told = auditor.fails(site.list_address(TREES), "--record", "T1")
    assert "change 300 (key T1) is not the one that was signed. The proof does not lead to the root." in told


def entry(**changes: Any) -> dict[str, Any]:
    good = {"entry-number": 1, "entry-timestamp": "2023-11-14T22:13:20Z", "key": "T1", "blob-hash": "1220" + "0" * 64}
    return good | {name.replace("_", "-"): value for name, value in changes.items()}


@pytest.mark.parametrize(
    ("history", "problem"),
    [
        ("<!doctype html>", "does not answer in JSON"),
        ("[" * 50_000, "does not answer in JSON"),
        ("{}", "gives no change of T1"),
        ("[]", "gives no change of T1"),
        ("null", "in a form that is none"),
        ("[1]", "in a form that is none"),
        ("[{}]", "in a form that is none"),
        (json.dumps([entry(entry_number=0)]), "in a form that is none"),
        (json.dumps([entry(entry_number="1")]), "in a form that is none"),
        (json.dumps([entry(entry_timestamp="yesterday")]), "in a form that is none"),
        (json.dumps([entry(blob_hash="1220")]), "in a form that is none"),
        (json.dumps([entry(key=None)]), "in a form that is none"),
        (json.dumps([entry(key="T2")]), "gives no change of T1"),
        (json.dumps([entry(entry_number=301)]), "gives no change of T1"),
    ],
)
def test_verify_record_with_a_hostile_history_fails(auditor: Auditor, site: Site, history: str, problem: str) -> None:
    site.answers[HISTORY] = Answer(history.encode())
    assert problem in auditor.fails(site.list_address(TREES), "--record", "T1")


@pytest.mark.parametrize(
    "proof", ["[]", "{}", '{"audit-path":["zz"]}', '{"audit-path":[1]}', '{"audit-path":[]}', '{"audit-path":null}']
)
def test_verify_record_with_a_hostile_proof_fails(auditor: Auditor, site: Site, proof: str) -> None:
    site.answers[PROOF] = Answer(proof.encode())
    assert "change 300 (key T1) is not the one that was signed." in auditor.fails(
        site.list_address(TREES), "--record", "T1"
    )


def test_verify_record_with_a_proof_in_plain_hexadecimal_holds(auditor: Auditor, site: Site) -> None:
    proof = site.answer(PROOF).body.replace(b'"1220', b'"')
    site.answers[PROOF] = Answer(proof)
    auditor.holds(site.list_address(TREES), "--record", "T1")


def test_verify_record_published_since_the_checkpoint_was_read_shows_the_earlier(auditor: Auditor, site: Site) -> None:
    history = json.loads(site.answers[HISTORY].body)  # type: ignore[union-attr]
    site.answers[HISTORY] = Answer(json.dumps([*history, entry(entry_number=301)]).encode())
    assert "change 300 of 300" in auditor.holds(site.list_address(TREES), "--record", "T1")


@pytest.mark.parametrize("where", ["address", "folder"])
def test_verify_record_goes_on_from_what_was_seen(auditor: Auditor, site: Site, where: str) -> None:
    place = site.list_address(TREES) if where == "address" else site.folder / FOLDER
    auditor.holds(place, "--record", "T1")
    assert "the same as last time" in auditor.holds(place, "--record", "T1")
    grown = trees()
    for number in range(301, 701):
        grown.add(f"T{number}", time=START + 60, tree=f"T{number}")
    grown.write(site.folder)
    site.lists(grown)
    assert "goes on from the 300 changes seen last time" in auditor.holds(place, "--record", "T1")
    forked = trees(count=800)
    forked.write(site.folder)
    site.lists(forked)
    assert "its past was changed: its first 700 changes" in auditor.fails(place, "--record", "T1")
    trees(count=20).write(site.folder)
    assert "rolled back: it had 700 changes" in auditor.fails(place, "--record", "T1")


def test_verify_record_with_the_hashes_missing_that_show_the_past_fails(auditor: Auditor, site: Site) -> None:
    auditor.holds(site.list_address(TREES), "--record", "T1")
    grown = trees()
    grown.add("T301", time=START + 60, tree="T301")
    grown.write(site.folder)
    site.lists(grown)
    (site.folder / FOLDER / tile_path(0, 1, 45)).unlink()
    assert "is not there" in auditor.cannot_tell(site.list_address(TREES), "--record", "T1")


@pytest.mark.parametrize("named", ["300", "299"])
def test_verify_record_whose_values_were_erased_asks_the_account(auditor: Auditor, tmp_path: Path, named: str) -> None:
    one = trees()
    one.remove(300, ERASED)
    account = FileList("hall/erasure")
    account.add("1", erasure="1", register=TREES, entries=[named])
    write_hall(tmp_path, one, account, FileList("hall/hold"))
    if named == "300":
        told = auditor.holds(tmp_path / FOLDER, "--record", "T1")
        assert (
            "change 300 of 300 (key T1, 2023-11-14T22:14:20Z) is as signed; the values of 1 change erased by law"
            in told
        )
    else:
        assert "hall/erasure does not name them" in auditor.fails(tmp_path / FOLDER, "--record", "T1")


@pytest.mark.parametrize(("kind", "problem"), [("entries", "its changes cannot be read"), ("items", "cannot be read")])
def test_verify_record_with_a_damaged_file_fails(auditor: Auditor, site: Site, kind: str, problem: str) -> None:
    file = site.folder / FOLDER / bundle_path(kind, 1, 44)
    file.write_bytes(file.read_bytes()[:-1])
    assert f"{problem}: it is cut short." in auditor.fails(site.folder / FOLDER, "--record", "T1")


def test_verify_record_with_values_that_are_not_canonical_fails(auditor: Auditor, tmp_path: Path) -> None:
    one = FileList(TREES)
    one.add("T1", tree="T1")
    item = b'{"tree": "T1"}'
    one.entries[0] = entry_leaf(1, "T1", START, item_hash(bytes(16), item))
    one.items[0] = (0, bytes(16), item)
    write_hall(tmp_path, one)
    told = auditor.fails(tmp_path / FOLDER, "--record", "T1")
    assert "the values of change 1 (key T1) are not in canonical form." in told


def test_verify_record_with_its_stored_hashes_damaged_in_a_folder_fails(auditor: Auditor, site: Site) -> None:
    tile = site.folder / FOLDER / tile_path(0, 1, 44)
    tile.write_bytes(tile.read_bytes()[:-32])
    told = auditor.fails(site.folder / FOLDER, "--record", "T17")
    assert "is not the one that was signed. Tile 1 at level 0 should hold 44 hashes and has 43." in told
