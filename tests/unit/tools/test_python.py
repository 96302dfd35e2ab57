"""Finding a Python that works, where some that are on the path do not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .load import ROOT

SH = "/bin/sh"


def shim(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!{SH}\n{text}\n")
    path.chmod(0o755)


def find(folder: Path, wanted: str = "") -> subprocess.CompletedProcess[str]:
    """What the tool says where nothing but `folder` is on the path."""
    command = [SH, str(ROOT / "tools" / "python.sh"), wanted]
    environment = {"PATH": str(folder), "HOME": str(folder)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_find_python_goes_past_a_shim_that_does_not_run(tmp_path: Path) -> None:
    shim(tmp_path, "python3.14", "echo 'pyenv: python3.14: command not found' >&2; exit 127")
    shim(tmp_path, "python3.13", "exit 0")
    shim(tmp_path, "python3", f'exec {sys.executable} "$@"')
    found = find(tmp_path)
    assert found.returncode == 0
    assert Path(found.stdout.strip()).resolve() == Path(sys.executable).resolve()


def test_find_python_takes_none_that_is_too_old(tmp_path: Path) -> None:
    shim(tmp_path, "python3", "exit 1")
    found = find(tmp_path)
    assert found.returncode == 1
    assert "No working Python 3.12 or newer was found." in found.stderr
    assert "Install one" in found.stderr


def test_find_python_of_another_version_is_not_taken_for_the_wanted_one(tmp_path: Path) -> None:
    shim(tmp_path, "python3", f'exec {sys.executable} "$@"')
    assert find(tmp_path, "3.11").returncode == 1
