"""What a table is made of: the lists that it reads, at which size each, and the columns that it has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from guildhall.registers.models import Register
from guildhall.registers.queries.conditions import Condition, Question
from guildhall.registers.queries.history import as_list
from guildhall.registers.queries.joined import LEADING_COLUMNS, joined_column, leading_values
from guildhall.registers.queries.records import Item, Record
from guildhall.schema.items import key_values
from guildhall.schema.model import Field, Standard

# Of the columns before a standard's own, the one that a record brings, and not its list.
KEY_COLUMN = "key"
# A table of so many entries is read through for each question; of a larger one indexes and files are made.
READ_THROUGH = 20_000
Pair = tuple[Register, Record]


@dataclass(frozen=True)
class Scope:
    """Some lists to one standard, in the order of their paths, read as one table.

    `sizes` says at how many changes each is read, and `shows`, if given, which of their records are meant, as those in
    force on a day; `is_now` is false for any state but the latest and whole, which alone followers know.
    """

    standard: Standard
    registers: tuple[Register, ...]
    sizes: Mapping[int, int]
    is_joined: bool = False
    is_now: bool = True
    shows: Callable[[Item], bool] | None = field(default=None, compare=False)

    @cached_property
    def columns(self) -> dict[str, Field]:
        """Every column by its name, as the downloads name them."""
        own = {self.column_of(known.name): known for known in self.standard.fields}
        return {name: Field(name=name, title=name) for name in LEADING_COLUMNS} | own if self.is_joined else own

    @cached_property
    def _own_names(self) -> dict[str, str]:
        return {self.column_of(known.name): known.name for known in self.standard.fields}

    def column_of(self, name: str) -> str:
        return joined_column(self.standard.name, name) if self.is_joined else name

    def own_name(self, column: str) -> str | None:
        """The name of the field of the standard; None for a column that tells of the list."""
        return self._own_names.get(column)

    def is_of_list(self, column: str) -> bool:
        """All records of a list have the same in this column."""
        return self.own_name(column) is None and column != KEY_COLUMN

    def texts(self, register: Register, record: Record, column: str) -> list[str]:
        """What stands in a column for a record."""
        own = self.own_name(column)
        if own is not None:
            # What is hidden of a record is not its key.
            item = key_values(self.standard, record.key) if record.is_hidden else record.item
            return as_list(item.get(own))
        return [record.key] if column == KEY_COLUMN else self.of_list(register, column)

    def of_list(self, register: Register, column: str) -> list[str]:
        """What stands in a column that tells of the list."""
        told = dict(zip(LEADING_COLUMNS, leading_values(register, ""), strict=True))[column]
        return [told] if told else []

    @property
    def is_latest(self) -> bool:
        """Every list is read as it is now, if not all of its records are meant."""
        return all(self.sizes[one.pk] == one.head.size for one in self.registers)

    @property
    def records(self) -> int:
        """How many records there are; more than there were, in a past state."""
        return sum(one.head.records for one in self.registers)

    def only(self, kept: Iterable[Register]) -> Scope:
        registers = tuple(kept)
        return replace(self, registers=registers, sizes={one.pk: self.sizes[one.pk] for one in registers})


def of_register(
    register: Register, standard: Standard, size: int | None = None, *, shows: Callable[[Item], bool] | None = None
) -> Scope:
    """One list at its head, or as it was when it had `size` entries."""
    head = register.head.size
    at = head if size is None else size
    return Scope(standard, (register,), {register.pk: at}, is_now=shows is None and at == head, shows=shows)


def of_standard(
    standard: Standard,
    registers: Iterable[Register],
    sizes: Mapping[int, int] | None = None,
    *,
    shows: Callable[[Item], bool] | None = None,
) -> Scope:
    """All lists to a standard at their heads, or at the sizes that are given by their ids."""
    kept = tuple(one for one in registers if one.head.size)
    now = {one.pk: one.head.size for one in kept}
    at = now if sizes is None else {one.pk: sizes.get(one.pk, 0) for one in kept}
    return Scope(standard, kept, at, is_joined=True, is_now=shows is None and at == now, shows=shows)


def split(scope: Scope, question: Question) -> tuple[list[Condition], list[Condition]]:
    """The conditions on lists, and those on records."""
    of_lists = [one for one in question.conditions if scope.is_of_list(one.column)]
    return of_lists, [one for one in question.conditions if one not in of_lists]
