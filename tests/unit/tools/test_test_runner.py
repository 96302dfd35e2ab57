"""The test run itself: what it leaves out, and when that is a failure."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from .load import script

runner = script("tools/test.py")


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The stages that were run; each goes well. Nothing is installed."""
    stages: list[str] = []

    def run(step: Any, output: object = None) -> bool:
        stages.append(step.title)
        return True

    monkeypatch.setattr(runner.Step, "run", run)
    monkeypatch.setattr(runner, "install", lambda _packages: None)
    monkeypatch.setattr(runner, "chromium", lambda: "/usr/bin/chromium")
    monkeypatch.setattr(runner, "has_postgres", lambda: True)
    monkeypatch.setattr(runner.sys, "argv", ["test.py"])
    return stages


def test_run_with_everything_there_leaves_nothing_out(ran: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert runner.main() == 0
    assert set(ran[-3:]) == {"tests on SQLite", "tests on PostgreSQL", "tests in a browser"}
    assert "LEFT OUT" not in capsys.readouterr().out


def test_run_without_a_server_says_so_in_one_line(
    ran: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(runner, "has_postgres", lambda: False)
    monkeypatch.setattr(runner, "chromium", lambda: None)
    assert runner.main() == 0
    told = capsys.readouterr().out.splitlines()
    assert told[-1] == (
        "LEFT OUT: tests on PostgreSQL and tests in a browser. To add them: apt-get install postgresql chromium"
    )
    assert "tests on PostgreSQL" not in ran


def test_complete_run_that_leaves_something_out_is_a_failure(ran: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "has_postgres", lambda: False)
    monkeypatch.setattr(runner.sys, "argv", ["test.py", "--complete"])
    assert runner.main() == 1


def test_stage_that_fails_is_named_and_the_others_run(
    ran: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(runner, "check", lambda: {"lint": False, "types": True})
    assert runner.main() == 1
    assert capsys.readouterr().out.splitlines()[-1] == "FAILED: lint"
    assert "tests in a browser" in ran


def test_only_checks_runs_no_tests(ran: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner.sys, "argv", ["test.py", "--only-checks"])
    assert runner.main() == 0
    assert ran == ["lint", "format", "types", "imports"]


def test_stage_is_run_from_the_projects_folder_and_its_status_counts() -> None:
    assert program("import pathlib; assert pathlib.Path('Makefile').exists()").run()
    assert not program("raise SystemExit(1)").run()


def test_stages_are_run_beside_each_other_and_each_is_told_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = [program(f"print('{name} begins'); print('{name} ends')", name) for name in ("one", "two", "three")]
    monkeypatch.setattr(runner, "steps", lambda _lacking: wanted)
    assert runner.test([]) == {"one": True, "two": True, "three": True}
    told = capsys.readouterr().out
    for name in ("one", "two", "three"):
        assert f"{name} begins\n{name} ends\n--- {name}: well" in told


def program(source: str, title: str = "a program") -> Any:
    return runner.Step(title, [sys.executable, "-c", source])
