"""The auditor's program as tests run it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from guildhall.log.verify.cli import verify


@dataclass
class Auditor:
    """Runs the program, always with the same file to remember in."""

    known: Path

    def __call__(self, place: object, *options: str) -> Result:
        result = CliRunner().invoke(verify, [str(place), "--known", str(self.known), *options])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    def holds(self, place: object, *options: str) -> str:
        """What it says of something that holds."""
        result = self(place, *options)
        assert result.exit_code == 0, result.output
        return result.stdout

    def fails(self, place: object, *options: str) -> str:
        """What it says of something that does not."""
        result = self(place, *options)
        assert result.exit_code == 1, result.output
        return result.output

    def cannot_tell(self, place: object, *options: str) -> str:
        result = self(place, *options)
        assert result.exit_code == 2, result.output
        return result.output

    def told(self, place: object, *options: str) -> Any:
        return json.loads(self(place, "--json", *options).stdout)
