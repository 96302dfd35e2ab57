"""The runner of the benches: what it marks, and when it fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from .load import script

runner = script("bench/run.py")


@pytest.fixture
def benches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(runner, "FOLDER", tmp_path)
    monkeypatch.setattr(runner.sys, "argv", ["run.py"])
    monkeypatch.delenv("BENCH_FULL", raising=False)
    return tmp_path


def test_line_that_reaches_what_was_wanted_stays() -> None:
    line = "BENCH publish ours=3 peer=10 ratio=0.3 wanted<=0.333"
    assert runner.marked(line) == line
    line = "BENCH verify ours=70 peer=60 ratio=1.17 wanted>=1"
    assert runner.marked(line) == line


def test_line_that_misses_it_is_marked() -> None:
    assert runner.marked("BENCH publish ours=5 peer=10 ratio=0.5 wanted<=0.333").endswith("  MISSED")
    assert runner.marked("BENCH verify ours=50 peer=60 ratio=0.833 wanted>=1").endswith("  MISSED")


def test_missed_ratio_is_told_and_is_no_failure(benches: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (benches / "slow.py").write_text("print('BENCH slow ours=5 peer=10 ratio=0.5 wanted<=0.3')")
    assert runner.main() == 0
    assert "MISSED" in capsys.readouterr().out


def test_bench_that_breaks_is_a_failure_and_the_others_run(benches: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (benches / "broken.py").write_text("raise SystemExit(4)")
    (benches / "good.py").write_text("print('BENCH good ours=1 peer=10 ratio=0.1 wanted<=0.3')")
    assert runner.main() == 1
    told = capsys.readouterr().out
    assert "broken broke, with exit status 4" in told
    assert "BENCH good" in told


def test_bench_that_says_nothing_is_a_failure(benches: Path) -> None:
    (benches / "silent.py").write_text("")
    assert runner.main() == 1


def test_bench_that_takes_too_long_is_stopped(
    benches: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(runner, "LIMIT_SECONDS", 0.5)
    (benches / "endless.py").write_text("import time; time.sleep(60)")
    assert runner.main() == 1
    assert "no time left" in capsys.readouterr().out


def test_unknown_bench_is_named_with_those_that_there_are(
    benches: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (benches / "good.py").write_text("")
    monkeypatch.setattr(runner.sys, "argv", ["run.py", "moods"])
    assert runner.main() == 2
    assert "There is no bench called moods. There are: good." in capsys.readouterr().out
