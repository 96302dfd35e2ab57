"""How often a file was tried in vain, and when it is its turn again.

Noted before each try and forgotten when it succeeds, so that a file whose making kills the program (for want of memory,
say) is not begun again at once, and keeps no other from being made.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.conf import settings

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 300.0, 6 * 60 * 60.0


@dataclass(frozen=True)
class Tries:
    """`failed` tries, and the second since 1970 from when it may be tried again."""

    failed: int = 0
    again: float = 0.0


def known(name: PurePosixPath) -> Tries:
    try:
        failed, again = _file(name).read_text("ascii").split()
        return Tries(int(failed), float(again))
    except (OSError, ValueError):
        return Tries()


@contextmanager
def trying(name: PurePosixPath) -> Iterator[None]:
    """One try. Whoever is told to stop has not failed."""
    before = known(name)
    pause = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2**before.failed)
    _note(name, Tries(before.failed + 1, time.time() + pause))
    try:
        yield
    except Exception:
        raise
    except BaseException:
        _note(name, before)
        raise
    _file(name).unlink(missing_ok=True)


def _note(name: PurePosixPath, tries: Tries) -> None:
    path = _file(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{tries.failed} {tries.again}", "ascii")


def _file(name: PurePosixPath) -> Path:
    """Beside the files, so that they are forgotten together."""
    return Path(settings.GUILDHALL_HOME) / "exports" / ".tries" / name
