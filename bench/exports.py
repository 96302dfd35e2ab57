"""A list of 100,000 records as an Excel workbook and as Parquet, from the hall's database to the file, beside polars
writing the same frame; and the memory that a list three times as long takes in these and as CSV, NDJSON and SQLite.

polars starts for the workbook from a frame in memory, and for Parquet from the same rows in an SQLite table, since to
read the rows is most of that work; what it takes from memory is told beside it.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
from _hall import KEPT, REGISTER, big_file, fresh_hall, note, publish, result, run

ROWS = 100_000
ROUNDS = 3
FORMATS = ("csv", "ndjson", "xlsx", "sqlite", "parquet")


def best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The shortest of some rounds, in seconds: what else the machine did is no part of it."""
    seconds = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def measure(folder: Path) -> None:
    """Runs in the hall's environment: prints what each took."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "guildhall.config.settings"
    import django  # noqa: PLC0415 - after the environment is set

    django.setup()
    from guildhall.registers.exports import parquet, subject, xlsx  # noqa: PLC0415
    from guildhall.registers.queries import registers  # noqa: PLC0415

    known = subject.of_register(registers.register(REGISTER))
    taken = {
        "parquet": best(lambda: parquet.write(known, folder / "ours.parquet")),
        "xlsx": best(lambda: xlsx.write(known, folder / "ours.xlsx"), rounds=1),
    }
    frame = pl.read_parquet(folder / "ours.parquet")
    taken["peer-xlsx"] = best(lambda: frame.write_excel(folder / "peer.xlsx"), rounds=1)
    taken["peer-parquet-from-memory"] = best(lambda: frame.write_parquet(folder / "peer.parquet"))
    database = sqlite3.connect(folder / "peer.sqlite3")
    names = ", ".join(f'"{name}"' for name in frame.columns)
    database.execute(f"CREATE TABLE row ({names})")
    database.executemany(
        f"INSERT INTO row VALUES ({', '.join('?' * frame.width)})",  # noqa: S608 - question marks
        frame.with_columns(pl.col(pl.Date).cast(pl.String)).iter_rows(),
    )
    database.commit()

    def from_table() -> None:
        table = pl.read_database("SELECT * FROM row", database)
        table.with_columns(pl.col("received", "decide-by").str.to_date()).write_parquet(folder / "peer.parquet")

    taken["peer-parquet"] = best(from_table)
    database.close()
    print(json.dumps(taken))


def write_one(name: str, path: Path) -> None:
    """Runs in the hall's environment: one file, so that its memory can be told, without SQLite's map of its file."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "guildhall.config.settings"
    import django  # noqa: PLC0415 - after the environment is set

    django.setup()
    from django.db import connection  # noqa: PLC0415

    from guildhall.registers.exports import WRITERS, subject, texts  # noqa: PLC0415
    from guildhall.registers.queries import registers  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA mmap_size=0")
        cursor.execute("PRAGMA cache_size=-4096")
    known = subject.of_register(registers.register(REGISTER))
    if name in WRITERS:
        WRITERS[name](known, path)
    else:
        with path.open("wb") as file:
            file.writelines(texts.ndjson(known))


def memory(environment: dict[str, str], name: str) -> float:
    path = Path(environment["GUILDHALL_HOME"]) / f"one.{name}"
    return run([sys.executable, __file__, "one", name, str(path)], environment).peak_mb


def main() -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    with fresh_hall() as environment:
        publish(environment, big_file(ROWS))
        command = [sys.executable, __file__, "measure", environment["GUILDHALL_HOME"]]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        taken = json.loads(done.stdout)
        small = {name: memory(environment, name) for name in FORMATS}
    with fresh_hall() as environment:
        publish(environment, big_file(ROWS * 3))
        large = {name: memory(environment, name) for name in FORMATS}
    note(rows=ROWS, seconds=taken, memory_mb=small, memory_mb_three_times_the_rows=large)
    result("exports-xlsx", taken["xlsx"], taken["peer-xlsx"], "<=2")
    result("exports-parquet", taken["parquet"], taken["peer-parquet"], "<=2")
    for name in FORMATS:
        result(f"exports-{name}-memory-three-times-the-rows", large[name], small[name], "<=1.5")


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        measure(Path(sys.argv[2]))
    elif sys.argv[1:2] == ["one"]:
        write_one(sys.argv[2], Path(sys.argv[3]))
    else:
        main()
