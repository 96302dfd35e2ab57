"""The first page of a full-text search over a million records, beside Datasette's page of the same rows in FTS5.

Both are served over HTTP, as a person's browser asks for them, one question at a time. Some words stand in every
record, some in few, some are misspelt.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

import httpx
from _hall import KEPT, ROOT, guildhall, note, result, run
from _million import ROWS, TABLE, hall, peer_database

WANTED = ">=3"
ROUNDS = 5
COLUMNS = ("reference", "street", "proposal", "kind", "decision", "ward")
QUESTIONS = ("loft conversion", "church lane refused", "E09001234", "listed building high street", "2019/432100/FUL")


def searchable_hall(environment: dict[str, str]) -> None:
    """Let the hall's search catch up, once; says how long it took."""
    marker = Path(environment["GUILDHALL_HOME"]) / "searchable"
    package = ROOT / "src" / "guildhall"
    sources = [*sorted((package / "search").rglob("*.py")), package / "registers" / "followers" / "search.py"]
    stamp = sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    if marker.exists() and marker.read_text() == stamp:
        return
    ran = guildhall(environment, "rebuild", "search")
    note(indexed=ROWS, seconds=ran.seconds, peak_mb=ran.peak_mb)
    marker.write_text(stamp)


def searchable_peer() -> Path:
    path = KEPT / f"peer-search-{ROWS}.db"
    if not path.exists():
        part = path.with_suffix(".part")
        shutil.copy(peer_database(), part)
        tool = str(Path(sys.executable).with_name("sqlite-utils"))
        ran = run([tool, "enable-fts", str(part), TABLE, *COLUMNS, "--fts5", "--tokenize", "porter"])
        note(peer_indexed=ROWS, seconds=ran.seconds)
        part.rename(path)
    return path


@contextmanager
def served(command: list[str], environment: dict[str, str], port: int) -> Iterator[str]:
    """The address of a program that serves, once it does."""
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            sys.exit(f"{process.args} ended at once")
        try:
            httpx.get(address, timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"{process.args} does not answer")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def seconds(addresses: dict[str, str]) -> dict[str, float]:
    """For each question, the median of some rounds; every answer is a page with something found."""
    taken: dict[str, list[float]] = {question: [] for question in addresses}
    with httpx.Client(headers={"Accept": "text/html"}, timeout=60) as client:
        for _ in range(ROUNDS):
            for question, address in addresses.items():
                started = time.perf_counter()
                answer = client.get(address)
                taken[question].append(time.perf_counter() - started)
                assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return {question: statistics.median(times) for question, times in taken.items()}


def main() -> None:
    environment = hall()
    searchable_hall(environment)
    peer = searchable_peer()
    port = free_port()
    serve = [sys.executable, "-m", "guildhall", "serve", "--web-only", "--port", str(port)]
    with served(serve, environment, port) as address:
        ours = seconds({one: f"{address}/search?{urlencode({'q': one})}" for one in QUESTIONS})
        slip = seconds({"lofft convertion": f"{address}/search?q=lofft+convertion"})
    port = free_port()
    tool = str(Path(sys.executable).with_name("datasette"))
    # More time than by default: some of its pages take longer than it would let them.
    options = ["--port", str(port), "--setting", "sql_time_limit_ms", "20000"]
    with served([tool, "serve", "--immutable", str(peer), *options], dict(os.environ), port) as address:
        page = f"{address}/{peer.stem}/{TABLE}"
        theirs = seconds(
            {one: f"{page}?{urlencode({'_search': f'"{one}"' if '/' in one else one})}" for one in QUESTIONS}
        )
    note(ours=ours, peer=theirs, misspelt=slip)
    # In searches a second.
    result("search-first-page", len(QUESTIONS) / sum(ours.values()), len(QUESTIONS) / sum(theirs.values()), WANTED)
    ratios = {one: theirs[one] / ours[one] for one in QUESTIONS}
    note(ratios=ratios, geometric_mean=statistics.geometric_mean(ratios.values()))


if __name__ == "__main__":
    main()
