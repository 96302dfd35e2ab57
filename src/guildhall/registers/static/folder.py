"""The folder of a static copy: whose it is, and files that are replaced whole."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from guildhall.kit.exceptions import ConflictError

MARK = "static-copy.json"
_PART = ".part"
_FORMAT = 1


class NotACopyError(ConflictError):
    """The folder holds something else, or the copy of another hall."""

    title = "No place for a static copy"


class CopyInUseError(ConflictError):
    """Another program is writing the same copy."""

    title = "This copy is being written already"


@contextmanager
def opened(folder: Path, origin: str) -> Iterator[Path]:
    """The folder, made if it is not there, for one writer at a time. Raises NotACopyError, CopyInUseError."""
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / MARK
    if not mark.exists():
        if any(one.name != MARK + _PART for one in folder.iterdir()):
            raise NotACopyError(f"{folder} holds something else.", "Name a folder that is empty or not there yet.")
        write(mark, as_json({"format": _FORMAT, "origin": origin}))
    told = read_json(mark)
    if told.get("format") != _FORMAT or told.get("origin") != origin:
        raise NotACopyError(
            f"{folder} is the copy of another hall, {told.get('origin', 'unknown')}.", "Name another folder."
        )
    with mark.open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CopyInUseError(f"Another program is writing {folder}.", "Wait until it is done.") from None
        yield folder


def read_json(file: Path) -> dict[str, Any]:
    """What a file of ours says; nothing if it is not there. Raises NotACopyError."""
    try:
        told = json.loads(file.read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise NotACopyError(f"{file} is damaged.", "Name another folder, or remove this copy and make it anew.")
    return told


def as_json(told: object) -> bytes:
    return json.dumps(told, indent=1, ensure_ascii=False).encode() + b"\n"


def write(file: Path, data: bytes) -> None:
    write_pieces(file, (data,))


def write_pieces(file: Path, pieces: Iterable[bytes]) -> None:
    """Whole or not at all, for readers; on the disk for certain only after `settle`."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(file.name + _PART)
    try:
        with part.open("wb") as stream:
            stream.writelines(pieces)
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def settle() -> None:
    """Wait until all that was written is on the disk: what names it is written only after."""
    os.sync()
