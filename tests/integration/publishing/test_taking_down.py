"""Taking something down from the command line, as an officer does it and an auditor sees it."""

from __future__ import annotations

import json
import socket
import sqlite3
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from .test_commands import STANDARD, Hall

PATH = "ambridge/tree"
SECRET = "zanzibarquay"


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """A hall with one list of two trees."""
    hall = Hall(tmp_path / "hall")
    hall.environment["XDG_STATE_HOME"] = str(tmp_path)  # what an auditor remembers of it
    hall.run("migrate")
    hall.run("organisation", "add", "ambridge", "--name", "Ambridge Council", "--kind", "council")
    (tmp_path / "tree.json").write_text(json.dumps(STANDARD))
    hall.run("standard", "add", str(tmp_path / "tree.json"))
    hall.run("publish", str(_file(tmp_path)), "--register", PATH, "--yes")
    return hall


def _file(folder: Path) -> Path:
    file = folder / "trees.csv"
    file.write_text(f"tree,species\nT1,{SECRET}\nT2,ash\n")
    return file


def _bytes(hall: Hall) -> bytes:
    return b"".join(path.read_bytes() for path in hall.folder.rglob("*") if path.is_file())


def test_hold_erase_and_verify_from_the_command_line(hall: Hall, tmp_path: Path) -> None:
    port = _free_port()
    server = hall.start("serve", "--port", str(port))
    address = f"http://127.0.0.1:{port}/registers/{PATH}/"
    try:
        _wait_for(address)
        told = json.loads(hall.run("hold", PATH, "--entry", "1", "--json"))
        assert told == [{"hold": "1", "register": PATH, "entries": ["1"], "changes": 1, "size": 1}]
        assert SECRET not in _read(f"{address}records/T1.json") + _read(f"{address}list.csv")
        assert "held" in hall.run("verify", address)
        assert "Nothing" not in hall.run("hold", PATH, "--entry", "1", "--lift")
        assert SECRET in _read(f"{address}records/T1.json")
        assert "within 24 hours" in hall.run("erase", PATH, "--entry", "1", "--ground", "data-protection", "--yes")
        assert "erased" in hall.run("verify", address)
        for _ in range(100):
            if not json.loads(hall.run("status", "--json"))["erasures-to-be-removed"]:
                break
            time.sleep(0.2)
        assert SECRET.encode() not in _bytes(hall).lower()
        _hide_without_saying_so(hall)
        assert "hall/erasure does not name them" in hall.run("verify", address, status=1)
    finally:
        server.terminate()
        server.wait(timeout=30)
    refused = hall.run("publish", str(_file(tmp_path)), "--register", PATH, "--yes", status=1)
    assert "T1" in refused
    assert "--replace-erased" in refused
    hall.run("publish", str(_file(tmp_path)), "--register", PATH, "--yes", "--replace-erased")


def test_erase_without_anyone_to_ask_is_refused(hall: Hall) -> None:
    assert "--yes" in hall.run("erase", PATH, "--entry", "1", "--ground", "safety", status=2)
    assert "--entry" in hall.run("hold", PATH, status=2)
    assert "because" in hall.run("erase", PATH, "--entry", "1", "--ground", "because", "--yes", status=2)
    assert "There is nothing to take down" in hall.run("hold", PATH, "--entry", "9", status=1)


def _hide_without_saying_so(hall: Hall) -> None:
    """Behind the hall's back: the second change is said to be erased, and no entry says so."""
    with closing(sqlite3.connect(hall.folder / "guildhall.sqlite3")) as database:
        database.execute("UPDATE registers_hiddenrun SET last = 2")
        database.commit()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_retire_closes_a_list_and_erases_all_of_it(hall: Hall, tmp_path: Path) -> None:
    told = json.loads(hall.run("retire", PATH, "--ground", "data-protection", "--yes", "--json"))
    assert told == {
        "erasure": "1",
        "register": PATH,
        "entries": ["1-2"],
        "changes": 2,
        "size": 1,
        "ground": "data-protection",
    }
    refused = hall.run("publish", str(_file(tmp_path)), "--register", PATH, "--yes", status=1)
    assert "This list was retired" in refused


def _read(address: str) -> str:
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - its own hall
        return str(answer.read().decode())


def _wait_for(address: str) -> None:
    for _ in range(150):
        try:
            _read(address)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the hall did not open")
