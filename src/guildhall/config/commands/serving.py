"""Commands that run the hall: web and worker, together or apart."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from types import FrameType

import click
from django.conf import settings
from django.db import close_old_connections, connection

from guildhall.config import health
from guildhall.config.commands.exporting import Exporter
from guildhall.config.commands.together import Program, run_together
from guildhall.kit import alive, limits
from guildhall.kit.exceptions import ConflictError
from guildhall.publishing import idempotency
from guildhall.registers.followers import run as followers
from guildhall.registers.hiding.removal import Remover
from guildhall.registers.remembering import Remembering
from guildhall.registers.sequencer import sequence

logger = logging.getLogger("guildhall.worker")

# Enough threads for pages that wait on the database; granian's own default would open a connection for each of 512.
BLOCKING_THREADS = 4
WORKER_PAUSE_SECONDS = 1.0


class TablesNotReadyError(ConflictError):
    """The hall has no tables yet, or those of an earlier release."""

    title = "The hall is not ready"


class PortTakenError(ConflictError):
    """Another program listens there."""

    title = "The hall cannot be opened there"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, envvar="PORT", help="The port to listen on.")
@click.option("--web-only", is_flag=True, help="Do not start the worker beside it.")
def serve(*, host: str, port: int, web_only: bool) -> None:
    """Serve the hall's pages and API, with the worker beside it."""
    _refuse_unready()
    _refuse_taken(host, port)
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    web += ["--workers", str(settings.GUILDHALL_WORKERS), "--blocking-threads", str(BLOCKING_THREADS)]
    # One that was killed, for want of memory perhaps, would else take the others with it.
    web += ["--respawn-failed-workers", "--no-ws", "--log-level", "warning", "guildhall.config.wsgi:application"]
    programs = [Program("The web server", web)]
    if not web_only:
        programs.append(Program("The worker", [sys.executable, "-m", "guildhall", "worker"], is_vital=False))
    click.echo(f"The hall is open at http://{host}:{port}  (Ctrl+C closes it)")
    with tempfile.TemporaryDirectory(prefix="guildhall-counts-") as counts:
        # Where the web's processes put their counts together, for /metrics.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = counts
        status = run_together(programs)
    sys.exit(status)


def _refuse_unready() -> None:
    """Pages of a hall whose tables are not those of this program would only fail."""
    if health.missing_migrations():
        raise TablesNotReadyError("The hall's tables are not there, or not up to date.", "First run: guildhall migrate")
    connection.close()


def _refuse_taken(host: str, port: int) -> None:
    """Two halls can listen on one port, and readers would get now the one and now the other."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            # As a server does: connections that were closed a moment ago are no hindrance.
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        raise PortTakenError(
            f"Nothing can be served at {host}, port {port}: {error.strerror}.",
            "Close what is open there, or choose another with --port (make run: PORT=).",
        ) from error


@click.command()
def worker() -> None:
    """Keep what is derived from the lists up to date, until stopped."""
    _refuse_unready()
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    exporter, remembering = Exporter(), Remembering()
    prompt: list[Callable[[], object]] = [alive.beat, sequence, remembering.look]
    duties: list[Callable[[], object]] = [
        partial(_follow, known, lambda: stopping, prompt) for known in followers.FOLLOWERS
    ]
    duties += [Remover().look, exporter.look, limits.prune, idempotency.prune]
    while not stopping:
        for duty in (*prompt, *duties):
            _attempt(duty)
        time.sleep(WORKER_PAUSE_SECONDS)
    exporter.stop()
    alive.ended()


def _attempt(duty: Callable[[], object]) -> None:
    """One that fails keeps none of the others from theirs."""
    try:
        duty()
    except Exception:
        # The next round starts from the same cursor, so nothing is lost; the operator must see the reason.
        logger.exception("The worker could not finish a round and will try again")
        close_old_connections()


def _follow(
    known: followers.Follower, is_stopping: Callable[[], bool], prompt: Iterable[Callable[[], object]] = (sequence,)
) -> None:
    """Let a follower catch up. After a large publication that takes a while, in which what is `prompt` goes on."""
    for _ in followers.steps(known):
        for duty in prompt:
            _attempt(duty)
        if is_stopping():
            return


COMMANDS = (serve, worker)
