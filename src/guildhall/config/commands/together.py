"""Programs that run side by side. One that ends by itself is named, and begun again where that helps."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

logger = logging.getLogger("guildhall.serve")

# Time for a download that is under way.
STOP_SECONDS = 20
# Before a program is begun again; one that ends so often within so long cannot run here.
AGAIN_SECONDS = 3.0
MOST_ENDS, WITHIN_SECONDS = 5, 300.0
_LOOK_SECONDS = 0.2
# Ctrl+C, a stop by whoever started it, and a terminal that was closed.
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Program:
    """`name` is what messages call it. One that `is_vital` ends all others when it ends; any other is begun again."""

    name: str
    command: list[str]
    is_vital: bool = True
    process: subprocess.Popen[bytes] | None = None
    begins: float = 0.0
    ends: list[float] = field(default_factory=list)

    def look(self) -> int | None:
        """Begin it when it is time. Returns the exit status if it ended and is not to be begun again."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.begins:
                self.process = subprocess.Popen(self.command, process_group=0)
            return None
        status = self.process.poll()
        if status is None:
            return None
        self.ends = [*(end for end in self.ends if now - end < WITHIN_SECONDS), now]
        if self.is_vital or len(self.ends) >= MOST_ENDS:
            logger.error("%s ended (%s), so the hall closes.", self.name, told(status))
            return exit_status(status)
        logger.error("%s ended (%s) and is begun again in %g seconds.", self.name, told(status), AGAIN_SECONDS)
        self._signal_rest(signal.SIGTERM)
        self.process, self.begins = None, now + AGAIN_SECONDS
        return None

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()

    def wait(self) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            logger.warning("%s did not stop in %d seconds and was killed.", self.name, STOP_SECONDS)
        self._signal_rest(signal.SIGKILL)
        self.process.wait()

    def _signal_rest(self, number: signal.Signals) -> None:
        """To what it began, in a group of its own: programs do not end with the one that began them."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


def told(status: int) -> str:
    """An exit status in words."""
    if status >= 0:
        return f"exit status {status}"
    name = signal.Signals(-status).name
    return f"killed by {name}, perhaps for want of memory" if -status == signal.SIGKILL else f"ended by {name}"


def exit_status(status: int) -> int:
    """What a shell would say of it; never 0, for it ended unasked."""
    return 128 - status if status < 0 else status or 1


def run_together(programs: Sequence[Program]) -> int:
    """Run programs until a signal comes or one that the hall cannot do without ends; then end the others.

    Returns the exit status: 0 after a signal.
    """
    stopping = False

    def stop(number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        if not stopping:
            logger.warning("The hall closes, for it was told to (%s).", signal.Signals(number).name)
        stopping = True

    for number in _STOPPING:
        signal.signal(number, stop)
    status = 0
    while not stopping and not status:
        status = next((ended for one in programs if (ended := one.look()) is not None), 0)
        time.sleep(_LOOK_SECONDS)
    for one in programs:
        one.stop()
    for one in programs:
        one.wait()
    return status
