"""Writing a static copy: lists of this hall, what accounts for values left out of them, and the log keys."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from guildhall.registers import identity, succession
from guildhall.registers.errors import RetiredRegisterError, UnknownRegisterError
from guildhall.registers.hiding.projection import ERASURES, HOLDS
from guildhall.registers.models import Register
from guildhall.registers.queries import registers
from guildhall.registers.restored import refuse_restored
from guildhall.registers.static import descriptions, folder
from guildhall.registers.static.lists import ListCopy, Report
from guildhall.registers.static.state import NAME

_ACCOUNTS = (ERASURES, HOLDS)


@dataclass(frozen=True)
class Copied:
    """What was done for one list. `is_removed`: the hall shows it no more, so neither does the copy."""

    path: str
    changes: int
    files: int
    is_removed: bool = False


def export_static(paths: Iterable[str], destination: Path, report: Report) -> list[Copied]:
    """Bring the copy in `destination` up to date, with these lists and with all that are in it already.

    Raises UnknownRegisterError, RetiredRegisterError, RestoredHallError, NotACopyError, CopyInUseError.
    """
    refuse_restored()
    wanted = {registers.register(path).path for path in paths}
    with folder.opened(destination, identity.origin()) as place:
        done = _Writer(place, report).run(sorted((wanted | set(_copied(place))) - set(_ACCOUNTS)))
        _write_whole(place)
    return done


@dataclass(frozen=True)
class _Writer:
    place: Path
    report: Report

    def run(self, paths: list[str]) -> list[Copied]:
        copies = {path: copy for path in paths if (copy := self._of(path))}
        for copy in copies.values():
            copy.show_again()
        before = {path: _checkpoint(self.place, path) for path in _ACCOUNTS}
        done = []
        for path in paths:
            copy = copies.get(path)
            if copy is None:
                shutil.rmtree(self._at(path))
                done.append(Copied(path, 0, 0, is_removed=True))
            else:
                copy.run()
                done.append(Copied(path, copy.changes, copy.written))
        self.cover()
        return done + [
            Copied(path, registers.register(path).head.size, int(before[path] != _checkpoint(self.place, path)))
            for path in _ACCOUNTS
        ]

    def cover(self) -> None:
        for path in _ACCOUNTS:
            ListCopy(path, self._at(path), lambda: None, self.report).run()

    def _of(self, path: str) -> ListCopy | None:
        try:
            return ListCopy(path, self._at(path), self.cover, self.report)
        except (RetiredRegisterError, UnknownRegisterError):
            return None

    def _at(self, path: str) -> Path:
        return self.place / "registers" / path


def _checkpoint(place: Path, path: str) -> bytes:
    file = place / "registers" / path / "checkpoint"
    return file.read_bytes() if file.exists() else b""


def _copied(place: Path) -> Iterator[str]:
    """The lists that a copy has, also those that were not finished."""
    for state in place.glob(f"registers/*/*/{NAME}"):
        yield f"{state.parent.parent.name}/{state.parent.name}"


def _write_whole(place: Path) -> None:
    titles = Register.objects.filter(path__in=list(_copied(place))).order_by("path").values_list("path", "title")
    for name, data in (*descriptions.of_hall(titles), ("log-keys", succession.published_keys().encode())):
        folder.write(place / name, data)
    folder.settle()
