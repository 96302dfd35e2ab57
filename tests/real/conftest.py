"""Real files, in a folder that is no part of the project: `make check-real` says where it is.

Without it these tests are not collected, so that the other tests need nothing from outside.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("GUILDHALL_REAL_DATA", "")).resolve() if os.environ.get("GUILDHALL_REAL_DATA") else None
if DATA is None:
    collect_ignore_glob = ["test_*.py"]
elif not DATA.is_dir():
    raise pytest.UsageError(f"There is no folder {DATA}. Name the one with the real files in GUILDHALL_REAL_DATA.")


def files(pattern: str) -> list[Path]:
    """The real files that match, in order."""
    return sorted(DATA.glob(pattern)) if DATA else []


def named(path: Path) -> str:
    return path.relative_to(DATA or path.anchor).as_posix()
