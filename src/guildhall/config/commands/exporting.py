"""Making the files of large lists, beside the worker: a program of its own, so that nothing else waits for it."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from types import FrameType

import click

from guildhall.config.commands.together import told
from guildhall.registers.exports import files
from guildhall.registers.followers import exports
from guildhall.registers.sequencer import latest_position

logger = logging.getLogger("guildhall.worker")

# Pages come first.
_NICE = 10
# Less than whoever stops the worker waits for it.
STOP_SECONDS = 15
_LOOK_SECONDS, _AFTER_FAILURE_SECONDS = 5.0, 60.0


@click.command("make-exports")
def make_exports() -> None:
    """Make the files of large lists that are missing or out of date: Parquet, SQLite and Excel."""
    signal.signal(signal.SIGTERM, _end)
    os.nice(_NICE)
    made = exports.make_due(lambda kept: click.echo(f"{kept.path.parent.name}: {kept.path.suffix[1:]}"))
    click.echo(f"{made:,} files made.")
    failing = [str(one.name) for one in exports.failing()]
    if failing:
        click.echo(f"Could not be made: {', '.join(failing)}.", err=True)
        sys.exit(1)


def _end(_signal: int, _frame: FrameType | None) -> None:
    """Leave in an orderly way: what was begun is removed."""
    sys.exit(128 + signal.SIGTERM)


class Exporter:
    """Starts `make-exports` whenever something is due, one at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._next_look = 0.0
        self._seen = -1

    def look(self) -> None:
        """See whether it is time, and start it if so. Costs next to nothing while nothing is published."""
        if self._process is not None:
            if self._process.poll() is None:
                return
            status, self._process = self._process.returncode, None
            if status:
                logger.error("The making of files ended early or in part (%s) and goes on in a while.", told(status))
                self._next_look = time.monotonic() + _AFTER_FAILURE_SECONDS
        if time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + _LOOK_SECONDS
        position = latest_position()
        if position == self._seen:
            return
        if next(exports.due(), None) is not None:
            command = [sys.executable, "-m", "guildhall", "make-exports"]
            self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        elif next(exports.waiting(), None) is None:
            self._seen = position

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()


def rebuild() -> int:
    """Forget every file and make those of large lists again. Returns how many."""
    files.clear()
    return exports.make_due()


COMMANDS = (make_exports,)
