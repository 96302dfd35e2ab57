"""Servers that benches start and stop: the hall's own, and Datasette."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx


def guildhall_serving(environment: dict[str, str], *, workers: int = 2) -> tuple[subprocess.Popen[bytes], str]:
    """The hall's web server with so many workers, and its address."""
    port = free_port()
    command = [sys.executable, "-m", "guildhall", "serve", "--port", str(port), "--web-only"]
    return _started(command, environment | {"GUILDHALL_WORKERS": str(workers)}, f"http://127.0.0.1:{port}", "/log-keys")


def datasette(database: Path) -> tuple[subprocess.Popen[bytes], str]:
    """With as much time for a statement and a facet as it likes, so that it answers what the hall answers."""
    port = free_port()
    command = [sys.executable, "-m", "datasette", "serve", "--immutable", str(database), "--port", str(port)]
    for setting, value in (("sql_time_limit_ms", "20000"), ("facet_time_limit_ms", "20000"), ("suggest_facets", "off")):
        command += ["--setting", setting, value]
    return _started(command, None, f"http://127.0.0.1:{port}", "/-/versions.json")


def stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    process.wait(30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _started(
    command: list[str], environment: dict[str, str] | None, address: str, ready: str
) -> tuple[subprocess.Popen[bytes], str]:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(600):
        try:
            httpx.get(address + ready, timeout=5).raise_for_status()
        except httpx.TransportError:
            time.sleep(0.1)
        except httpx.HTTPStatusError:
            break
        else:
            return process, address
    stop(process)
    raise SystemExit(f"{command[2]} did not start")
