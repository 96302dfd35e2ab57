"""The copy of one list: its log, its values, and pages and files for people. What names something is written after it.

A value may be missing only where the copy's own `hall/erasure` or `hall/hold` says so. So bundles in which values are
shown again are written before these two lists, and those from which values are taken after them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from guildhall.log.tiles import TILE_WIDTH, bundle_path, tile_path
from guildhall.registers.exports import subject, texts
from guildhall.registers.hiding import states
from guildhall.registers.models import Register, RegisterHead
from guildhall.registers.queries import registers
from guildhall.registers.queries.proofs import Proofs
from guildhall.registers.static import descriptions, folder
from guildhall.registers.static.state import State

Report = Callable[[str, int, int], None]  # list, changes written, changes in all

CHECKPOINT = "checkpoint"
# After so many bundles what was written is noted: so much is done again after a crash.
_NOTE_AFTER = 500


@dataclass
class ListCopy:
    """Writes the list at `path` into `place`. `cover` brings `hall/erasure` and `hall/hold` up to date there."""

    path: str
    place: Path
    cover: Callable[[], None]
    report: Report
    written: int = 0  # files
    _state: State = field(init=False)
    _register: Register = field(init=False)
    _proofs: Proofs = field(init=False)
    _version: int = field(default=-1, init=False)

    def __post_init__(self) -> None:
        """Raises UnknownRegisterError, RetiredRegisterError, NotACopyError."""
        self._register = registers.register(self.path)
        self._proofs = Proofs(self._register, self._register.head.size)
        self._state = State.load(self.place)

    @property
    def changes(self) -> int:
        return self._register.head.size

    def show_again(self) -> None:
        """Write the bundles in which values are hidden no more, and none is hidden that was not."""
        wanted = State(**(vars(self._state) | {"rewriting": []}))
        wanted.heed(states.fresh(self._register.pk))
        for index in wanted.rewriting:
            if wanted.hides(index) < self._state.hides(index):
                self._write(bundle_path("items", index, TILE_WIDTH), self._proofs.items(index, TILE_WIDTH))

    def run(self) -> None:
        """Bring the copy up to what the hall has; does nothing where it is that already."""
        told = subject.of_register(self._register)
        head, checkpoint = self._register.head, self.place / CHECKPOINT
        if self._state.stamp == told.stamp and checkpoint.read_text() == head.checkpoint:
            return
        sizes = {head.size, _size_of(checkpoint), self._state.before} - {0}
        self._state.stamp = ""
        self._note_hidden()
        for index in self._state.rewriting:
            self._write_items(index, TILE_WIDTH)
        self._write_full()
        for size in sizes:
            self._write_partial(size)
        self._write_readable(told)
        folder.settle()
        before = _size_of(checkpoint)
        self._write(CHECKPOINT, head.checkpoint.encode())
        self._state.size, self._state.rewriting, self._state.stamp = head.size, [], told.stamp
        if before != head.size:
            self._state.before = before
        self._state.save(self.place)
        self._remove_stale({head.size, self._state.before})

    def _note_hidden(self) -> None:
        self._version = self._hidden_version()
        hidden = states.fresh(self._register.pk)
        self.cover()
        self._state.heed(hidden)
        self._state.save(self.place)

    def _hidden_version(self) -> int:
        return RegisterHead.objects.values_list("hidden_version", flat=True).get(pk=self._register.pk)

    def _write_full(self) -> None:
        size, full = self._register.head.size, self._register.head.size // TILE_WIDTH
        for index in range(self._state.written, full):
            self._write(bundle_path("entries", index, TILE_WIDTH), self._proofs.entries(index, TILE_WIDTH))
            self._write(tile_path(0, index, TILE_WIDTH), self._proofs.tile(0, index, TILE_WIDTH))
            self._write_items(index, TILE_WIDTH)
            self.report(self.path, (index + 1) * TILE_WIDTH, size)
            if (index + 1) % _NOTE_AFTER == 0:
                self._note_written(index + 1)
        for level, count in _levels(size):
            for index in range(count // TILE_WIDTH if level else 0):
                if not (self.place / tile_path(level, index, TILE_WIDTH)).exists():
                    self._write(tile_path(level, index, TILE_WIDTH), self._proofs.tile(level, index, TILE_WIDTH))
        self._note_written(full)

    def _note_written(self, full: int) -> None:
        folder.settle()
        self._state.written = full
        self._state.save(self.place)

    def _write_partial(self, size: int) -> None:
        """The ends of the tree of `size`."""
        for path, level, index, width in _partial(size):
            if level is not None:
                self._write(path, self._proofs.tile(level, index, width))
        index, width = divmod(size, TILE_WIDTH)
        if width:
            self._write(bundle_path("entries", index, width), self._proofs.entries(index, width))
            self._write_items(index, width)

    def _write_items(self, index: int, width: int) -> None:
        """What is hidden meanwhile is first named, then left out."""
        while True:
            data = self._proofs.items(index, width)
            if self._hidden_version() == self._version:
                break
            self._note_hidden()
        self._write(bundle_path("items", index, width), data)

    def _write_readable(self, told: subject.Subject) -> None:
        """CSV and JSON of the records, and what they are."""
        while True:
            folder.write_pieces(self.place / descriptions.CSV, texts.csv_pieces(told))
            folder.write_pieces(self.place / descriptions.RECORDS, texts.json_array(told))
            if self._hidden_version() == self._version:
                break
            self._note_hidden()
        self.written += 2
        for name, data in descriptions.of_list(told):
            self._write(name, data)

    def _remove_stale(self, sizes: set[int]) -> None:
        """Ends of older trees. That of the checkpoint before stays: somebody may be reading it now."""
        wanted = {path for size in sizes for path, *_ in _partial(size)}
        for ends in list((self.place / "tile").rglob("*.p")):
            for file in list(ends.iterdir()):
                if file.relative_to(self.place).as_posix() not in wanted:
                    file.unlink()
            if not any(ends.iterdir()):
                ends.rmdir()

    def _write(self, name: str, data: bytes) -> None:
        folder.write(self.place / name, data)
        self.written += 1


def _levels(size: int) -> Iterator[tuple[int, int]]:
    """How many hashes each level of the tree has."""
    level = 0
    while count := size >> (8 * level):
        yield level, count
        level += 1


def _partial(size: int) -> Iterator[tuple[str, int | None, int, int]]:
    """The path, level (None for bundles), index and width of each file at the end of the tree of `size`."""
    for level, count in _levels(size):
        index, width = divmod(count, TILE_WIDTH)
        if width:
            yield tile_path(level, index, width), level, index, width
    index, width = divmod(size, TILE_WIDTH)
    if width:
        for kind in ("entries", "items"):
            yield bundle_path(kind, index, width), None, index, width


def _size_of(checkpoint: Path) -> int:
    """What a checkpoint that is there covers; 0 if there is none."""
    return int(checkpoint.read_text().split("\n")[1]) if checkpoint.exists() else 0
