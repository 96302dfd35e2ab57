"""A short round of `make torture` on the kind of database that the tests run on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PATHS = "rows,api,erase"


def test_killing_what_writes_loses_nothing_that_was_acknowledged() -> None:
    database = "postgresql" if os.environ.get("DATABASE_URL") else "sqlite"
    command = [sys.executable, "-m", "torture", "--database", database, "--rounds", "1", "--only", PATHS]
    done = subprocess.run(
        command,
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT / "tools")))},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line for line in done.stdout.splitlines() if line.startswith("TORTURE")]
    assert [line.split("path=")[1].split()[0] for line in lines] == PATHS.split(",")
    assert all("rounds=1 " in line and " lost=0 gaps=0 " in line for line in lines)
