"""How far the copy of one list has come, kept beside it in `copy.json`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from guildhall.log.tiles import TILE_WIDTH
from guildhall.registers.hiding.states import Hidden
from guildhall.registers.static import folder

NAME = "copy.json"

Runs = list[list[int]]  # first, last


@dataclass
class State:
    """`size` is what its checkpoint covers, `before` what the one before covered: some reader may have just that.

    Full bundles below `written` are on the disk, with what was hidden then left out (`erased`, `held`). `rewriting`
    are those of them in which that has changed and that may not have been written anew.
    """

    size: int = 0
    before: int = 0
    written: int = 0
    stamp: str = ""
    erased: Runs = field(default_factory=list)
    held: Runs = field(default_factory=list)
    rewriting: list[int] = field(default_factory=list)

    @classmethod
    def load(cls, place: Path) -> State:
        """Raises NotACopyError."""
        try:
            return cls(**folder.read_json(place / NAME))
        except TypeError:
            raise folder.NotACopyError(f"{place / NAME} is damaged.", "Remove this copy and make it anew.") from None

    def save(self, place: Path) -> None:
        folder.write(place / NAME, folder.as_json(vars(self)))
        folder.settle()

    def heed(self, hidden: Hidden) -> None:
        """Note what is hidden now, and which bundles have to be written anew because of that."""
        before, now = _parts(self), _parts(hidden)
        touched = {index for run in before ^ now for index in _bundles(run[1], run[2])}
        self.rewriting = sorted({*self.rewriting, *(index for index in touched if index < self.written)})
        self.erased, self.held = ([[*run] for run in runs] for runs in (hidden.erased, hidden.held))

    def hides(self, index: int) -> set[tuple[str, int]]:
        """What is noted as hidden of one bundle, by state and number."""
        first, last = index * TILE_WIDTH + 1, (index + 1) * TILE_WIDTH
        return {
            (state, number)
            for state, start, end in _parts(self)
            for number in range(max(first, start), min(last, end) + 1)
        }


def _parts(told: State | Hidden) -> set[tuple[str, int, int]]:
    named = (("erased", told.erased), ("held", told.held))
    return {(state, first, last) for state, runs in named for first, last in runs}


def _bundles(first: int, last: int) -> Iterator[int]:
    yield from range((first - 1) // TILE_WIDTH, (last - 1) // TILE_WIDTH + 1)
