"""A hall of its own, on the database that the tests run on, worked only through the command line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

ORIGIN = "hall.example"
STANDARD = {
    "name": "tree",
    "title": "Tree",
    "version": "1",
    "primaryKey": "tree",
    "fields": [
        {"name": "tree", "title": "Tree", "type": "string", "constraints": {"required": True}},
        {"name": "species", "title": "Species", "type": "string", "constraints": {"required": True}},
    ],
}
TREES = "ambridge/tree"


class Hall:
    """Its data folder is `folder`; its database is SQLite's file in it, or the one at `url`."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.folder = folder
        self.environment = os.environ | {"GUILDHALL_HOME": str(folder), "GUILDHALL_ORIGIN": ORIGIN, "DATABASE_URL": url}
        self.environment |= {"GUILDHALL_LOG_KEY": ""}

    @property
    def database(self) -> str:
        """Its name on the server."""
        return self.environment["DATABASE_URL"].partition("?")[0].rpartition("/")[2]

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "guildhall", *arguments],
            env=self.environment | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def run(self, *arguments: str, status: int = 0, **environment: str) -> str:
        """What the command said, on either stream."""
        done = subprocess.run(
            [sys.executable, "-m", "guildhall", *arguments],
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    def json(self, *arguments: str, status: int = 0, **environment: str) -> Any:
        return json.loads(self.run(*arguments, "--json", status=status, **environment))

    def create(self) -> None:
        """An organisation, a standard, and nothing published yet."""
        self.run("migrate")
        self.run("organisation", "add", "ambridge", "--name", "Ambridge", "--kind", "council")
        standard = self.folder / "tree.json"
        standard.write_text(json.dumps(STANDARD))
        self.run("standard", "add", str(standard))

    def plant(self, *keys: str, status: int = 0) -> str:
        file = self.folder / "trees.csv"
        file.write_text("tree,species\n" + "".join(f"{key},oak\n" for key in keys))
        return self.run("publish", str(file), "--register", TREES, "--standard", "tree", "--yes", status=status)


@contextmanager
def own_hall(folder: Path, like: Hall | None = None) -> Iterator[Hall]:
    """A hall with a database that is gone afterwards: not created yet, or a copy of another that is not in use."""
    if like is not None:
        shutil.copytree(like.folder, folder)
    folder.mkdir(parents=True, exist_ok=True)
    server = os.environ.get("DATABASE_URL", "")
    if not server:
        yield Hall(folder)
        return
    name = f"own_{uuid4().hex[:12]}"
    template = f" TEMPLATE {like.database}" if like is not None else ""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}{template}")  # type: ignore[arg-type]
        try:
            yield Hall(folder, server.replace("/postgres?", f"/{name}?"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]
