"""What a file is of: one list, or all lists to one standard, at one state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from pathlib import PurePosixPath

from guildhall.registers import catalogue
from guildhall.registers.exports.bounds import Bound
from guildhall.registers.models import Register
from guildhall.registers.queries import joined
from guildhall.registers.queries.records import Item
from guildhall.registers.queries.scopes import READ_THROUGH, Pair, Scope
from guildhall.registers.sequencer import latest_position
from guildhall.schema.model import Field, Standard

# More cells than this are not written while somebody waits: they take a spreadsheet's writer about a second.
CELLS_ON_DEMAND = 120_000
# For so long records are looked for that a file is then made of.
_SECONDS = 1.0


@dataclass(frozen=True)
class Excerpt:
    """What was asked for of a table, where that is not the whole of it as it is now.

    `words()` say it, and `params` as the address has it that shows the same for ever. `time` is of when that state was,
    and `checkpoint` what was signed for it. `columns` are those that were chosen, in their order; none for all. `find`
    looks for the records that are meant for so many seconds, and gives each with its list; without it they are all for
    which `shows`, if given, is true. `bound` holds what is made while somebody waits.
    """

    words: Callable[[], str]
    params: tuple[tuple[str, str], ...]
    time: int
    checkpoint: str = ""
    columns: tuple[str, ...] = ()
    shows: Callable[[Item], bool] | None = None
    find: Callable[[float], Iterator[Pair]] | None = None
    bound: Bound | None = None

    @property
    def is_part(self) -> bool:
        """Some records or columns are left out, or their order is another one."""
        return bool(self.columns) or self.shows is not None or self.find is not None


@dataclass(frozen=True)
class Subject:
    """One list, or all lists to a standard (`is_joined`), whole or an excerpt.

    `sizes` says for each list at which size it is read. `position` is that of the last publication in the hall before
    any record is read: what was erased by then is in none of them.
    """

    standard: Standard
    registers: tuple[Register, ...]
    sizes: tuple[int, ...]
    is_joined: bool
    position: int
    excerpt: Excerpt | None = None

    @property
    def folder(self) -> PurePosixPath:
        """Where its files are kept, below the folder of all."""
        own = ("standards", self.standard.name) if self.is_joined else ("lists", *self._path.split("/"))
        return PurePosixPath(*own)

    @property
    def stem(self) -> str:
        """What its files are called when they are saved, without the date."""
        whole = f"{self.standard.name}-all-lists" if self.is_joined else self._path.replace("/", "-")
        return f"{whole}-part" if self.excerpt and self.excerpt.is_part else whole

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
        if self.excerpt:
            return self.excerpt.time
        return max((register.head.time for register in self.registers), default=0)

    @property
    def is_large(self) -> bool:
        """Its files are made beforehand, for pages of its table too; those of a small one when they are asked for."""
        return self.size > READ_THROUGH or self.records * len(self.columns) > CELLS_ON_DEMAND

    @property
    def bound(self) -> Bound:
        """What is made of it while somebody waits."""
        return Bound(CELLS_ON_DEMAND // len(self.columns), _SECONDS)

    @property
    def is_past(self) -> bool:
        """Its lists have changed since."""
        return self.sizes != tuple(register.head.size for register in self.registers)

    @property
    def is_whole(self) -> bool:
        """It is all that its lists hold now, whether or not that was asked for by its number or day."""
        return not self.is_past and not (self.excerpt and self.excerpt.is_part)

    @cached_property
    def table(self) -> dict[str, Field | None]:
        """Its columns in order, those of the key first; None for one that says whose a record is."""
        every = dict.fromkeys(self.leading) | {self.column(known): known for known in self.standard.key_first}
        return {name: every[name] for name in self.excerpt.columns} if self.excerpt and self.excerpt.columns else every

    @property
    def columns(self) -> list[str]:
        return list(self.table)

    @property
    def fields(self) -> list[Field]:
        """The fields of the standard that have a column."""
        return [known for known in self.table.values() if known is not None]

    @property
    def key_columns(self) -> tuple[str, ...]:
        """By which records are told apart; of an excerpt some may have been left out."""
        return ("register", "key") if self.is_joined else self.standard.key

    @property
    def leading(self) -> tuple[str, ...]:
        """The columns before the standard's own: whose a record is, where lists are joined."""
        return joined.LEADING_COLUMNS if self.is_joined else ()

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
            told += [register.source_date, register.checked_on, register.keeper.name, str(register.head.hidden_version)]
        return sha256("\0".join(told).encode()).hexdigest()[:16]

    @property
    def _path(self) -> str:
        return self.registers[0].path


def of_register(register: Register) -> Subject:
    """A list at its head."""
    standard = catalogue.current_standard(register.standard_name)
    return Subject(standard, (register,), (register.head.size,), is_joined=False, position=latest_position())


def of_standard(name: str) -> Subject:
    """All lists to a standard at their heads. Raises UnknownStandardError."""
    standard = catalogue.current_standard(name)
    position = latest_position()
    kept = tuple(joined.registers_to(name))
    return Subject(standard, kept, tuple(one.head.size for one in kept), is_joined=True, position=position)


def of_scope(scope: Scope, excerpt: Excerpt | None = None) -> Subject:
    """What was asked for of a table, or its lists whole."""
    sizes = tuple(scope.sizes[one.pk] for one in scope.registers)
    return Subject(scope.standard, scope.registers, sizes, scope.is_joined, latest_position(), excerpt)
