"""The follower of exports: the files of large lists, made before anybody asks for them.

A file bears the stamp of what it shows, so the files themselves say how far this follower has come: it needs no cursor,
and a crash loses nothing. One may take minutes, so they are made outside any transaction and beside the other
followers, by a program of their own.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.db import connection
from django.db.models import Sum

from guildhall.registers.exports import WRITERS, files, subject
from guildhall.registers.exports.subject import Subject
from guildhall.registers.followers import tries
from guildhall.registers.models import Register
from guildhall.registers.queries import registers

logger = logging.getLogger("guildhall.worker")

NAME = "exports"
# A list that changes all the time has its files made again after so many seconds, not at every change. Filters of
# large lists read Parquet, which is quick to make; a workbook of a million rows takes minutes.
PAUSE_SECONDS = {"parquet": 20, "csv": 120, "sqlite": 300, "xlsx": 600}
# No list with fewer records is large, whatever its standard.
_FEWEST = 500


@dataclass(frozen=True)
class Waiting:
    """A file that is to be made: of what, and in which format."""

    subject: Subject
    suffix: str

    @property
    def name(self) -> PurePosixPath:
        """Such as lists/ambridge/tree.parquet."""
        return self.subject.folder.with_name(f"{self.subject.folder.name}.{self.suffix}")


def waiting() -> Iterator[Waiting]:
    """The files of large lists that there are not, or that show them as they were; the quickest to make first."""
    large = list(_large())
    for suffix in PAUSE_SECONDS:
        for one in large:
            if files.current(one, suffix) is None:
                yield Waiting(one, suffix)


def due(now: float | None = None) -> Iterator[Waiting]:
    """Those of them that are not made again, or tried again in vain, too soon."""
    moment = time.time() if now is None else now
    for one in waiting():
        if moment < tries.known(one.name).again:
            continue
        kept = files.newest(one.subject, one.suffix)
        if kept is None or moment - _made(kept) >= PAUSE_SECONDS[one.suffix]:
            yield one


def failing() -> list[Waiting]:
    """The files whose last try was in vain."""
    return [one for one in waiting() if tries.known(one.name).failed]


def make_due(on_made: Callable[[files.Kept], None] | None = None) -> int:
    """Make what is due, each of the list as it is when its turn comes. Returns how many were made.

    One that cannot be made keeps no other from it: it is told, and tried again later and later.
    """
    files.sweep()
    made = 0
    for one in list(due()):
        try:
            with tries.trying(one.name):
                kept = files.make(_now(one.subject), one.suffix, WRITERS[one.suffix])
        except Exception:
            logger.exception("%s could not be made and will be tried again later", one.name)
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
            continue
        made += 1
        if on_made is not None:
            on_made(kept)
    return made


def _now(known: Subject) -> Subject:
    if known.is_joined:
        return subject.of_standard(known.standard.name)
    return subject.of_register(registers.register(known.registers[0].path))


def _large() -> Iterator[Subject]:
    for register in registers.registers().filter(head__records__gte=_FEWEST):
        one = subject.of_register(register)
        if one.is_large:
            yield one
    counts = Register.objects.values("standard_name").annotate(records=Sum("head__records"))
    for name in counts.filter(records__gte=_FEWEST).values_list("standard_name", flat=True):
        joined = subject.of_standard(name)
        if joined.is_large:
            yield joined


def _made(kept: files.Kept) -> float:
    try:
        return kept.path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
