"""What a file is of: one list, or all lists to one standard, at one state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from pathlib import PurePosixPath

from guildhall.registers import catalogue
from guildhall.registers.models import Register
from guildhall.registers.queries import joined
from guildhall.registers.queries.records import Item
from guildhall.registers.sequencer import latest_position
from guildhall.schema.model import Field, Standard

# More cells than this are not written while somebody waits: they take a spreadsheet's writer about a second.
CELLS_ON_DEMAND = 120_000


@dataclass(frozen=True)
class Subject:
    """One list, or all lists to a standard (`is_joined`).

    `sizes` says for each list at which size it is read, `shows`, if given, which of its records are meant. `position`
    is that of the last publication in the hall before any record is read: what was erased by then is in none of them.
    """

    standard: Standard
    registers: tuple[Register, ...]
    sizes: tuple[int, ...]
    is_joined: bool
    position: int
    shows: Callable[[Item], bool] | None = None

    @property
    def folder(self) -> PurePosixPath:
        """Where its files are kept, below the folder of all."""
        own = ("standards", self.standard.name) if self.is_joined else ("lists", *self._path.split("/"))
        return PurePosixPath(*own)

    @property
    def stem(self) -> str:
        """What its files are called when they are saved, without the date."""
        return f"{self.standard.name}-all-lists" if self.is_joined else self._path.replace("/", "-")

    @property
    def title(self) -> str:
        return f"{self.standard.title}: all lists" if self.is_joined else self.registers[0].title

    @property
    def size(self) -> int:
        """How many changes it has."""
        return sum(self.sizes)

    @property
    def records(self) -> int:
        """How many records its lists hold at their heads."""
        return sum(register.head.records for register in self.registers)

    @property
    def time(self) -> int:
        """When it was last changed, in seconds since 1970; 0 if never."""
        return max((register.head.time for register in self.registers), default=0)

    @property
    def is_now(self) -> bool:
        """It is read at its head and whole, not as it was once."""
        return self.shows is None and self.sizes == tuple(register.head.size for register in self.registers)

    @property
    def is_large(self) -> bool:
        """Its files are made beforehand; those of a small one when they are asked for."""
        return self.records * len(self.columns) > CELLS_ON_DEMAND

    @cached_property
    def fields(self) -> list[Field]:
        """The fields of the standard, those of the key first."""
        key = [self.standard.field(name) for name in self.standard.key]
        return key + [known for known in self.standard.fields if known.name not in self.standard.key]

    @cached_property
    def leading(self) -> tuple[str, ...]:
        """The columns before the standard's own: whose a record is, where lists are joined."""
        return joined.LEADING_COLUMNS if self.is_joined else ()

    @cached_property
    def columns(self) -> list[str]:
        return [*self.leading, *(self.column(known) for known in self.fields)]

    def column(self, known: Field) -> str:
        """What the column of a field is called."""
        return joined.joined_column(self.standard.name, known.name) if self.is_joined else known.name

    @cached_property
    def stamp(self) -> str:
        """Differs whenever a file of it would differ: other records, another description, another release."""
        told = [version("guildhall"), self.standard.name, self.standard.version, str(self.is_joined)]
        for register, size in zip(self.registers, self.sizes, strict=True):
            told += [*joined.leading_values(register, ""), bytes(register.head.root).hex(), str(size)]
            told += [register.title, register.description, register.licence, register.source]
            told += [register.source_date, register.checked_on, register.keeper.name]
        return sha256("\0".join(told).encode()).hexdigest()[:16]

    @property
    def _path(self) -> str:
        return self.registers[0].path


def of_register(register: Register, size: int | None = None, *, shows: Callable[[Item], bool] | None = None) -> Subject:
    """A list at its head, or as it was when it had `size` entries."""
    standard = catalogue.current_standard(register.standard_name)
    sizes = (register.head.size if size is None else size,)
    return Subject(standard, (register,), sizes, is_joined=False, position=latest_position(), shows=shows)


def of_standard(
    name: str,
    sizes: Callable[[Sequence[Register]], Mapping[int, int]] | None = None,
    *,
    shows: Callable[[Item], bool] | None = None,
) -> Subject:
    """All lists to a standard, at their heads or at the sizes that are given by their ids.

    Raises UnknownStandardError.
    """
    standard = catalogue.current_standard(name)
    position = latest_position()
    kept = joined.registers_to(name)
    read = {one.pk: one.head.size for one in kept} if sizes is None else sizes(kept)
    told = tuple(read.get(one.pk, 0) for one in kept)
    return Subject(standard, tuple(kept), told, is_joined=True, position=position, shows=shows)
