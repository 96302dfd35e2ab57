"""All lists to one standard as one CSV over HTTP, beside `sqlite3 -csv` of the same rows from one table; and the memory
that ten times the records take. 300 lists with 1,000,000 records together.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import polars as pl
from _hall import ROWS, STANDARD, big_file, fresh_hall, note, result, run
from verify import serve

LISTS = 300
NAME = "planning-application"
PEER = shutil.which("sqlite3") or "sqlite3"


def fill(file: Path, rows: int) -> None:
    """Runs in the hall's environment: publishes the file's rows as so many lists."""
    setup()
    from guildhall.registers.catalogue import current_standard  # noqa: PLC0415
    from guildhall.registers.publish import publish  # noqa: PLC0415
    from guildhall.registers.queries import registers  # noqa: PLC0415
    from guildhall.registers.rows import FrameRows, ListRows  # noqa: PLC0415
    from guildhall.registers.sequencer import sequence  # noqa: PLC0415

    slugs = [f"council-{number:03}" for number in range(LISTS)]
    councils = [{"organisation": slug, "name": slug.title(), "kind": "council", "region": "Wessex"} for slug in slugs]
    lists = [
        {
            "register": f"{slug}/{NAME}",
            "organisation": slug,
            "keeper": slug,
            "standard": NAME,
            "title": f"Planning applications: {slug}",
            "source-date": "2026-01",
        }
        for slug in slugs
    ]
    for name, told in (("organisation", councils), ("register", lists)):
        publish(registers.register(f"hall/{name}"), ListRows.of(current_standard(name), told))
    standard = current_standard(NAME)
    frame = pl.read_csv(file, infer_schema=False)
    length = -(-rows // LISTS)
    for number, slug in enumerate(slugs):
        piece = frame.slice(number * length, length)
        publish(registers.register(f"{slug}/{NAME}"), FrameRows(standard, piece))
    sequence()


def write_csv(path: Path, lists: int) -> None:
    """Runs in the hall's environment, so that its memory can be told, without SQLite's map of its file."""
    setup()
    from django.db import connection  # noqa: PLC0415

    from guildhall.reading.exports import texts  # noqa: PLC0415
    from guildhall.registers.exports import subject  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA mmap_size=0")
        cursor.execute("PRAGMA cache_size=-4096")
    known = subject.of_standard(NAME)
    known = replace(known, registers=known.registers[:lists], sizes=known.sizes[:lists])
    with path.open("wb") as file:
        file.writelines(texts.csv_pieces(known))


def setup() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "guildhall.config.settings"
    import django  # noqa: PLC0415 - after the environment is set

    django.setup()


def child(environment: dict[str, str], *arguments: str) -> float:
    """Peak memory in megabytes."""
    return run([sys.executable, __file__, *arguments], environment).peak_mb


def fetch(address: str, path: Path) -> float:
    started = time.perf_counter()
    subprocess.run(["curl", "-sf", "-o", str(path), address], check=True)
    return time.perf_counter() - started


def peer(csv: Path, folder: Path) -> float:
    """The same rows in one table, written by SQLite's own program."""
    database = sqlite3.connect(folder / "peer.sqlite3")
    frame = pl.read_csv(csv, infer_schema=False)
    names = ", ".join(f'"{name}" TEXT' for name in frame.columns)
    database.execute(f"CREATE TABLE row ({names})")
    database.executemany(f"INSERT INTO row VALUES ({', '.join('?' * frame.width)})", frame.iter_rows())  # noqa: S608
    database.commit()
    database.close()
    times = []
    for _ in range(2):
        with (folder / "peer.csv").open("wb") as out:
            started = time.perf_counter()
            command = [PEER, "-csv", "-header", str(folder / "peer.sqlite3"), "SELECT * FROM row"]
            subprocess.run(command, stdout=out, check=True)
            times.append(time.perf_counter() - started)
    return min(times)


def main() -> None:
    rows = ROWS
    folder = Path(tempfile.mkdtemp(prefix="guildhall-joined-"))
    try:
        with fresh_hall() as environment:
            child(environment, "fill", str(big_file(rows)), str(rows))
            process, address = serve(environment)
            try:
                ours = min(fetch(f"{address}/standards/{NAME}/records.csv", folder / "ours.csv") for _ in range(2))
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(30)
            small = child(environment, "write", str(folder / "again.csv"), str(LISTS // 10))
            large = child(environment, "write", str(folder / "again.csv"), str(LISTS))
        theirs = peer(folder / "ours.csv", folder)
        length = (folder / "ours.csv").stat().st_size
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    note(rows=rows, lists=LISTS, bytes=length, seconds=ours, peer_seconds=theirs, memory_mb=[small, large])
    result("joined-csv", ours, theirs, "<=2.5")
    result("joined-csv-memory-ten-times-the-records", large, small, "<=1.3")


if __name__ == "__main__":
    if sys.argv[1:2] == ["fill"]:
        fill(Path(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1:2] == ["write"]:
        write_csv(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        assert json.loads(STANDARD.read_text())["name"] == NAME
        main()
