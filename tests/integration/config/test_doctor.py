"""The doctor finds what is wrong, names it and says what to do; and finds nothing where nothing is wrong."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from django.db import OperationalError, connection
from django.db.backends.utils import CursorWrapper

from guildhall.config import health
from guildhall.config.commands.doctor import doctor
from guildhall.config.doctor import database, examine, files
from guildhall.config.doctor.findings import Finding, State
from guildhall.kit import alive
from guildhall.registers import key_files, last_checkpoints
from guildhall.registers.exports import subject
from guildhall.registers.followers import exports, tries
from guildhall.registers.hiding.actions import What, erase
from guildhall.registers.models import HallIdentity, Publication, Register
from guildhall.registers.remembering import remember
from guildhall.registers.sequencer import sequence
from integration.registers.makers import plant, tree_register

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.usefixtures("hall")


def found(about: str) -> list[Finding]:
    return [one for one in examine.examine() if one.about == about and one.state is not State.WELL]


def only(about: str) -> Finding:
    (one,) = found(about)
    assert one.remedy
    return one


@pytest.fixture
def well_run(hall: None, settings: Settings) -> None:
    """A hall for others, with its worker at work."""
    settings.PRODUCTION = True
    settings.GUILDHALL_CONTACT = "hall@example.org"
    alive.beat()
    sequence()
    remember()


@pytest.mark.usefixtures("well_run")
def test_doctor_finds_nothing_in_a_hall_that_is_well_run() -> None:
    # The tests' own PostgreSQL does not wait for the disk, which is just what the doctor must find.
    expected = {"database"} if connection.vendor == "postgresql" else set()
    assert {one.about for one in examine.examine() if one.state is State.WRONG} == expected


@pytest.mark.usefixtures("well_run")
def test_doctor_tells_the_same_as_json_and_by_its_exit_status() -> None:
    key_files.seed.cache_clear()
    (key_files.folder() / "log-key").chmod(0o644)
    done = CliRunner().invoke(doctor, ["--json"])
    told = json.loads(done.output)
    assert (done.exit_code, told["well"]) == (1, False)
    assert next(one["remedy"] for one in told["findings"] if one["about"] == "log key").startswith("chmod 600")
    words = CliRunner().invoke(doctor)
    assert words.exit_code == 1
    assert "WRONG  log key:" in words.output


def test_doctor_finds_a_worker_that_is_not_there_or_hangs() -> None:
    assert "No worker" in only("worker").told
    alive.beat()
    assert found("worker") == []
    beat = Path(str(alive._file()))
    os.utime(beat, (time.time() - 300,) * 2)
    assert "300 seconds" in only("worker").told
    alive.ended()
    assert alive.silent_seconds() is None


def test_doctor_finds_a_log_key_that_is_lost_or_another(home: Path) -> None:
    key = (home / "log-key").read_bytes()
    for state in (None, b"nonsense", b"A" * 43 + b"=\n"):
        key_files.seed.cache_clear()
        (home / "log-key").unlink(missing_ok=True)
        if state is not None:
            (home / "log-key").write_bytes(state)
        assert only("log key").state is State.WRONG
    (home / "log-key").write_bytes(key)
    (home / "log-key").chmod(0o600)
    key_files.seed.cache_clear()
    assert found("log key") == []


def test_doctor_finds_a_change_of_keys_that_was_not_ended() -> None:
    key_files.make(key_files.NEXT)
    assert "log-key rotate" in only("log key").remedy


def test_doctor_finds_a_hall_that_signs_nothing() -> None:
    last_checkpoints.file().unlink()
    one = only("last checkpoints")
    assert one.state is State.WRONG
    assert "restore-check" in one.remedy


def test_doctor_finds_last_checkpoints_that_nobody_writes() -> None:
    plant(tree_register(), {"A": "oak"})
    sequence()
    Publication.objects.update(time=int(time.time()) - 7200)
    assert "behind" in only("last checkpoints").told


def test_doctor_finds_another_origin_and_one_that_was_made_up(settings: Settings) -> None:
    assert found("origin") == []
    settings.GUILDHALL_ORIGIN = "elsewhere.example"
    assert only("origin").state is State.WRONG
    settings.GUILDHALL_ORIGIN = ""
    HallIdentity.objects.update(origin="abc.localhost")
    assert only("origin").state is State.LOOK


def test_doctor_finds_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    for free, state in ((1, State.WRONG), (5, State.LOOK), (50, State.WELL)):
        monkeypatch.setattr(
            files.shutil, "disk_usage", lambda _path, free=free: type("U", (), {"total": 100, "free": free})
        )
        assert next(files.of_disk()).state is state


def test_doctor_finds_a_journal_that_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "wal_bytes", lambda: 2**30)
    assert "1,024 MB" in only("journal").told


def test_doctor_finds_tables_that_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "missing_migrations", lambda: ["registers.0099_later"])
    assert only("tables").remedy == "Run guildhall migrate."


def test_doctor_finds_publications_without_a_place() -> None:
    plant(tree_register(), {"A": "oak"})
    sequence()
    Publication.objects.filter(register__path="ambridge/tree").update(position=None, time=int(time.time()) - 300)
    assert "1 publications" in only("order").told


def test_doctor_finds_followers_that_are_far_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    sequence()
    monkeypatch.setattr(database, "_FAR_BEHIND", 0)
    assert {one.told.partition(" ")[0] for one in found("followers")} >= {"values", "hashes", "search"}


def test_doctor_finds_copies_of_what_was_erased_that_are_left_for_too_long() -> None:
    plant(tree_register(), {"A": "oak"})
    erase(what=What("ambridge/tree", entries=("1",)), ground="unlawful")
    assert only("erasures").state is State.LOOK
    Publication.objects.filter(register__path="hall/erasure").update(time=int(time.time()) - 25 * 60 * 60)
    assert only("erasures").state is State.WRONG


def test_doctor_finds_a_clock_that_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    Publication.objects.filter(register__path="hall/register").update(time=int(time.time()) + 4000)
    assert "bears a time" in only("clock").told
    monkeypatch.setattr(database.time, "time", lambda: 1_000_000.0)
    assert "seconds apart" in only("clock").told


def test_doctor_finds_files_that_cannot_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tree_register(), {"A": "oak"})
    one = exports.Waiting(subject.of_register(Register.objects.get(path="ambridge/tree")), "parquet")
    monkeypatch.setattr(exports, "waiting", lambda: iter([one]))
    assert found("files of lists") == []
    with pytest.raises(LookupError), tries.trying(one.name):
        {}["no memory"]
    assert "lists/ambridge/tree.parquet" in only("files of lists").told


def test_doctor_finds_a_database_that_does_not_wait_for_the_disk() -> None:
    if connection.vendor == "postgresql":
        told = " ".join(one.told for one in found("database"))
        assert all(name in told for name in ("fsync", "full_page_writes", "synchronous_commit"))
        return
    assert found("database") == []


def test_doctor_finds_a_hall_that_is_not_there() -> None:
    HallIdentity.objects.all().delete()
    assert "guildhall migrate" in only("hall").remedy


def test_doctor_finds_a_database_that_is_away_and_tells_of_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_arguments: object) -> CursorWrapper:
        raise OperationalError("connection refused\nIs the server running?")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", away)
        findings = list(examine.examine())
    told = {one.about: one.told for one in findings}
    assert told["database"] == "It cannot be reached: connection refused."
    assert "disk" in told


def test_doctor_tells_what_it_could_not_look_at(monkeypatch: pytest.MonkeyPatch) -> None:
    def of_something() -> list[Finding]:
        raise OperationalError("no such table: registers_something")

    monkeypatch.setattr(examine, "_OF_HALL", (of_something,))
    assert "no such table" in only("something").told
