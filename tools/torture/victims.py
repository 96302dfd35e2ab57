"""The programs of one hall, which can be killed at any moment.

Commands are forked off this program, in which every module is loaded but no connection was ever opened: so a kill falls
on what is written, not on the second that Python takes to start. The web server is started as operators start it.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

PATIENCE = 120.0
_LOOK = 0.002


class GaveUpError(Exception):
    """Something that must end or begin by itself did not."""


@dataclass(frozen=True)
class Ended:
    """A command that ended or was killed: what it said, and whether it ended well by itself."""

    output: str
    status: int
    seconds: float

    @property
    def is_well(self) -> bool:
        return self.status == 0


def forked(call: Callable[[], object], *, kill_after: float | None = None, patience: float = PATIENCE * 3) -> Ended:
    """Run a call in a process of its own, and kill it after so many seconds if it still runs then."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as output:
        child = os.fork()
        if child == 0:
            _become(call, output.fileno())
        limit = started + (patience if kill_after is None else kill_after)
        while True:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                break
            if time.monotonic() >= limit:
                os.kill(child, signal.SIGKILL)
                _, status = os.waitpid(child, 0)
                if kill_after is None:
                    raise GaveUpError(f"a command had not ended after {patience:.0f} seconds")
                break
            time.sleep(_LOOK)
        output.seek(0)
        said = output.read().decode(errors="replace")
    return Ended(said, os.waitstatus_to_exitcode(status), time.monotonic() - started)


def _become(call: Callable[[], object], output: int) -> None:
    """The life of the child: it never returns."""
    os.dup2(output, 1)
    os.dup2(output, 2)
    status = 1
    try:
        call()
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - whatever it is, it is told, and the child ends
        traceback.print_exc()
    finally:
        with suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def command(*arguments: str, kill_after: float | None = None) -> Ended:
    """`guildhall ARGUMENTS` in a process of its own."""

    def call() -> None:
        from guildhall.config.cli import cli  # noqa: PLC0415 - after the settings are read

        sys.argv = ["guildhall", *arguments]
        cli(list(arguments))

    return forked(call, kill_after=kill_after)


def must(*arguments: str) -> str:
    """The same, of what may not fail: here nothing is killed."""
    done = command(*arguments)
    if not done.is_well:
        raise GaveUpError(f"guildhall {' '.join(arguments)} failed ({done.status}):\n{done.output}")
    return done.output


@dataclass
class Program:
    """A program that runs until it is killed or stopped, with all that it starts, in a group of its own."""

    arguments: tuple[str, ...]
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "guildhall", *self.arguments],
                env=os.environ | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """`kill -9` for it and for everything that it has started, at once."""
        if self.process is None:
            return
        session = self.process.pid
        for pid in _of_session(session):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self.process = None
        give_up = time.monotonic() + PATIENCE
        while _of_session(session):
            if time.monotonic() > give_up:
                raise GaveUpError("what the server had started outlived it")
            time.sleep(0.01)


def _of_session(session: int) -> list[int]:
    """The living processes of a session: what a server starts has groups of its own."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            state, _, _, own = folder.joinpath("stat").read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(own) == session and state != "Z":
            found.append(int(folder.name))
    return found


@dataclass
class Web:
    """The hall's web server, at an address of its own."""

    log: Path
    port: int = 0
    program: Program | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        if not self.port:
            with socket.socket() as trial:
                trial.bind(("127.0.0.1", 0))
                self.port = trial.getsockname()[1]
        self.program = Program(
            ("serve", "--web-only", "--port", str(self.port)), self.log, environment={"GUILDHALL_WORKERS": "1"}
        )
        self.program.start()
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            with suppress(httpx.HTTPError):
                if httpx.get(f"{self.address}/healthz", timeout=2).status_code == httpx.codes.OK:
                    return
            time.sleep(0.05)
        raise GaveUpError("the web server did not answer")

    def kill(self) -> None:
        if self.program is not None:
            self.program.kill()
            self.program = None
