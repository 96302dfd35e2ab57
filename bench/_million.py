"""A hall with one list of a million planning applications, most of its fields indexed; made once and kept.

Beside it the same rows in a SQLite file with an index on each of the same columns, which Datasette serves.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
from hashlib import sha256
from pathlib import Path

from _hall import KEPT, REGISTER, ROOT, STANDARD, big_file, guildhall, publish, run

ROWS = 1_000_000
INDEXED = ("street", "house-number", "kind", "received", "decision", "ward")
TABLE = "application"


def hall(rows: int = ROWS) -> dict[str, str]:
    """The environment of the hall; it takes some minutes the first time, and again when its tables have changed."""
    home = KEPT / f"hall-{rows}"
    environment = os.environ | {"GUILDHALL_HOME": str(home), "GUILDHALL_ORIGIN": "bench.localhost"}
    environment.pop("DATABASE_URL", None)
    marker, stamp = home / "made", _stamp()
    if marker.exists() and marker.read_text() == stamp:
        return environment
    shutil.rmtree(home, ignore_errors=True)
    file = big_file(rows)
    guildhall(environment, "migrate")
    guildhall(environment, "organisation", "add", "bench", "--name", "Bench Council", "--kind", "council")
    standard = home / "planning-application.json"
    standard.write_text(json.dumps(_standard()))
    guildhall(environment, "standard", "add", str(standard))
    publish(environment, file)
    for follower in ("values", "exports"):
        guildhall(environment, "rebuild", follower)
    marker.write_text(stamp)
    return environment


def peer_database(rows: int = ROWS) -> Path:
    """The same rows for Datasette."""
    path = KEPT / f"peer-{rows}.db"
    if path.exists():
        return path
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    tool = str(Path(sys.executable).with_name("sqlite-utils"))
    run([tool, "insert", str(part), TABLE, str(big_file(rows)), "--csv", "--pk", "reference"])
    connection = sqlite3.connect(part)
    for column in INDEXED:
        connection.execute(f'CREATE INDEX "by_{column}" ON {TABLE} ("{column}")')
    connection.execute("ANALYZE")
    connection.commit()
    connection.close()
    part.rename(path)
    return path


def _standard() -> dict[str, object]:
    descriptor: dict[str, object] = json.loads(STANDARD.read_text())
    fields = descriptor["fields"]
    assert isinstance(fields, list)
    for field in fields:
        field["indexed"] = field["name"] in INDEXED
    return descriptor


def _stamp() -> str:
    """Differs when the hall would be made otherwise."""
    package = ROOT / "src" / "guildhall"
    parts = [
        *sorted((package / "registers" / "migrations").glob("*.py")),
        package / "registers" / "followers" / "values.py",
    ]
    told = b"".join(part.read_bytes() for part in [*parts, STANDARD, Path(__file__)])
    return sha256(told).hexdigest()


__all__ = ["INDEXED", "REGISTER", "ROWS", "TABLE", "hall", "peer_database"]
