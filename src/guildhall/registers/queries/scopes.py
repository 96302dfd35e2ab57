"""What a table is made of: the lists that it reads, at which size each, and the columns that it has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.db.models import QuerySet

from guildhall.registers.models import Entry, Register
from guildhall.registers.queries.conditions import Condition, Question
from guildhall.registers.queries.history import as_list
from guildhall.registers.queries.joined import LEADING_COLUMNS, JoinedRow, joined_column
from guildhall.registers.queries.records import Record
from guildhall.schema.model import Field, Standard

# Of the columns before a standard's own, the one that a record brings, and not its list.
KEY_COLUMN = "key"
Pair = tuple[Register, Record]
_NO_RECORD = Record(0, "", 0, "", {})


@dataclass(frozen=True)
class Scope:
    """Some lists to one standard, in the order of their paths, read as one table.

    `sizes` says at how many changes each is read. `restrict` leaves out records, as those not in force on a day;
    `is_now` is false where a past state is read, which no follower knows.
    """

    standard: Standard
    registers: tuple[Register, ...]
    sizes: Mapping[int, int]
    is_joined: bool = False
    is_now: bool = True
    restrict: Callable[[QuerySet[Entry]], QuerySet[Entry]] | None = field(default=None, compare=False)

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
            return as_list(record.item.get(own))
        return [record.key] if column == KEY_COLUMN else self.of_list(register, column)

    def of_list(self, register: Register, column: str) -> list[str]:
        """What stands in a column that tells of the list."""
        told = JoinedRow(register, _NO_RECORD).leading()[column]
        return [told] if told else []

    @property
    def records(self) -> int:
        """How many records there are; more than there were, in a past state."""
        return sum(one.head.records for one in self.registers)

    def only(self, kept: Iterable[Register]) -> Scope:
        return replace(self, registers=tuple(kept))


def of_register(register: Register, standard: Standard) -> Scope:
    """One list as it is now."""
    return Scope(standard, (register,), {register.pk: register.head.size})


def of_standard(standard: Standard, registers: Iterable[Register]) -> Scope:
    """All lists to a standard as they are now."""
    kept = tuple(one for one in registers if one.head.size)
    return Scope(standard, kept, {one.pk: one.head.size for one in kept}, is_joined=True)


def split(scope: Scope, question: Question) -> tuple[list[Condition], list[Condition]]:
    """The conditions on lists, and those on records."""
    of_lists = [one for one in question.conditions if scope.is_of_list(one.column)]
    return of_lists, [one for one in question.conditions if one not in of_lists]
