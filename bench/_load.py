"""Load on one address, from wrk where it is installed, else from a small loader of our own."""

from __future__ import annotations

import asyncio
import re
import shutil
import statistics
import subprocess
import time
from dataclasses import dataclass

import httpx

SECONDS = 8


@dataclass(frozen=True)
class Load:
    """Requests a second, and the 99th percentile in seconds."""

    rate: float
    p99: float


def load(address: str, accept: str, *, connections: int, cookie: str = "") -> Load:
    """Ask one address over so many connections, as fast as it answers."""
    headers = {"Accept": accept} | ({"Cookie": cookie} if cookie else {})
    for wait in (1, SECONDS):  # once to warm up
        measured = (
            _wrk(address, headers, connections, wait)
            if shutil.which("wrk")
            else asyncio.run(_own(address, headers, connections, wait))
        )
    return measured


def _wrk(address: str, headers: dict[str, str], connections: int, seconds: int) -> Load:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "30s", address]
    command += [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in told:
        raise SystemExit(f"{address} gave errors:\n{told}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    slow = re.search(r"99%\s+([\d.]+)(us|ms|s)", told)
    assert rate
    assert slow
    return Load(float(rate[1]), float(slow[1]) * {"us": 1e-6, "ms": 1e-3, "s": 1}[slow[2]])


async def _own(address: str, headers: dict[str, str], connections: int, seconds: int) -> Load:
    taken: list[float] = []
    ends = time.perf_counter() + seconds
    limits = httpx.Limits(max_connections=connections)
    async with httpx.AsyncClient(timeout=60, limits=limits, headers=headers) as client:

        async def ask() -> None:
            while time.perf_counter() < ends:
                started = time.perf_counter()
                (await client.get(address)).raise_for_status()
                taken.append(time.perf_counter() - started)

        await asyncio.gather(*(ask() for _ in range(connections)))
    return Load(len(taken) / seconds, statistics.quantiles(taken, n=100)[98])
