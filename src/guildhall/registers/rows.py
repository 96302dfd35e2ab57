"""Rows that are ready to be published: keys and canonical items, a slice at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from guildhall.schema.items import make_item, make_items, make_keys

if TYPE_CHECKING:
    import polars as pl

    from guildhall.schema.model import Standard

SLICE = 5_000
Slice = tuple[list[str], list[bytes]]


class Rows(Protocol):
    """Can be read more than once: for the preview, and again to publish."""

    def __len__(self) -> int: ...

    def slices(self) -> Iterator[Slice]:
        """Slices of at most SLICE rows: keys, and beside them canonical items."""
        ...

    def key_slices(self) -> Iterator[list[str]]:
        """The keys alone, in the same slices."""
        ...


class FrameRows:
    """The good rows of a checked file; items are made slice by slice, so that they are never all in memory."""

    def __init__(self, standard: Standard, frame: pl.DataFrame) -> None:
        self._standard = standard
        self._frame = frame

    def __len__(self) -> int:
        return self._frame.height

    def slices(self) -> Iterator[Slice]:
        for piece in self._frame.iter_slices(SLICE):
            yield make_items(self._standard, piece)

    def key_slices(self) -> Iterator[list[str]]:
        for piece in self._frame.iter_slices(SLICE):
            yield make_keys(self._standard, piece)


class ListRows:
    """A few rows in memory, from a form, the API or the hall itself."""

    def __init__(self, pairs: Sequence[tuple[str, bytes]]) -> None:
        self._pairs = pairs

    @classmethod
    def of(cls, standard: Standard, rows: Sequence[Mapping[str, str | list[str]]]) -> ListRows:
        """Rows whose values were checked already (`schema.rows.check_row`)."""
        return cls([make_item(standard, row) for row in rows])

    def __len__(self) -> int:
        return len(self._pairs)

    def slices(self) -> Iterator[Slice]:
        for start in range(0, len(self._pairs), SLICE):
            piece = self._pairs[start : start + SLICE]
            yield [key for key, _ in piece], [item for _, item in piece]

    def key_slices(self) -> Iterator[list[str]]:
        for keys, _ in self.slices():
            yield keys
