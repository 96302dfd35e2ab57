"""Keep a small hall of this release, holding data, for the next one to be tried against.

`python tools/keep_release.py VERSION` makes it anew on SQLite and on PostgreSQL, only with the command line, and writes
`tests/data/releases/VERSION/`: `hall.sqlite3.gz`, `hall.sql.gz` (plain SQL of pg_dump) and `home.json`, its keys.
Run it with the program of the release that is to be kept: `tests/integration/config/test_kept_releases.py` reads it.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import postgres  # noqa: E402 - from tests/

# They sign nothing but this one hall, which never leaves the tests.
KEYS = ("log-key", "secret-key")
STANDARD = {
    "name": "tree",
    "title": "Tree",
    "version": "1",
    "primaryKey": "tree",
    "fields": [
        {"name": "tree", "title": "Tree", "type": "string", "constraints": {"required": True}},
        {"name": "species", "title": "Species", "type": "string", "indexed": True},
        {"name": "girth", "title": "Girth", "type": "integer", "indexed": True},
    ],
}
# Two publications: the second changes a record in three, and brings more than fill a tile.
FIRST, SECOND = range(200), range(0, 600, 3)


def main() -> None:
    folder = ROOT / "tests" / "data" / "releases" / sys.argv[1]
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        fill(home, "")
        database = home / "guildhall.sqlite3"
        with sqlite3.connect(database) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("VACUUM")
        connection.close()
        write(folder / "hall.sqlite3.gz", database.read_bytes())
        write(folder / "hall.sqlite3.home.json", keys(home))
    with tempfile.TemporaryDirectory() as name, postgres.server() as server:
        home = Path(name)
        fill(home, server.url)
        dumped = subprocess.run(
            [str(postgres.programs() / "pg_dump"), "--no-owner", "--dbname", server.url],
            capture_output=True,
            check=True,
        ).stdout
        write(folder / "hall.sql.gz", dumped)
        write(folder / "hall.sql.home.json", keys(home))


def fill(home: Path, url: str) -> None:
    """A hall with a list that was published twice, and all that followers make of it."""
    environment = os.environ | {"GUILDHALL_HOME": str(home), "GUILDHALL_ORIGIN": "kept.localhost", "DATABASE_URL": url}

    def guildhall(*arguments: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "guildhall", *arguments], env=environment, check=True, stdout=subprocess.DEVNULL
        )

    guildhall("migrate")
    guildhall("organisation", "add", "ambridge", "--name", "Ambridge", "--kind", "council")
    standard, file = home / "tree.json", home / "trees.csv"
    standard.write_text(json.dumps(STANDARD))
    guildhall("standard", "add", str(standard))
    for species, numbers in (("oak", FIRST), ("ash", SECOND)):
        file.write_text("tree,species,girth\n" + "".join(f"T{number},{species},{number}\n" for number in numbers))
        guildhall("publish", str(file), "--register", "ambridge/tree", "--standard", "tree", "--yes")
    for follower in ("values", "hashes", "search"):
        guildhall("rebuild", follower)


def keys(home: Path) -> bytes:
    kept = {name: base64.b64encode((home / name).read_bytes()).decode() for name in KEYS if (home / name).exists()}
    return json.dumps(kept, indent=2).encode() + b"\n"


def write(file: Path, data: bytes) -> None:
    file.write_bytes(gzip.compress(data, mtime=0) if file.suffix == ".gz" else data)
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
