"""Worse days of a hall: a full disk, a database that stops half way, a crowd at the door, a clock that jumps back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from unittest.mock import patch

import httpx

from torture import checks
from torture.paths import World, free, large
from torture.truth import Figures, LostError, Truth
from torture.victims import Ended, command, forked, must

CROWD = 100
_FILL = 1024 * 1024


def publish(world: World, path: str, rows: dict[str, str]) -> Ended:
    return command("publish", world.csv(rows), "--register", path, "--standard", "tree", "--yes", "--json")


def kept(truth: Truth, rows: dict[str, str], done: Ended, figures: Figures) -> None:
    figures.rounds += 1
    if done.is_well:
        truth.acknowledge(rows)
        figures.acknowledged += 1
    else:
        truth.maybe.append(rows)
        figures.unanswered += 1


def crowd(world: World, figures: Figures) -> None:
    """A hundred single writers of four lists at once; then two who publish the same large file."""
    paths = ["torture/crowd", *(f"torture/crowd-{number}" for number in range(3))]
    truths = {path: Truth(path) for path in paths}
    for path, truth in truths.items():
        must("publish", world.csv({"T": "oak"}), "--register", path, "--standard", "tree", "--yes")
        truth.acknowledge({"T": "oak"})

    def write(number: int) -> bool:
        path, key = paths[number % len(paths)], f"C{number}"
        headers = {"Authorization": f"Bearer {world.secret}", "Idempotency-Key": f"crowd-{number}"}
        give_up = time.monotonic() + 110
        while time.monotonic() < give_up:
            with suppress(httpx.HTTPError):
                answer = httpx.post(
                    f"{world.web.address}/api/v1/registers/{path}/entries",
                    json={"tree": key, "species": "oak"},
                    headers=headers,
                    timeout=60,
                )
                if answer.status_code == httpx.codes.CREATED:
                    truths[path].acknowledge({key: "oak"})
                    return True
                if answer.status_code not in {httpx.codes.CONFLICT, 429, 503}:
                    raise LostError(f"the crowd: {answer.status_code} {answer.text}")
            time.sleep(0.2)
        return False

    # The threads are gone before anything is forked again.
    with ThreadPoolExecutor(CROWD) as threads:
        answered = sum(threads.map(write, range(CROWD)))
    figures.rounds, figures.acknowledged = CROWD, answered
    if answered != CROWD:
        raise LostError(f"{CROWD - answered} of {CROWD} single writers never got an answer")
    _two_of_the_same(world, figures)
    for path, truth in truths.items():
        truth.check(checks.records(path, "species"))


def _two_of_the_same(world: World, figures: Figures) -> None:
    """Two programs publish other rows to one list: each whole, or refused and told so."""
    path = "torture/two"
    must("publish", world.csv({"T": "oak"}), "--register", path, "--standard", "tree", "--yes")
    file = Path(world.csv(large("two")))
    command_line = ["publish", str(file), "--register", path, "--yes", "--json"]
    quiet = subprocess.DEVNULL
    ours = [
        subprocess.Popen([sys.executable, "-m", "guildhall", *command_line], stdout=quiet, stderr=quiet)
        for _ in range(2)
    ]
    statuses = [one.wait(120) for one in ours]
    figures.rounds += len(ours)
    figures.acknowledged += statuses.count(0)
    if 0 not in statuses:
        raise LostError("of two publishers of the same file neither came through")
    if checks.records(path, "species") != large("two") | {"T": "oak"}:
        raise LostError("two publishers of the same file left another list than it says")


def clock(world: World, figures: Figures) -> None:
    """The clock of the machine jumps back a day between publications: their times never do."""
    truth = Truth("torture/clock")
    rows = {"T0": "oak"}
    kept(truth, rows, publish(world, truth.path, rows), figures)
    before = checks.told(lambda: _time_of(truth.path))

    def yesterday() -> None:
        real = time.time
        with patch("time.time", lambda: real() - 86_400):
            from guildhall.registers.publish import publish as at_that_time  # noqa: PLC0415
            from guildhall.registers.queries import registers  # noqa: PLC0415
            from guildhall.registers.rows import ListRows  # noqa: PLC0415

            register = registers.register(truth.path)
            pairs = [("T1", json.dumps({"species": "ash", "tree": "T1"}, separators=(",", ":")).encode())]
            at_that_time(register, ListRows(pairs), clock=time.time)

    done = forked(yesterday)
    if not done.is_well:
        raise LostError(done.output)
    kept(truth, {"T1": "ash"}, done, figures)
    if checks.told(lambda: _time_of(truth.path)) < before:
        raise LostError("a publication bears an earlier time than the one before it")
    truth.check(checks.records(truth.path, "species"))


def _time_of(path: str) -> int:
    from guildhall.registers.models import RegisterHead  # noqa: PLC0415 - after the settings are read

    return RegisterHead.objects.values_list("time", flat=True).get(register__path=path)


def full_disk(world: World, figures: Figures) -> None:
    """The data folder is a small file system (see `main`); it is filled up while large files are published."""
    truth = Truth("torture/disk")
    kept(truth, large("first"), publish(world, truth.path, large("first")), figures)
    if not truth.sure:
        raise LostError("the disk was full before it was to be")
    filler = world.folder / "filler"
    left = [3, 2, 1, 0]
    for megabytes in left:
        _fill(filler, leave=megabytes * _FILL)
        rows = large(f"with {megabytes} MB")
        kept(truth, rows, publish(world, truth.path, rows), figures)
        filler.unlink()
        free(truth.path)
        figures.there += truth.check(checks.records(truth.path, "species"))
        checks.everything(world.web.address, world.known, rebuild=False)
    if figures.unanswered == 0:
        raise LostError("the disk never was too full to publish, so nothing was tried")
    rows = large("last")
    kept(truth, rows, publish(world, truth.path, rows), figures)
    if rows != checks.records(truth.path, "species"):
        raise LostError("with room again, nothing could be published")


def _fill(filler: Path, *, leave: int) -> None:
    free = os.statvfs(filler.parent)
    with filler.open("wb", buffering=0) as stream, suppress(OSError):
        for _ in range(max(0, free.f_bavail * free.f_frsize - leave) // 65_536):
            stream.write(b"\0" * 65_536)


def database_stops(world: World, figures: Figures, stop: Callable[[], None], start: Callable[[], None]) -> None:
    """PostgreSQL is stopped at once (`pg_ctl stop -m immediate`), as if the power went, while a file is published."""
    truth = Truth("torture/stopped")
    started = time.monotonic()
    kept(truth, large("first"), publish(world, truth.path, large("first")), figures)
    usual = time.monotonic() - started
    for turn in range(5):
        stopping = threading.Timer(world.chance.uniform(0.1, usual), stop)
        stopping.start()
        rows = large(f"turn {turn}")
        done = publish(world, truth.path, rows)
        stopping.join()
        start()
        kept(truth, rows, done, figures)
        free(truth.path)
        figures.there += truth.check(checks.records(truth.path, "species"))
        checks.everything(world.web.address, world.known, rebuild=turn == 4)  # noqa: PLR2004 - the last


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """Mount a small file system there, where that may be done. Yields whether it was."""
    size = f"size={megabytes}m"
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)], capture_output=True, check=False)
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", "-l", str(folder)], check=False)
