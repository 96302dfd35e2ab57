"""The files that an operator copies: systemd takes them, and they name commands and settings that there are."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import time
from pathlib import Path

import click
import pytest

from guildhall.config import cli
from guildhall.config.environment import SETTINGS

ROOT = Path(__file__).resolve().parents[3]
DEPLOY = ROOT / "deploy"
SERVICES = sorted(DEPLOY.glob("*.service"))
PROGRAM = "/srv/guildhall/.venv/bin/guildhall"


def commands(text: str) -> list[list[str]]:
    """What is started, without the program's own name."""
    found = [shlex.split(line) for line in re.findall(rf"(?<==){re.escape(PROGRAM)} (.+)$", text, re.MULTILINE)]
    return found + [shlex.split(line) for line in re.findall(rf"=-{re.escape(PROGRAM)} (.+)$", text, re.MULTILINE)]


def assert_known(arguments: list[str]) -> None:
    cli.cli.add_command(cli.verify)
    cli._add_commands()
    command: click.Command = cli.cli
    for place, word in enumerate(arguments):
        if not isinstance(command, click.Group):
            command.make_context(word, arguments[place:])
            return
        command = command.commands[word]
    command.make_context("", [])


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_unit_starts_commands_that_there_are(path: Path) -> None:
    for arguments in commands(path.read_text()):
        assert_known(arguments)


def test_units_serve_work_and_back_up() -> None:
    told = "\n".join(path.read_text() for path in SERVICES)
    assert ["serve", "--web-only", "--port", "8000"] in commands(told)
    assert ["worker"] in commands(told)
    assert f"ExecStart=/srv/guildhall/{DEPLOY.name}/back-up.sh" in told


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this machine has no systemd")
def test_units_are_such_as_systemd_takes(tmp_path: Path) -> None:
    for folder in (".venv/bin", "deploy"):
        (tmp_path / "srv" / folder).mkdir(parents=True)
    for name in (".venv/bin/guildhall", "deploy/back-up.sh"):
        (tmp_path / "srv" / name).write_text("#!/bin/sh\n")
        (tmp_path / "srv" / name).chmod(0o755)
    units = []
    for path in [*SERVICES, *DEPLOY.glob("*.timer")]:
        unit = tmp_path / path.name
        unit.write_text(path.read_text().replace("/srv/guildhall/", f"{tmp_path}/srv/"))
        units.append(str(unit))
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    said = [line for line in done.stderr.splitlines() if "guildhall" in line]
    assert (done.returncode, said) == (0, [])


def test_example_of_settings_names_settings_that_there_are() -> None:
    named = re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "guildhall.env").read_text(), re.MULTILINE)
    assert set(named) <= {setting.name for setting in SETTINGS}
    assert {"SECRET_KEY", "GUILDHALL_ORIGIN", "GUILDHALL_HOSTS", "GUILDHALL_MODE"} <= set(named)


def test_container_starts_commands_that_there_are_as_somebody_without_rights() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    (start,) = re.findall(r"^CMD \[(.+)\]$", text, re.MULTILINE)
    program, *arguments = shlex.split(start.replace(",", " "))
    assert program == "guildhall"
    assert_known(arguments)
    assert re.search(r"^USER guildhall$", text, re.MULTILINE)


def back_up(folder: Path, program: Path) -> int:
    command = ["sh", str(DEPLOY / "back-up.sh"), str(folder), "35"]
    environment = os.environ | {"GUILDHALL_PROGRAM": str(program)}
    return subprocess.run(command, env=environment, check=False).returncode


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_nightly_backup_removes_old_ones_only_when_there_is_a_new_one(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    old, recent, own = (folder / name for name in ("2026-01-01T023000Z", "2026-11-01T023000Z", "before-upgrade"))
    for one in (old, recent, own):
        one.mkdir(parents=True)
    for one in (old, own):
        os.utime(one, (time.time() - 60 * 86400,) * 2)
    assert back_up(folder, script(tmp_path / "failing", "exit 1")) != 0
    assert old.exists()
    assert back_up(folder, script(tmp_path / "working", 'mkdir "$2"')) == 0
    assert not old.exists()
    assert recent.exists()
    assert own.exists(), "what an operator has made is the operator's to remove"
    assert len(list(folder.iterdir())) == 3
