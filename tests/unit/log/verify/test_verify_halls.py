"""Whole halls, and the folders and addresses that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from guildhall.log.verify.known import default_path
from unit.log.verify.auditor import Auditor
from unit.log.verify.halls import ORIGIN, trees, write_hall


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    return write_hall(
        tmp_path / "hall", trees(), trees("ambridge/bench", 2), trees("hall/erasure", 0), trees("hall/hold", 0)
    )


def test_verify_hall_checks_every_list_and_sums_up(auditor: Auditor, hall: Path) -> None:
    assert auditor.holds(hall).splitlines()[:5] == [
        "ambridge/bench: 2 changes, all as signed; seen for the first time.",
        "ambridge/tree: 300 changes, all as signed; seen for the first time.",
        "hall/erasure: no changes yet, as signed; seen for the first time.",
        "hall/hold: no changes yet, as signed; seen for the first time.",
        f"{ORIGIN}: 4 lists, 302 changes. All hold.",
    ]


def test_verify_hall_with_one_list_that_fails_checks_the_others(auditor: Auditor, hall: Path) -> None:
    (hall / "registers/ambridge/bench/checkpoint").write_text("nothing\n")
    told = auditor.fails(hall)
    assert "ambridge/bench: its checkpoint does not hold" in told
    assert "ambridge/tree: 300 changes, all as signed" in told
    assert f"{ORIGIN}: 4 lists, 300 changes. 1 do not hold, 0 could not be checked." in told


def test_verify_record_of_a_whole_hall_is_a_mistake_of_use(auditor: Auditor, hall: Path) -> None:
    assert "--record needs the address of one list" in auditor.cannot_tell(hall, "--record", "T1")


@pytest.mark.parametrize(
    "address",
    [
        "ftp://hall.example/",
        "http://127.0.0.1:1/registers/ambridge/",
        "http://127.0.0.1:1/registers/ambridge/tree/records",
        "http://127.0.0.1:1/registers/ambridge/tree/?page=2",
        "http://",
        "http://[",
        "http://127.0.0.1:99999/",
        "http://someone:secret@127.0.0.1:1/",
        "nowhere",
        ".",
    ],
)
def test_verify_of_what_is_no_hall_says_so(
    auditor: Auditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.chdir(tmp_path)
    told = auditor.cannot_tell(address)
    assert told.endswith(".\n")
    assert "Traceback" not in told


def test_verify_folder_with_the_checkpoint_of_no_list_says_so(auditor: Auditor, tmp_path: Path) -> None:
    (tmp_path / "checkpoint").write_text("go.sum database tree\n1\n\n")
    assert "is not that of a list" in auditor.cannot_tell(tmp_path)


def test_verify_that_cannot_tell_says_so_in_json(auditor: Auditor, tmp_path: Path) -> None:
    told = auditor.told(tmp_path / "nowhere")
    assert told["holds"] is False
    assert "holds neither a list" in told["error"]


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "[]",
        "{}",
        '{"version":2,"halls":{},"keys":{},"logs":{}}',
        '{"version":1,"halls":{},"keys":{},"logs":[]}',
        '{"version":1,"halls":{},"keys":{"a":"b"},"logs":{}}',
        '{"version":1,"halls":{},"keys":{},"logs":{"a":"b"}}',
        '{"version":1,"halls":{"a":1},"keys":{},"logs":{}}',
    ],
)
def test_verify_with_a_damaged_memory_never_passes_over_it(auditor: Auditor, hall: Path, kept: str) -> None:
    auditor.known.parent.mkdir()
    auditor.known.write_text(kept)
    assert "what was seen before" in auditor.cannot_tell(hall)
    assert auditor.known.read_text() == kept


def test_verify_that_cannot_remember_says_so(auditor: Auditor, hall: Path) -> None:
    auditor.known.parent.write_text("a file where a folder should be")
    assert "known.json" in auditor.cannot_tell(hall)


def test_default_path_is_a_file_of_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert default_path() == tmp_path / "guildhall" / "verified.json"
    monkeypatch.delenv("XDG_STATE_HOME")
    assert default_path().parts[-3:] == (".config", "guildhall", "verified.json")
