"""The files that are kept: under GUILDHALL_HOME/exports, named by what they show, replaced in one step.

A name is `{size}-{position}-{time}-{hidden}-{stamp}.{format}`: the size of the list, the position in the hall up to
which it was made, the time of the list's last change, the version of what was hidden of it, and its subject's stamp.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, mkstemp
from typing import BinaryIO

from django.conf import settings

from guildhall.registers.exports.subject import Subject, of_register, of_standard
from guildhall.registers.models import Register
from guildhall.registers.statements import fetch

_NAME = re.compile(
    r"(?P<size>\d+)-(?P<position>\d+)-(?P<time>\d+)-(?P<hidden>\d+)-(?P<stamp>[0-9a-f]{16})\.(?P<format>[a-z]+)"
)
_OWN_LISTS = "hall/"
# What was begun and left so long ago was cut short.
_ABANDONED_SECONDS = 6 * 60 * 60


@dataclass(frozen=True)
class Kept:
    """A file that may be given out, and what it shows."""

    path: Path
    size: int
    position: int
    time: int  # seconds since 1970 of the list's last change
    hidden_version: int
    stamp: str

    @property
    def length(self) -> int:
        """In bytes. Raises FileNotFoundError if it has just been replaced."""
        return self.path.stat().st_size


def newest(subject: Subject, suffix: str) -> Kept | None:
    """The newest file of a subject in a format that may be given out, whether or not it is up to date.

    One that was begun before values were hidden, or shown again, may not: it has other values than pages have.
    """
    hidden_version = _hidden_version(subject)
    found = [kept for kept in _all(subject, suffix) if kept.hidden_version == hidden_version]
    return max(found, key=lambda kept: kept.position, default=None)


def current(subject: Subject, suffix: str) -> Kept | None:
    """The file that shows the subject as it is now."""
    kept = newest(subject, suffix)
    return kept if kept and kept.stamp == subject.stamp else None


def make(subject: Subject, suffix: str, write: Callable[[Subject, Path], None]) -> Kept:
    """Write a file and put it in the place of those before it."""
    folder = _folder(subject)
    folder.mkdir(parents=True, exist_ok=True)
    version, stamp = _hidden_version(subject), subject.stamp
    name = f"{subject.size}-{subject.position}-{subject.time}-{version}-{stamp}.{suffix}"
    handle, part = mkstemp(dir=folder, prefix=".part-", suffix=f".{suffix}")
    os.close(handle)
    try:
        write(subject, Path(part))
        Path(part).replace(folder / name)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    for old in _all(subject, suffix):
        if old.path.name != name and old.position <= subject.position:
            old.path.unlink(missing_ok=True)
    if _hidden_version(subject) != version:
        # Begun before something was hidden, so that it may never be given out. Whoever waits for it begins anew.
        (folder / name).unlink(missing_ok=True)
    return Kept(folder / name, subject.size, subject.position, subject.time, version, stamp)


def once(subject: Subject, suffix: str, write: Callable[[Subject, Path], None]) -> BinaryIO:
    """A file that is made for one reader and not kept: when it is closed it is gone."""
    _root().mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=_root(), prefix=".part-") as folder:
        path = Path(folder) / f"once.{suffix}"
        write(subject, path)
        return path.open("rb")


def clear() -> None:
    """Remove every file that is kept."""
    shutil.rmtree(_root(), ignore_errors=True)


def drop_outdated(register: Register) -> None:
    """Remove the files of a list, and of all lists to its standard, that were made before what is hidden of it now.

    What the hall's own lists say stands in the files of all lists.
    """
    if register.path.startswith(_OWN_LISTS):
        for path in list(_root().rglob("*")):
            if _NAME.fullmatch(path.name):
                path.unlink(missing_ok=True)
        return
    for one in (of_register(register), of_standard(register.standard_name)):
        hidden_version = _hidden_version(one)
        for kept in list(_all(one)):
            if kept.hidden_version != hidden_version:
                kept.path.unlink(missing_ok=True)


def is_making() -> bool:
    """Whether a file is being made, here or by another program; what it holds may be older than what is hidden."""
    return any(True for _ in _root().rglob(".part-*"))


def sweep() -> None:
    """Remove what was begun and never finished, by a program that was stopped."""
    for path in list(_root().rglob(".part-*")):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > _ABANDONED_SECONDS:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _hidden_version(subject: Subject) -> int:
    """Grows whenever entries of its lists are hidden or shown again, also of lists that were retired since."""
    sql = "SELECT SUM(h.hidden_version) FROM registers_registerhead h JOIN registers_register r ON r.id = h.register_id"
    if subject.is_joined:
        versions = fetch(f"{sql} WHERE r.standard_name = %s", [subject.standard.name])
    else:
        versions = fetch(f"{sql} WHERE r.id = %s", [subject.registers[0].pk])
    return int(versions[0][0] or 0)


def _all(subject: Subject, suffix: str | None = None) -> Iterator[Kept]:
    folder = _folder(subject)
    for path in folder.iterdir() if folder.is_dir() else ():
        found = _NAME.fullmatch(path.name)
        if found and suffix in {None, found["format"]}:
            size, position, changed, version = (int(found[name]) for name in ("size", "position", "time", "hidden"))
            yield Kept(path, size, position, changed, version, found["stamp"])


def _folder(subject: Subject) -> Path:
    return _root() / subject.folder


def _root() -> Path:
    return Path(settings.GUILDHALL_HOME) / "exports"
