"""A hall is copied while it serves and put back with one command, on either database."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from guildhall.config.backups import manifest, run
from guildhall.config.backups.manifest import BackupRefusedError

from .halls import TREES, Hall, own_hall


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """A hall with two trees and, beside it, its backup; the file last-checkpoints knows of them."""
    folder = tmp_path_factory.mktemp("pattern")
    with own_hall(folder / "home") as own:
        own.create()
        own.plant("A", "B")
        own.run("migrate")
        own.run("backup", str(folder / "copy"))
        yield own


@pytest.fixture
def copy(pattern: Hall) -> Path:
    return pattern.folder.parent / "copy"


@pytest.fixture
def hall(pattern: Hall, tmp_path: Path) -> Iterator[Hall]:
    with own_hall(tmp_path / "home", like=pattern) as own:
        yield own


def records(hall: Hall) -> int:
    return int(hall.json("status")["records"])


def recorded(copy: Path) -> int:
    return sum(int(note.splitlines()[1]) for note in manifest.checkpoints(copy).values())


def test_backup_says_what_it_holds_and_holds_no_key(pattern: Hall, copy: Path) -> None:
    found = manifest.read(copy)
    assert (found.origin, found.registers, found.database) == ("hall.example", 6, connection.vendor)
    assert found.entries == recorded(copy)
    assert manifest.checkpoints(copy)[TREES].startswith(f"hall.example/registers/{TREES}\n2\n")
    secrets = [(pattern.folder / name).read_bytes().strip() for name in ("log-key", "secret-key")]
    for path in copy.iterdir():
        assert not any(secret in path.read_bytes() for secret in secrets)
    assert copy.stat().st_mode & 0o777 == 0o700


def test_backup_into_a_folder_that_has_something_in_it_is_refused(pattern: Hall, copy: Path, tmp_path: Path) -> None:
    assert "is not empty" in pattern.run("backup", str(copy), status=1)
    manifest.read(copy)


def test_backup_that_finds_no_room_says_so_and_leaves_nothing_behind(pattern: Hall, tmp_path: Path) -> None:
    # In blocks of half a kilobyte: no file may grow beyond that, as on a disk that is full.
    words = 'ulimit -f 160; exec "$@"'
    command = ["sh", "-c", words, "sh", sys.executable, "-m", "guildhall", "backup", str(tmp_path / "copy")]
    done = subprocess.run(command, env=pattern.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_restore_that_finds_no_room_leaves_the_hall_as_it_was(hall: Hall, copy: Path) -> None:
    hall.plant("A", "B", "C")
    before = records(hall)
    if connection.vendor == "sqlite":
        words = 'ulimit -f 160; exec "$@"'
        command = ["sh", "-c", words, "sh", sys.executable, "-m", "guildhall", "restore", str(copy), "--replace"]
        done = subprocess.run(command, env=hall.environment, capture_output=True, text=True, check=False)
        assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert records(hall) == before


def test_backup_of_no_hall_leaves_nothing_behind(tmp_path: Path) -> None:
    with own_hall(tmp_path / "home") as none:
        assert "There is no hall" in none.run("backup", str(tmp_path / "copies" / "one"), status=1)
    assert not (tmp_path / "copies").exists()


def test_backup_while_others_publish_is_the_hall_of_one_moment(hall: Hall, tmp_path: Path) -> None:
    publisher = threading.Thread(target=hall.plant, args=["A", "B", *(f"N{number}" for number in range(900))])
    publisher.start()
    hall.run("backup", str(tmp_path / "copy"))
    publisher.join()
    assert recorded(tmp_path / "copy") == manifest.read(tmp_path / "copy").entries
    hall.run("restore", str(tmp_path / "copy"), "--replace")
    assert manifest.checkpoints(tmp_path / "copy")[TREES].splitlines()[1] in {"2", "902"}


def test_restore_on_a_new_machine_signs_on_where_key_and_last_checkpoints_are_there(
    pattern: Hall, copy: Path, tmp_path: Path
) -> None:
    with own_hall(tmp_path / "second") as second:
        told = second.run("restore", str(copy))
        assert "log-key, and that file is not there" in told
        assert "last-checkpoints is not there" in told
        assert records(second) == recorded(copy)
        for name in ("log-key", "last-checkpoints"):
            (second.folder / name).write_bytes((pattern.folder / name).read_bytes())
        assert second.json("restore-check")["signs"] is True
        assert "1 new" in second.plant("A", "B", "C")


def test_restore_on_a_new_machine_without_last_checkpoints_signs_when_there_are_none(
    pattern: Hall, copy: Path, tmp_path: Path
) -> None:
    with own_hall(tmp_path / "second") as second:
        (second.folder / "log-key").write_bytes((pattern.folder / "log-key").read_bytes())
        assert second.json("restore", str(copy))["signs"] is False
        second.run("restore-check", "--checkpoint", str(copy / manifest.CHECKPOINTS))
        assert "1 new" in second.plant("A", "B", "C")


def test_restored_old_backup_signs_nothing_and_names_what_is_lost(hall: Hall, copy: Path) -> None:
    hall.plant("A", "B", "C", "D", "E")
    hall.run("migrate")
    kept = (hall.folder / "last-checkpoints").read_bytes()
    assert "--replace" in hall.run("restore", str(copy), status=1)
    told = hall.json("restore", str(copy), "--replace")
    assert told["signs"] is False
    assert "older than what this hall has signed" in told["hindrances"][0]["problem"]
    assert (hall.folder / "last-checkpoints").read_bytes() == kept
    assert "signs nothing now" in hall.plant("A", "B", "F", status=1)
    found = hall.json("restore-check", status=1)
    assert found["lost"] == [{"register": TREES, "first-entry": 3, "last-entry": 5}]
    assert "last-checkpoints is there and counts" in hall.run("restore-check", "--none", status=2)
    # And on the record, under a new origin.
    assert "--yes" in hall.run("new-origin", "hall-2027.example", status=2)
    assert "cannot be an origin" in hall.run("new-origin", "https://hall", "--yes", status=1)
    assert "signs as hall-2027.example" in hall.run("new-origin", "hall-2027.example", "--yes")
    hall.environment["GUILDHALL_ORIGIN"] = "hall-2027.example"
    assert f"hall-2027.example/registers/{TREES}\n3\n" in hall.plant("A", "B", "F")


def test_restore_beside_a_reader_leaves_it_what_it_reads(hall: Hall, copy: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's tables are locked until it is done; SQLite's file is the case to try")
    hall.plant("A", "B", "C")
    with closing(sqlite3.connect(hall.folder / "guildhall.sqlite3")) as reader:
        reader.execute("BEGIN")
        (before,) = reader.execute("SELECT max(number) FROM registers_entry").fetchone()
        hall.run("restore", str(copy), "--replace")
        assert reader.execute("SELECT max(number) FROM registers_entry").fetchone() == (before,)
        reader.rollback()
    assert records(hall) == recorded(copy)


# ---- what is refused before anything is touched


@pytest.fixture
def changed(copy: Path, tmp_path: Path) -> Path:
    """A backup to do harm to."""
    folder = tmp_path / "changed"
    folder.mkdir()
    for path in copy.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def test_damaged_backup_is_refused(changed: Path) -> None:
    (database,) = changed.glob("database.*")
    whole = database.read_bytes()
    database.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(BackupRefusedError, match="missing or damaged"):
        manifest.read(changed)
    database.unlink()
    with pytest.raises(BackupRefusedError, match="missing or damaged"):
        manifest.read(changed)


def test_folder_without_a_backup_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BackupRefusedError, match="holds no backup"):
        manifest.read(tmp_path)


@pytest.mark.usefixtures("hall")
@pytest.mark.parametrize(
    ("member", "value", "problem"),
    [
        ("format", 9, "a form that this one does not know"),
        ("database", "oracle", "a backup of a hall on oracle"),
        ("migrations", [["registers", "9999_later"]], "has tables that this one lacks: registers 9999_later"),
    ],
)
def test_backup_of_another_program_is_refused(changed: Path, member: str, value: object, problem: str) -> None:
    file = changed / manifest.FILE
    file.write_text(json.dumps(json.loads(file.read_text()) | {member: value}))
    with pytest.raises(BackupRefusedError, match=problem):
        run.put_back(changed, replace=True)


def test_nightly_script_makes_a_backup_that_is_whole(pattern: Hall, tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[3]
    program = Path(sys.executable).with_name("guildhall")
    command = ["sh", str(root / "deploy" / "back-up.sh"), str(tmp_path / "copies"), "35"]
    subprocess.run(command, env=pattern.environment | {"GUILDHALL_PROGRAM": str(program)}, check=True)
    (made,) = (tmp_path / "copies").iterdir()
    assert manifest.read(made).origin == "hall.example"


def test_worker_knows_within_moments_what_was_signed(hall: Hall) -> None:
    worker = hall.start("worker")
    try:
        hall.plant("A", "B", "C")
        give_up = time.monotonic() + 20
        while f"hall.example/registers/{TREES}\\n3\\n" not in (hall.folder / "last-checkpoints").read_text():
            assert time.monotonic() < give_up
            time.sleep(0.1)
    finally:
        worker.terminate()
        assert worker.wait(20) == 0
