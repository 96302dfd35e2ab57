"""What tests of the auditor's program share: the program itself, with a memory of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.log.verify.auditor import Auditor


@pytest.fixture
def auditor(tmp_path: Path) -> Auditor:
    return Auditor(tmp_path / "state" / "known.json")
