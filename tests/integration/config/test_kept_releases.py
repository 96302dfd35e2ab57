"""Halls of earlier releases, kept with their data, are brought up to date and go on. See tools/keep_release.py."""

from __future__ import annotations

import base64
import gzip
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

import postgres

from .halls import Hall, own_hall

RELEASES = Path(__file__).parents[2] / "data" / "releases"
# The last values of the kept list: those of the second publication, and of the first what that one lacks.
KEPT = {f"T{number}": ("oak", number) for number in range(200)} | {
    f"T{number}": ("ash", number) for number in range(0, 600, 3)
}


@pytest.fixture(params=sorted(folder.name for folder in RELEASES.iterdir()))
def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hall]:
    """A copy of a hall of an earlier release, on the database that the tests run on."""
    folder = RELEASES / request.param
    kind = "hall.sql" if os.environ.get("DATABASE_URL") else "hall.sqlite3"
    with own_hall(tmp_path / "home") as hall:
        for name, content in json.loads((folder / f"{kind}.home.json").read_text()).items():
            file = hall.folder / name
            file.write_bytes(base64.b64decode(content))
            file.chmod(0o600)
        hall.environment["GUILDHALL_ORIGIN"] = "kept.localhost"
        data = gzip.decompress((folder / f"{kind}.gz").read_bytes())
        if kind == "hall.sql":
            psql = [
                str(postgres.programs() / "psql"),
                "--quiet",
                "-v",
                "ON_ERROR_STOP=1",
                hall.environment["DATABASE_URL"],
            ]
            subprocess.run(psql, input=data, check=True, stdout=subprocess.DEVNULL)
        else:
            (hall.folder / "guildhall.sqlite3").write_bytes(data)
        yield hall


@contextmanager
def served(hall: Hall) -> Iterator[str]:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    program = hall.start("serve", "--web-only", "--port", str(port), GUILDHALL_WORKERS="1")
    try:
        address, give_up = f"http://127.0.0.1:{port}", time.monotonic() + 30
        while time.monotonic() < give_up:
            with suppress(httpx.HTTPError):
                if httpx.get(f"{address}/healthz").is_success:
                    break
            time.sleep(0.1)
        yield address
    finally:
        program.terminate()
        program.wait(30)


def records(address: str) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    page = f"{address}/api/v1/registers/ambridge/tree/records?_limit=100"
    while page:
        answer = httpx.get(page).raise_for_status().json()
        found |= {one["key"]: (one["values"]["species"], one["values"]["girth"]) for one in answer["results"]}
        page = answer["next"]
    return found


def verify(hall: Hall, address: str) -> None:
    command = [sys.executable, "-m", "guildhall", "verify", address, "--known", str(hall.folder / "known.json")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "All hold." in done.stdout


def follow(hall: Hall) -> None:
    for follower in ("values", "hashes", "search"):
        hall.run("rebuild", follower)


def test_kept_hall_is_read_and_verified_once_it_is_up_to_date(hall: Hall) -> None:
    hall.run("serve", "--port", "1", status=1)  # it says that it is not up to date, before it looks at the port
    hall.run("migrate")
    with served(hall) as address:
        assert records(address) == KEPT
        verify(hall, address)
        found = httpx.get(f"{address}/api/v1/registers/ambridge/tree/records?species=ash&_limit=1").json()
        assert found["total"] == len(range(0, 600, 3))


def test_kept_hall_is_published_to_and_followed(hall: Hall) -> None:
    hall.run("migrate")
    with served(hall) as address:
        verify(hall, address)
        file = hall.folder / "trees.csv"
        file.write_text("tree,species,girth\nT1,elm,7\nNEW,yew,8\n")
        hall.run("publish", str(file), "--register", "ambridge/tree", "--yes")
        follow(hall)
        assert records(address) == KEPT | {"T1": ("elm", 7), "NEW": ("yew", 8)}
        verify(hall, address)
        hall.run("hold", "ambridge/tree", "--key", "NEW")
        follow(hall)
        assert "held" in hall.run("verify", address, "--known", str(hall.folder / "known.json"))
        changes = httpx.get(f"{address}/api/v1/changes?register=ambridge/tree&limit=1000").json()["entries"]
        assert [int(one["entry-number"]) for one in changes] == list(range(1, len(changes) + 1))


def test_kept_hall_is_brought_up_to_date_twice_without_harm(hall: Hall) -> None:
    hall.run("migrate")
    before = hall.json("status")
    hall.run("migrate")
    assert hall.json("status") == before
    wrong = {one["about"] for one in hall.json("doctor", status=1)["findings"] if one["state"] == "wrong"}
    # No worker is at work here, and the server of the tests is not one to keep a hall in.
    assert wrong <= {"worker", "database"}
