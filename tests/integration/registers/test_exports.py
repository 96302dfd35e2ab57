"""Making the files of large lists from the command line, and beside the worker."""

from __future__ import annotations

import json
import subprocess
import time

import pytest
from click.testing import CliRunner

from guildhall.config.commands import exporting, hall
from guildhall.config.commands.exporting import Exporter
from guildhall.registers.exports import files, frames, subject
from guildhall.registers.followers import exports
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
    assert [one.suffix for one in exports.waiting()] == ["parquet", "parquet", "sqlite", "sqlite", "xlsx", "xlsx"]
    done = CliRunner().invoke(exporting.make_exports, catch_exceptions=False)
    assert done.output.endswith("6 files made.\n")
    assert files.current(subject.of_register(trees), "xlsx") is not None
    assert CliRunner().invoke(exporting.make_exports, catch_exceptions=False).output == "0 files made.\n"


def test_status_tells_how_many_files_are_to_be_made(trees: Register) -> None:
    def behind() -> int:
        done = CliRunner().invoke(hall.status, ["--json"], catch_exceptions=False)
        return int(json.loads(done.output)["followers"]["exports"]["behind"])

    assert behind() == 6
    assert "exports: 6 files to be made." in CliRunner().invoke(hall.status, catch_exceptions=False).output
    exports.make_due()
    assert behind() == 0


def test_rebuild_makes_the_files_again(trees: Register) -> None:
    exports.make_due()
    before = files.current(subject.of_register(trees), "parquet")
    done = CliRunner().invoke(hall.rebuild, ["exports"], catch_exceptions=False)
    assert done.output == "6 files of large lists made again.\n"
    after = files.current(subject.of_register(trees), "parquet")
    assert before is not None
    assert after is not None
    assert before.path == after.path


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
        assert len(list(exports.due())) == 6
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
