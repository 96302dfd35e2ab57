"""The command line as a publisher and an auditor use it, on the real database in a process of its own."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from integration.config.halls import STANDARD, Hall


class SQLiteHall(Hall):
    """Looked at behind its back."""

    def entries(self, path: str) -> int:
        with closing(sqlite3.connect(self.folder / "guildhall.sqlite3")) as database:
            row = database.execute(
                "SELECT size FROM registers_registerhead h JOIN registers_register r ON r.id = h.register_id"
                " WHERE path = ?",
                [path],
            ).fetchone()
        return row[0] if row else 0


@pytest.fixture(scope="module")
def hall_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hall")


@pytest.fixture(scope="module")
def command(hall_folder: Path) -> SQLiteHall:
    hall = SQLiteHall(hall_folder)
    hall.run("migrate")
    hall.run("organisation", "add", "ambridge", "--name", "Ambridge", "--kind", "council")
    standard = hall_folder / "tree.json"
    standard.write_text(json.dumps(STANDARD))
    assert "The data standard tree, version 1, is ready" in hall.run("standard", "add", str(standard))
    return hall


def trees(hall: Hall, text: str, name: str = "trees.csv") -> str:
    path = hall.folder / name
    path.write_text(text)
    return str(path)


def test_publish_shows_a_preview_and_a_summary(command: SQLiteHall) -> None:
    file = trees(command, "tree,species\nA1,oak\nA2,ash\n")
    told = command.run("publish", file, "--register", "ambridge/tree", "--dry-run")
    assert "2 new: A1, A2" in told
    assert command.entries("ambridge/tree") == 0
    told = command.run("publish", file, "--register", "ambridge/tree", "--yes", "--reason", "Survey")
    assert "Published to ambridge/tree: 2 new, 0 changed, 0 ended, 0 unchanged." in told
    assert "hall.example/registers/ambridge/tree\n2\n" in told
    told = command.run("publish", file, "--register", "ambridge/tree", "--yes")
    assert "ambridge/tree is the same already: nothing was published." in told


def test_publish_as_json_tells_the_same(command: SQLiteHall) -> None:
    file = trees(command, "tree,species\nJ1,oak\n", "json.csv")
    answer = json.loads(command.run("publish", file, "--register", "ambridge/tree", "--yes", "--json", "--dry-run"))
    assert (answer["rows"], answer["new"], answer["published"]) == (1, 1, None)


def test_publish_as_json_tells_of_an_error_too(command: SQLiteHall) -> None:
    told = command.run("publish", trees(command, "", "none.csv"), "--register", "ambridge/tree", "--json", status=1)
    error, _ = json.JSONDecoder().raw_decode(told)
    assert error["error"] == {
        "title": "This file cannot be read",
        "detail": "none.csv is empty.",
        "remedy": "Choose the file that has the rows, or save it again.",
    }


def test_publish_without_anyone_to_ask_needs_yes(command: SQLiteHall) -> None:
    file = trees(command, "tree,species\nN1,oak\n", "ask.csv")
    assert "--yes" in command.run("publish", file, "--register", "ambridge/tree", status=2)


def test_publish_rows_in_error_ends_with_status_1_and_names_them(command: SQLiteHall) -> None:
    file = trees(command, "tree,species\nE1,oak\nE2,\n", "wrong.csv")
    told = command.run("publish", file, "--register", "ambridge/tree", "--yes", status=1)
    assert "1 in error" in told
    assert "row 3" in told.lower()
    assert "Species" in told or "species" in told


def test_publish_for_an_unknown_organisation_says_so_in_one_line(command: SQLiteHall) -> None:
    file = trees(command, "tree,species\nE1,oak\n", "elsewhere.csv")
    told = command.run("publish", file, "--register", "borchester/tree", "--yes", status=1)
    assert "There is no organisation called borchester in this hall." in told
    assert "Traceback" not in told


def test_publisher_killed_half_way_leaves_nothing_that_anyone_sees(command: SQLiteHall) -> None:
    big = trees(command, "tree,species\n" + "".join(f"K{n},oak\n" for n in range(60_000)), "big.csv")
    before = command.entries("ambridge/tree")
    process = command.start("publish", big, "--register", "ambridge/tree", "--yes")
    _wait_until_staging(command, before)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert command.entries("ambridge/tree") == before
    busy = command.run(
        "publish", trees(command, "tree,species\nA1,oak\n"), "--register", "ambridge/tree", "--yes", status=1
    )
    assert "Someone else is publishing to ambridge/tree now." in busy
    time.sleep(10.5)  # the lease of the dead publisher runs out
    command.run("publish", trees(command, "tree,species\nA1,oak\nA3,fir\n"), "--register", "ambridge/tree", "--yes")
    assert command.entries("ambridge/tree") == before + 1
    with closing(sqlite3.connect(command.folder / "guildhall.sqlite3")) as database:
        left = database.execute("SELECT count(*) FROM registers_entry WHERE key LIKE 'K%'").fetchone()[0]
    assert left == 0


def _wait_until_staging(command: SQLiteHall, size: int) -> None:
    for _ in range(400):
        with closing(sqlite3.connect(command.folder / "guildhall.sqlite3", timeout=20)) as database:
            last = database.execute(
                "SELECT max(number) FROM registers_entry WHERE register_id ="
                " (SELECT id FROM registers_register WHERE path = 'ambridge/tree')"
            ).fetchone()[0]
        if (last or 0) > size:
            return
        time.sleep(0.02)
    raise AssertionError("the publisher staged nothing")


def test_status_says_what_the_hall_holds(command: SQLiteHall) -> None:
    facts = json.loads(command.run("status", "--json"))
    assert facts["origin"] == "hall.example"
    assert facts["registers"] >= 5


def test_command_where_there_is_no_hall_yet_says_what_to_run(tmp_path: Path) -> None:
    told = Hall(tmp_path).run("status", status=2)
    assert "The hall's database cannot be used" in told
    assert "guildhall migrate" in told
    assert "Traceback" not in told


def test_serve_where_there_is_no_hall_yet_says_what_to_run(tmp_path: Path) -> None:
    assert "First run: guildhall migrate" in Hall(tmp_path).run("serve", "--port", "0", status=1)


def test_serve_at_a_port_that_is_taken_says_so(command: SQLiteHall) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as the hall's own server does
        other.bind(("127.0.0.1", 0))
        other.listen()
        told = command.run("serve", "--port", str(other.getsockname()[1]), status=1)
    assert "Address already in use" in told
    assert "--port" in told


def test_unknown_follower_is_named(command: SQLiteHall) -> None:
    assert "There is no follower called moods" in command.run("rebuild", "moods", status=1)
