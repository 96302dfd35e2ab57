"""Making the files of large lists from the command line, and beside the worker."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path, PurePosixPath

import pytest
from click.testing import CliRunner

from guildhall.config.commands import exporting, hall
from guildhall.config.commands.exporting import Exporter
from guildhall.registers.exports import files, frames, subject
from guildhall.registers.followers import exports, tries
from guildhall.registers.models import Register
from guildhall.registers.queries import registers

from .makers import many, plant, tree_register
from .plans import assert_no_scan, explained

pytestmark = pytest.mark.usefixtures("hall")


@pytest.fixture
def trees(monkeypatch: pytest.MonkeyPatch) -> Register:
    monkeypatch.setattr(subject, "CELLS_ON_DEMAND", 1_000)
    monkeypatch.setattr(exports, "_FEWEST", 100)
    register = tree_register()
    plant(register, many(500))
    return registers.register(register.path)


def test_files_of_large_lists_are_made_and_told(trees: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting.os, "nice", lambda _by: 0)  # the tests are not to slow down for good
    suffixes = [one.suffix for one in exports.waiting()]
    assert suffixes == ["parquet", "parquet", "csv", "csv", "sqlite", "sqlite", "xlsx", "xlsx"]
    done = CliRunner().invoke(exporting.make_exports, catch_exceptions=False)
    assert done.output.endswith("8 files made.\n")
    assert files.current(subject.of_register(trees), "xlsx") is not None
    assert CliRunner().invoke(exporting.make_exports, catch_exceptions=False).output == "0 files made.\n"


def test_status_tells_how_many_files_are_to_be_made(trees: Register) -> None:
    def behind() -> int:
        done = CliRunner().invoke(hall.status, ["--json"], catch_exceptions=False)
        return int(json.loads(done.output)["followers"]["exports"]["behind"])

    assert behind() == 8
    assert "exports: 8 files to be made." in CliRunner().invoke(hall.status, catch_exceptions=False).output
    exports.make_due()
    assert behind() == 0


def test_rebuild_makes_the_files_again(trees: Register) -> None:
    exports.make_due()
    before = files.current(subject.of_register(trees), "parquet")
    done = CliRunner().invoke(hall.rebuild, ["exports"], catch_exceptions=False)
    assert done.output == "8 files of large lists made again.\n"
    after = files.current(subject.of_register(trees), "parquet")
    assert before is not None
    assert after is not None
    assert before.path == after.path


def test_file_that_cannot_be_made_keeps_no_other_from_it(
    trees: Register, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write = exports.WRITERS["parquet"]

    def fail_on_list(known: subject.Subject, path: Path) -> None:
        if not known.is_joined:
            raise ValueError("no space is left")
        write(known, path)

    monkeypatch.setitem(exports.WRITERS, "parquet", fail_on_list)
    now = time.time()
    assert exports.make_due() == 7
    assert "lists/ambridge/tree.parquet could not be made" in caplog.text
    assert "no space is left" in caplog.text
    assert [str(one.name) for one in exports.failing()] == ["lists/ambridge/tree.parquet"]
    assert list(exports.due()) == []
    assert list(exports.due(now + 250)) == []
    assert [one.suffix for one in exports.due(now + 350)] == ["parquet"]
    with pytest.raises(ValueError, match="again"), tries.trying(PurePosixPath("lists/ambridge/tree.parquet")):
        raise ValueError("again")
    assert list(exports.due(now + 550)) == []
    monkeypatch.setitem(exports.WRITERS, "parquet", write)
    monkeypatch.setattr(tries, "known", lambda _name: tries.Tries(2))
    assert exports.make_due() == 1
    monkeypatch.undo()
    assert tries.known(PurePosixPath("lists/ambridge/tree.parquet")) == tries.Tries()


def test_command_names_what_could_not_be_made(trees: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting.os, "nice", lambda _by: 0)

    def fail(_subject: subject.Subject, _path: Path) -> None:
        raise ValueError("no space is left")

    monkeypatch.setitem(exports.WRITERS, "sqlite", fail)
    done = CliRunner().invoke(exporting.make_exports)
    assert done.exit_code == 1
    assert "Could not be made: lists/ambridge/tree.sqlite, standards/tree.sqlite." in done.output


def test_try_counts_from_its_beginning_unless_it_was_told_to_stop(home: Path) -> None:
    name = PurePosixPath("lists/ambridge/tree.xlsx")
    noted = list[int]()

    def stop() -> None:
        noted.append(tries.known(name).failed)  # so a program that is killed here has failed
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), tries.trying(name):
        stop()
    assert noted == [1]
    assert tries.known(name).failed == 0


def test_what_was_cut_short_is_swept_when_it_is_old(trees: Register) -> None:
    exports.make_due()
    kept = files.current(subject.of_register(trees), "parquet")
    assert kept is not None
    part, folder = kept.path.with_name(".part-1.xlsx"), kept.path.with_name(".part-2")
    part.write_bytes(b"half")
    folder.mkdir()
    files.sweep()
    assert part.exists()
    past = time.time() - 7 * 60 * 60
    for path in (part, folder):
        exporting.os.utime(path, (past, past))
    files.sweep()
    assert not part.exists()
    assert not folder.exists()
    assert kept.path.exists()


def test_worker_starts_the_making_only_when_something_is_due(trees: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []

    class Done:
        """A program that has ended well."""

        returncode = 0

        def __init__(self, command: list[str], **_options: object) -> None:
            started.append(command)

        def poll(self) -> int:
            return 0

    monkeypatch.setattr(subprocess, "Popen", Done)
    monkeypatch.setattr(exporting, "_LOOK_SECONDS", 0.0)
    exporter = Exporter()
    exporter.look()
    assert [command[-1] for command in started] == ["make-exports"]
    exports.make_due()
    for _ in range(3):
        exporter.look()
    assert len(started) == 1


def test_rows_of_a_list_are_read_by_key(trees: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "ROWS", 100)
    with explained() as plans:
        assert sum(frame.height for frame in frames.text_frames(subject.of_standard("tree"))) == 500
    assert_no_scan([(sql, plan) for sql, plan in plans if "registers_entry" in sql])


def test_what_waits_is_found_without_reading_lists(trees: Register) -> None:
    with explained() as plans:
        assert len(list(exports.due())) == 8
    assert_no_scan(plans)


def test_rows_read_in_small_pieces_are_those_read_at_once(trees: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    known = subject.of_register(trees)
    whole = next(frames.text_frames(known))
    monkeypatch.setattr(frames, "ROWS", 7)
    monkeypatch.setattr(frames, "BYTES", 300)
    monkeypatch.setattr(frames, "_PIECE", 3)
    pieces = list(frames.text_frames(known))
    assert len(pieces) > 70
    assert [row for piece in pieces for row in piece.rows()] == whole.rows()
