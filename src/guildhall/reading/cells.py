"""Values as pages show them: text, dates in words, links to the records and addresses that they name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from guildhall.reading import addresses, hiding
from guildhall.registers.models import Register
from guildhall.registers.queries.history import as_list
from guildhall.registers.queries.links import Homes, Target, titles
from guildhall.registers.queries.records import Record
from guildhall.schema.model import Field, Standard

_WEB = re.compile(r"https?://[^\s/?#]+[^\s]*")
_DATE_TYPES = {"date", "yearmonth", "year", "datetime"}


@dataclass(frozen=True)
class Cell:
    """One value: `url` is where it leads; `is_external` if that is another site; `is_date` if it is shown in words."""

    text: str
    url: str = ""
    is_external: bool = False
    is_date: bool = False


@dataclass(frozen=True)
class Row:
    """One record as a page shows it: its title and address, and for each field (by name) its cells."""

    register: Register
    record: Record
    title: str
    url: str
    cells: dict[str, list[Cell]] = field(default_factory=dict)


def record_title(standard: Standard, record: Record) -> str:
    """What a record is called: its title field, else its key; and that it is hidden, if it is."""
    value = as_list(record.item.get(standard.title_field or ""))
    hidden = hiding.words(record)
    return f"{record.key} ({hidden})" if hidden else "; ".join(value) or record.key


def rows(
    standard: Standard, pairs: Iterable[tuple[Register, Record]], names: Collection[str] | None = None
) -> list[Row]:
    """Records with the cells of some of their fields or all, their links resolved in few queries for all of them."""
    pairs = list(pairs)
    reader = CellReader(standard, pairs)
    fields = [known for known in standard.fields if names is None or known.name in names]
    return [
        Row(
            register,
            record,
            record_title(standard, record),
            addresses.own_record(register.path, record.key),
            {known.name: reader.cells(known, record.item.get(known.name), register) for known in fields},
        )
        for register, record in pairs
    ]


class CellReader:
    """Makes cells; looks up the titles of all records that the given ones name, at once."""

    def __init__(self, standard: Standard, pairs: Iterable[tuple[Register, Record]]) -> None:
        self._homes = Homes()
        self._linked = {link.field: link.standard for link in standard.links}
        linking = [known for known in standard.fields if known.name in self._linked or known.format == "curie"]
        targets = {
            target
            for register, record in pairs
            for known in linking
            for value in as_list(record.item.get(known.name))
            if (target := self._target(known, value, register)) is not None
        }
        self._titles = titles(targets) if targets else {}

    def cells(self, known: Field, value: str | list[str] | None, register: Register) -> list[Cell]:
        return [self._cell(known, one, register) for one in as_list(value)]

    def _cell(self, known: Field, value: str, register: Register) -> Cell:
        target = self._target(known, value, register)
        if target is not None and target in self._titles:
            return Cell(self._titles[target], addresses.record(target.path, target.key))
        if _WEB.fullmatch(value):
            return Cell(value, value, is_external=True)
        return Cell(value, is_date=known.type in _DATE_TYPES and known.format == "default")

    def _target(self, known: Field, value: str, register: Register) -> Target | None:
        linked = self._linked.get(known.name)
        if linked is not None:
            return self._homes.link(linked, value, register)
        if known.format == "curie":
            return self._homes.curie(value)
        return None
