"""Whether the worker is at work: a file that it touches in every round, beside the data."""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings

# One step of a follower may take some seconds, on a slow disk many.
SILENT_SECONDS = 60


def beat() -> None:
    """The worker is at work now. Costs no write of the disk's own."""
    _file().touch()


def ended() -> None:
    """The worker was stopped in an orderly way."""
    _file().unlink(missing_ok=True)


def silent_seconds() -> float | None:
    """How long nothing was seen of the worker; None if there is none, or none on this machine."""
    try:
        return max(0.0, time.time() - _file().stat().st_mtime)
    except FileNotFoundError:
        return None


def _file() -> Path:
    return Path(settings.GUILDHALL_HOME) / "worker-alive"
