"""What the links of a list name, as tables of an SQLite file: Datasette shows a product by its title, not its key."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from itertools import batched

from guildhall.registers.exports.subject import Subject
from guildhall.registers.models import Standard
from guildhall.registers.queries.links import Homes, Target, titles

# So many values of a link are told by their titles; a list that names more has the keys of the others.
_TITLES, _AT_ONCE = 5_000, 500


def linked(subject: Subject) -> dict[str, str]:
    """By column, the standard whose records its values name.

    Only standards with one home, where a value names the same record in every list, and not the subject's own.
    """
    columns = {}
    for link in subject.standard.links:
        known = subject.standard.field(link.field)
        if not known.is_list and link.standard != subject.standard.name and subject.column(known) in subject.table:
            columns[subject.column(known)] = link.standard
    found = Standard.objects.filter(is_current=True, name__in=columns.values()).exclude(home="")
    homely = set(found.values_list("name", flat=True))
    return {column: name for column, name in columns.items() if name in homely}


def write(subject: Subject, database: sqlite3.Connection, table: str, columns: Mapping[str, str]) -> None:
    """A table for each standard that is named: every value with the title of its record, where there is one.

    `table` is that of the records, `columns` those of them that name something with what they are called there, quoted.
    """
    homes = Homes()
    for column, name in linked(subject).items():
        database.execute(f'CREATE TABLE IF NOT EXISTS "{name}" ("{name}" TEXT PRIMARY KEY, title TEXT)')
        named = columns[column]
        select = f"SELECT {named} FROM {table} WHERE {named} IS NOT NULL"  # noqa: S608 - names are quoted
        values = [str(value) for (value,) in database.execute(f"{select} GROUP BY 1 ORDER BY COUNT(*) DESC")]
        targets = {value: homes.link(name, value, subject.registers[0]) for value in values}
        told: dict[Target, str] = {}
        for some in batched(values[:_TITLES], _AT_ONCE):
            told |= titles({targets[value] for value in some})
        rows = [(value, told.get(target)) for value, target in targets.items()]
        database.executemany(f'INSERT OR IGNORE INTO "{name}" VALUES (?, ?)', rows)  # noqa: S608 - a standard's name
