"""What the architecture tests read: the project's own files."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "guildhall"
DOCS = ROOT / "docs"
# Made by set-up, runs and tests; Git ignores the same.
_MADE = {".venv", "node_modules", "var", "build", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
_MADE |= {".hypothesis", ".import_linter_cache", "guildhall.egg-info", "guildhall.css"}
# Made by machines, or pictures: nobody reads them line by line.
_NOT_TEXT = {".svg", ".png", ".ico", ".gz", ".mo"}


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file of the project: those that Git knows, with new ones that it does not ignore.

    Where the project was unpacked from an archive, Git knows none: then every file outside the folders that are made.
    """
    listing = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode:
        paths = [path for path in sorted(ROOT.rglob("*")) if not _MADE & set(path.relative_to(ROOT).parts)]
    else:
        paths = [ROOT / name for name in sorted(set(listing.stdout.split("\0"))) if name]
    return tuple(path for path in paths if path.is_file())


def text_files() -> list[Path]:
    return [path for path in tracked_files() if path.suffix not in _NOT_TEXT]


def modules() -> list[Path]:
    """The package's own modules, without migrations: Django writes those."""
    return sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)


def templates() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("templates/**/*") if path.is_file())


def standards() -> list[Path]:
    """The data standards that the package brings."""
    return sorted(PACKAGE.rglob("standards/*.json"))


def named(path: Path) -> str:
    """The file's name in the project, for messages and for the names of tests."""
    return path.relative_to(ROOT).as_posix()
