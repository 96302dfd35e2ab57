"""A record as JSON and a page of 50 rows of a list of a million, under load, beside Datasette's pages of the same rows.

All ask the same address, as when a list is in the news: the hall keeps a page for some seconds, Datasette does not.
The load comes from wrk where it is installed, else from a small loader of our own.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import statistics
import subprocess
import time
from dataclasses import dataclass

import httpx
from _hall import note, result
from _million import REGISTER, TABLE, hall, peer_database
from _servers import datasette, guildhall_serving, stop

SECONDS, CONNECTIONS = 8, 50
PAGE_P99_SECONDS = 0.060
KEY = "2017/250000/FUL"


@dataclass(frozen=True)
class Load:
    """Requests a second, and the 99th percentile in seconds."""

    rate: float
    p99: float


def load(address: str, accept: str) -> Load:
    for wait in (1, SECONDS):  # once to warm up
        measured = _wrk(address, accept, wait) if shutil.which("wrk") else asyncio.run(_own(address, accept, wait))
    return measured


def _wrk(address: str, accept: str, seconds: int) -> Load:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-H", f"Accept: {accept}", address]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in told:
        raise SystemExit(f"{address} gave errors:\n{told}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    slow = re.search(r"99%\s+([\d.]+)(us|ms|s)", told)
    assert rate
    assert slow
    return Load(float(rate[1]), float(slow[1]) * {"us": 1e-6, "ms": 1e-3, "s": 1}[slow[2]])


async def _own(address: str, accept: str, seconds: int) -> Load:
    taken: list[float] = []
    ends = time.perf_counter() + seconds
    limits = httpx.Limits(max_connections=CONNECTIONS)
    async with httpx.AsyncClient(timeout=60, limits=limits, headers={"Accept": accept}) as client:

        async def ask() -> None:
            while time.perf_counter() < ends:
                started = time.perf_counter()
                (await client.get(address)).raise_for_status()
                taken.append(time.perf_counter() - started)

        await asyncio.gather(*(ask() for _ in range(CONNECTIONS)))
    return Load(len(taken) / seconds, statistics.quantiles(taken, n=100)[98])


def main() -> None:
    environment, database = hall(), peer_database()
    own_key, peer_key = KEY.replace("/", "~1"), KEY.replace("/", "~2F")
    asked = {
        "record-json": (
            "application/json",
            f"/registers/{REGISTER}/records/{own_key}.json",
            f"/{TABLE}/{peer_key}.json",
        ),
        "list-page": ("text/html", f"/registers/{REGISTER}/", f"/{TABLE}?_size=50"),
    }
    found: dict[str, list[Load]] = {}
    ours, own = guildhall_serving(environment)
    try:
        for name, (accept, path, _) in asked.items():
            found[name] = [load(own + path, accept)]
    finally:
        stop(ours)
    theirs, peer = datasette(database)
    try:
        for name, (accept, _, path) in asked.items():
            found[name].append(load(f"{peer}/{database.stem}{path}", accept))
    finally:
        stop(theirs)
    for name, (mine, other) in found.items():
        note(asked=name, ours=mine.rate, ours_p99=mine.p99, peer=other.rate, peer_p99=other.p99)
    result("pages-record-json", found["record-json"][0].rate, found["record-json"][1].rate, ">=2.5")
    result("pages-record-json-p99", found["record-json"][0].p99, found["record-json"][1].p99, "<=1")
    result("pages-list-page", found["list-page"][0].rate, found["list-page"][1].rate, ">=2")
    result("pages-list-page-p99", found["list-page"][0].p99, PAGE_P99_SECONDS, "<=1")


if __name__ == "__main__":
    main()
