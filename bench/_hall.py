"""What the benches share: a big file made once, a hall made afresh, programs run with their time and peak memory."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "bench"
STANDARD = Path(__file__).with_name("planning-application.json")
REGISTER = "bench/planning-application"
ROWS = 1_000_000


@dataclass(frozen=True)
class Ran:
    """A program that ended: wall-clock seconds and peak memory in megabytes."""

    seconds: float
    peak_mb: float


def big_file(rows: int = ROWS) -> Path:
    """A CSV of planning applications, 12 columns, made by rule so that every run has the same bytes."""
    path = KEPT / f"planning-applications-{rows}.csv"
    if path.exists():
        return path
    KEPT.mkdir(parents=True, exist_ok=True)
    number = pl.int_range(rows, eager=True).alias("n").to_frame()
    day = pl.date(2015, 1, 1) + pl.duration(days=pl.col("n") % 3650)
    streets = pl.Series(["High Street", "Church Lane", "Station Road", "Mill Hill", "The Green", "Queen's Parade"])
    frame = number.select(
        pl.format("{}/{}/FUL", (2015 + pl.col("n") // 100_000), pl.col("n")).alias("reference"),
        pl.lit(streets).gather(pl.col("n") % 6).alias("street"),
        (pl.col("n") % 250 + 1).alias("house-number"),
        pl.format("Extension to the rear of the building and a loft conversion, phase {}", pl.col("n") % 7).alias(
            "proposal"
        ),
        pl.lit(pl.Series(["full", "outline", "reserved-matters", "listed-building"]))
        .gather(pl.col("n") % 4)
        .alias("kind"),
        day.alias("received"),
        (day + pl.duration(days=56)).alias("decide-by"),
        pl.lit(pl.Series(["granted", "refused", "withdrawn", "pending"])).gather(pl.col("n") % 4).alias("decision"),
        (400_000 + pl.col("n") % 200_000).alias("easting"),
        (300_000 + pl.col("n") * 7 % 200_000).alias("northing"),
        pl.format("E0900{}", (pl.col("n") % 9000 + 1000)).alias("ward"),
        pl.format("https://planning.example.org/applications/{}", pl.col("n")).alias("website"),
    )
    frame.write_csv(path.with_suffix(".part"))
    path.with_suffix(".part").rename(path)
    return path


@contextmanager
def fresh_hall() -> Iterator[dict[str, str]]:
    """The environment of a new hall on SQLite with the bench's standard and organisation; removed afterwards."""
    home = Path(tempfile.mkdtemp(prefix="guildhall-bench-", dir=KEPT if KEPT.exists() else None))
    environment = os.environ | {"GUILDHALL_HOME": str(home), "GUILDHALL_ORIGIN": "bench.localhost"}
    environment.pop("DATABASE_URL", None)
    try:
        guildhall(environment, "migrate")
        guildhall(environment, "organisation", "add", "bench", "--name", "Bench Council", "--kind", "council")
        guildhall(environment, "standard", "add", str(STANDARD))
        yield environment
    finally:
        shutil.rmtree(home, ignore_errors=True)


def guildhall(environment: dict[str, str], *arguments: str) -> Ran:
    return run([sys.executable, "-m", "guildhall", *arguments], environment)


def publish(environment: dict[str, str], file: Path) -> Ran:
    return guildhall(
        environment,
        "publish",
        str(file),
        "--register",
        REGISTER,
        "--standard",
        "planning-application",
        "--yes",
        "--json",
    )


# A program's peak memory starts at that of whoever started it, so a small program starts it, and tells of it.
_LAUNCHER = """
import resource, subprocess, sys, time
started = time.perf_counter()
code = subprocess.call(sys.argv[1:], stdout=sys.stderr)
print(time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
sys.exit(code)
"""


def run(command: list[str], environment: dict[str, str] | None = None) -> Ran:
    """Run a program to its end; its output is shown only if it fails."""
    launched = [sys.executable, "-S", "-c", _LAUNCHER, *command]
    done = subprocess.run(launched, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-4000:]}")
    seconds, peak_mb = map(float, done.stdout.split())
    return Ran(seconds, peak_mb)


def result(name: str, ours: float, peer: float, wanted: str) -> None:
    """One line of the form that the runner reads; `wanted` is such as `<=0.33`."""
    print(f"BENCH {name} ours={ours:.4g} peer={peer:.4g} ratio={ours / peer:.3g} wanted{wanted}")


def note(**facts: object) -> None:
    print(json.dumps(facts))
