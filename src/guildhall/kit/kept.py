"""Files that only their owner can read, written whole or not at all: secrets, and what must not be lost."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """What stands in the file. It is made the first time: whole, on the disk, and one for all who start at once."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    part = _written(path, make())
    try:
        # Unlike a rename, a link never takes the place of what another program has just made.
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()
    sync_folder(path.parent)
    return path.read_bytes()


def replace(path: Path, data: bytes) -> None:
    """Put `data` in the place of what stands in the file: a power cut leaves the one or the other."""
    part = _written(path, data)
    try:
        part.replace(path)
    except BaseException:
        part.unlink()
        raise
    sync_folder(path.parent)


def _written(path: Path, data: bytes) -> Path:
    """A file beside `path` with these bytes, on the disk."""
    descriptor, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        Path(part).unlink()
        raise
    return Path(part)


def sync_folder(folder: Path) -> None:
    """The names in it must be on the disk too, before anything is signed with what its files hold."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
