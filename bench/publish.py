"""Publish a million rows on SQLite, beside sqlite-utils, which neither checks, hashes nor logs them; and what another
writer feels meanwhile, beside itself on a quiet hall.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import threading
import time
from pathlib import Path

from _hall import KEPT, Ran, big_file, fresh_hall, note, publish, result, run

MEMORY_LIMIT_MB = 1000
WRITER_LIMIT_SECONDS = 0.250
_PAUSE_SECONDS = 0.02


class OtherWriter(threading.Thread):
    """Writes one row a transaction, over and over, and keeps how long each took."""

    def __init__(self, database: Path) -> None:
        super().__init__(daemon=True)
        self.database = database
        self.stopping = threading.Event()
        self.seconds: list[float] = []

    def run(self) -> None:
        connection = sqlite3.connect(self.database, timeout=60, isolation_level=None)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE IF NOT EXISTS bench_writer (id INTEGER PRIMARY KEY, text TEXT)")
        while not self.stopping.is_set():
            started = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO bench_writer (text) VALUES ('a row from a form')")
            connection.execute("COMMIT")
            self.seconds.append(time.perf_counter() - started)
            time.sleep(_PAUSE_SECONDS)
        connection.close()

    def stop(self) -> float:
        """The 99th percentile in seconds."""
        self.stopping.set()
        self.join()
        return statistics.quantiles(self.seconds, n=100)[98]


def with_other_writer(environment: dict[str, str], file: Path) -> tuple[Ran, float, float]:
    database = Path(environment["GUILDHALL_HOME"]) / "guildhall.sqlite3"
    quiet = OtherWriter(database)
    quiet.start()
    time.sleep(8)
    quiet_p99 = quiet.stop()
    busy = OtherWriter(database)
    busy.start()
    ran = publish(environment, file)
    return ran, quiet_p99, busy.stop()


def peer(file: Path) -> Ran:
    """The same file into a table with a primary key."""
    database = KEPT / "peer.sqlite3"
    database.unlink(missing_ok=True)
    command = [str(Path(sys.executable).with_name("sqlite-utils")), "insert", str(database), "application", str(file)]
    try:
        return run([*command, "--csv", "--pk", "reference"])
    finally:
        database.unlink(missing_ok=True)


def main() -> None:
    file = big_file()
    with fresh_hall() as environment:
        ours = publish(environment, file)
    theirs = peer(file)
    with fresh_hall() as environment:
        _, quiet_p99, busy_p99 = with_other_writer(environment, file)
    note(rows=1_000_000, bytes=file.stat().st_size, ours=ours.seconds, ours_mb=ours.peak_mb, peer=theirs.seconds)
    result("publish-million", ours.seconds, theirs.seconds, "<=0.333")
    result("publish-million-memory-mb", ours.peak_mb, MEMORY_LIMIT_MB, "<=1")
    result("publish-other-writer-p99", busy_p99, WRITER_LIMIT_SECONDS, "<=1")
    note(quiet_p99_seconds=quiet_p99, busy_p99_seconds=busy_p99, ratio=busy_p99 / quiet_p99)


if __name__ == "__main__":
    main()
