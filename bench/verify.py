"""Verify a whole register over HTTP, beside sha256sum of the same bytes; and its memory on a tenth of the entries."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
from _hall import KEPT, REGISTER, ROWS, Ran, big_file, fresh_hall, note, publish, result, run

from guildhall.log.tiles import bundle_path

WANTED_ENTRIES_A_SECOND = 60_000
BUNDLE = 256


def serve(environment: dict[str, str]) -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "guildhall", "serve", "--port", str(port), "--web-only"],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            httpx.get(f"{address}/log-keys", timeout=5).raise_for_status()
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return process, address
    raise SystemExit("the hall did not start")


def verify(address: str, known: Path) -> Ran:
    command = [sys.executable, "-m", "guildhall.log.verify", f"{address}/registers/{REGISTER}/", "--known", str(known)]
    return run(command, dict(os.environ))


def fetch_all(address: str, into: Path, size: int) -> None:
    """The bytes that verifying reads, in one file."""
    with httpx.Client(base_url=f"{address}/registers/{REGISTER}/", timeout=30) as client, into.open("wb") as file:
        for kind in ("entries", "items"):
            for index in range((size + BUNDLE - 1) // BUNDLE):
                width = min(BUNDLE, size - index * BUNDLE)
                file.write(client.get(bundle_path(kind, index, width)).raise_for_status().content)


def measured(rows: int, *, with_peer: bool) -> tuple[Ran, Ran | None]:
    with fresh_hall() as environment:
        publish(environment, big_file(rows))
        process, address = serve(environment)
        try:
            ours = verify(address, Path(environment["GUILDHALL_HOME"]) / "known.json")
            if not with_peer:
                return ours, None
            copy = KEPT / "verified-bytes"
            fetch_all(address, copy, rows)
            theirs = run(["sha256sum", str(copy)])
            copy.unlink()
            return ours, theirs
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def main() -> None:
    rows = ROWS if os.environ.get("BENCH_FULL") else 300_000
    small, _ = measured(rows // 10, with_peer=False)
    big, peer = measured(rows, with_peer=True)
    assert peer is not None
    note(entries=rows, seconds=big.seconds, entries_a_second=rows / big.seconds, peak_mb=big.peak_mb)
    result("verify-http-beside-sha256sum", big.seconds, peer.seconds, "<=40")
    result("verify-http-entries-a-second", rows / big.seconds, WANTED_ENTRIES_A_SECOND, ">=1")
    result("verify-http-memory-ten-times-the-entries", big.peak_mb, small.peak_mb, "<=1.2")


if __name__ == "__main__":
    main()
