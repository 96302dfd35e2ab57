"""Check and test everything: `python tools/test.py [--only-checks] [--complete]`.

The same tests run on SQLite and on PostgreSQL, and pages are read in Chromium. What the machine lacks is installed
where that may be done; else one line at the end says what was left out and how to add it. With --complete that is a
failure.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
sys.path.insert(0, str(ROOT / "tests"))

import postgres  # noqa: E402 - from tests/

CHECKS = {
    "lint": ["ruff", "check", "--quiet", "."],
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "types": ["mypy"],
    "imports": ["lint-imports"],
}
PYTEST = [sys.executable, "-m", "pytest"]
# Tests that ask no database say the same beside either of them, and so do those that open a hall of their own.
ON_POSTGRES = ["tests/integration", "tests/contract", "--ignore=tests/integration/docs"]
ON_POSTGRES += ["--ignore=tests/integration/publishing/test_commands.py"]
IN_BROWSER = ["tests/browser"]


def chromium() -> str | None:
    """A Chromium that runs: on some systems the program of that name only tells how to install it."""
    for name in (os.environ.get("CHROMIUM"), "chromium", "google-chrome"):
        path = shutil.which(name) if name else None
        if path and subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0:
            return path
    return None


def has_postgres() -> bool:
    try:
        postgres.programs()
    except postgres.NoPostgresError:
        return False
    return True


def missing() -> list[str]:
    """What the machine still lacks, by the names of Debian's packages."""
    lacking = [] if has_postgres() else ["postgresql"]
    return lacking if chromium() else [*lacking, "chromium"]


def install(packages: list[str]) -> None:
    """Install Debian packages, where this is Debian and we are root. What fails is seen afterwards."""
    if not packages or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    print(f"Installing {' and '.join(packages)} for the tests", flush=True)
    # Without a font a browser draws nothing, and pages have no width.
    wanted = [*packages, "fonts-liberation"] if "chromium" in packages else packages
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *wanted]):
        subprocess.run(["apt-get", "-qq", *command], env=environment, stdout=subprocess.DEVNULL, check=False)


@dataclass(frozen=True)
class Step:
    """A program that must end well."""

    title: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self, output: IO[str] | None = None) -> bool:
        """Run it, with its words to `output` or to where ours go."""
        print(f"\n--- {self.title}", file=output, flush=True)
        started = time.monotonic()
        environment = os.environ | self.environment
        both = subprocess.STDOUT if output else None
        ended = subprocess.run(
            self.command, cwd=ROOT, env=environment, stdout=output, stderr=both, stdin=subprocess.DEVNULL, check=False
        )
        well = ended.returncode == 0
        seconds = time.monotonic() - started
        print(f"--- {self.title}: {'well' if well else 'FAILED'}, {seconds:.0f} s", file=output, flush=True)
        return well


def check() -> dict[str, bool]:
    return {title: Step(title, [str(BIN / command[0]), *command[1:]]).run() for title, command in CHECKS.items()}


def steps(lacking: list[str]) -> list[Step]:
    """The tests that can be run here, the longest first."""
    on_sqlite = {"DATABASE_URL": ""}
    found = [Step("tests on SQLite", [*PYTEST, "--ignore=tests/browser"], on_sqlite)]
    if "postgresql" not in lacking:
        beside_server = [sys.executable, "tests/postgres.py", *PYTEST, *ON_POSTGRES]
        found.insert(0, Step("tests on PostgreSQL", beside_server))
    if "chromium" not in lacking:
        in_chromium = on_sqlite | {"CHROMIUM": chromium() or ""}
        found.append(Step("tests in a browser", [*PYTEST, *IN_BROWSER], in_chromium))
    return found


def test(lacking: list[str]) -> dict[str, bool]:
    """Two at a time: each waits for a database or a browser half of its time. What one says comes when it has ended."""

    def run(step: Step) -> bool:
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
            well = step.run(output)
            output.seek(0)
            print(output.read(), end="", flush=True)
        return well

    wanted = steps(lacking)
    print(f"\n--- {', '.join(step.title for step in wanted)}: two at a time, some minutes each", flush=True)
    with ThreadPoolExecutor(max_workers=2) as pool:
        return {step.title: well for step, well in zip(wanted, pool.map(run, wanted), strict=True)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only-checks", action="store_true")
    parser.add_argument("--complete", action="store_true")
    options = parser.parse_args()
    results = check()
    lacking: list[str] = []
    if not options.only_checks:
        install(missing())
        lacking = missing()
        results |= test(lacking)
    failed = [title for title, well in results.items() if not well]
    if lacking:
        names = {"postgresql": "tests on PostgreSQL", "chromium": "tests in a browser"}
        left_out = " and ".join(names[package] for package in lacking)
        print(f"LEFT OUT: {left_out}. To add them: apt-get install {' '.join(lacking)}")
    if failed:
        print(f"FAILED: {', '.join(failed)}")
    return 1 if failed or (lacking and options.complete) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
