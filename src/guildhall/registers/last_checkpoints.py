"""The last checkpoints known outside the database: a small file beside the log key.

The worker writes it within a second of each publication, off the publishing path. It is in no backup, and no restore
overwrites it: so a hall that was put back from an old copy can tell what it has signed since.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from guildhall.kit.exceptions import ConflictError
from guildhall.kit.kept import replace
from guildhall.log.checkpoint import Checkpoint, CheckpointError, parse_body

FILE = "last-checkpoints"
UNKNOWN = -1
_VERSION = 1


class UnreadableCheckpointsError(ConflictError):
    """The file with the last checkpoints is there and cannot be read."""

    title = "The last checkpoints cannot be read"


@dataclass(frozen=True)
class LastCheckpoints:
    """What the hall had signed: the signed checkpoint of each list by its path, and the last publication.

    `position` is that of the last publication (0: none yet), `last` the path of its list, and `note` its checkpoint.
    With UNKNOWN as position, what is known was learnt from elsewhere, and only all lists together can tell.
    """

    origin: str
    position: int
    last: str
    note: str
    checkpoints: Mapping[str, str]


def file() -> Path:
    return Path(settings.GUILDHALL_HOME) / FILE


def body_of(note: str) -> Checkpoint:
    """What a checkpoint says; who signed it is not looked at. Raises UnreadableCheckpointsError."""
    try:
        return parse_body(note.rpartition("\n\n")[0] + "\n")
    except CheckpointError as error:
        raise _unreadable(error) from error


def write(known: LastCheckpoints) -> None:
    """Put it in the place of what was known before, whole or not at all."""
    path = file()
    path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, json.dumps({"version": _VERSION} | asdict(known), ensure_ascii=False, indent=1).encode())


class _Cached:
    """What stands in the file, read again only when another has taken its place."""

    def __init__(self, load: Callable[[Path], LastCheckpoints]) -> None:
        self._load = load
        self._stamp: tuple[Any, ...] = ()
        self._known: LastCheckpoints | None = None

    def __call__(self) -> LastCheckpoints | None:
        path = file()
        try:
            found = path.stat()
        except FileNotFoundError:
            return None
        stamp = (os.fspath(path), found.st_ino, found.st_mtime_ns, found.st_size)
        if stamp != self._stamp:
            known = self._load(path)
            self._known, self._stamp = known, stamp
        return self._known


def _load(path: Path) -> LastCheckpoints:
    try:
        told = json.loads(path.read_bytes())
        version = told.pop("version")
        known = LastCheckpoints(**told)
        are_texts = all(isinstance(note, str) for note in (known.note, *known.checkpoints.values()))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise _unreadable(error) from error
    if version != _VERSION or not are_texts:
        raise _unreadable("it was written by another version of the program")
    return known


def _unreadable(why: object) -> UnreadableCheckpointsError:
    return UnreadableCheckpointsError(
        f"{file()} does not hold the last checkpoints of this hall: {why}",
        "Put it back as it was, or move it away and run: guildhall restore-check",
    )


read = _Cached(_load)
"""What stands in the file; None if there is none. Raises UnreadableCheckpointsError."""


def read_or_none() -> LastCheckpoints | None:
    """What stands in the file; None also where it cannot be read."""
    try:
        return read()
    except UnreadableCheckpointsError:
        return None
