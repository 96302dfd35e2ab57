"""A list as an SQLite file that opens in Datasette: its records, what they name, its fields, its facts."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import polars as pl

from guildhall.registers.exports import facts, frames, sqlite_links, typed
from guildhall.registers.exports.subject import Subject
from guildhall.schema.describe import field_meaning

_TYPES = {pl.Int64(): "INTEGER", pl.Int32(): "INTEGER", pl.Boolean(): "INTEGER", pl.Float64(): "REAL"}


def write(subject: Subject, path: Path) -> None:
    """Write it whole. Lists are JSON, which Datasette counts by value; days and moments are texts of ISO 8601."""
    with closing(sqlite3.connect(path)) as database:
        # It is a new file of our own: if the machine stops, it is made again.
        database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;")
        records = _records(subject, database)
        _fields(subject, database)
        database.execute("CREATE TABLE about_file (name TEXT PRIMARY KEY, value TEXT)")
        database.executemany("INSERT INTO about_file VALUES (?, ?)", facts.of(subject, records).items())
        database.commit()


def _records(subject: Subject, database: sqlite3.Connection) -> int:
    """Their table. Returns how many there are."""
    kinds = typed.schema(subject)
    names = _names(subject)
    columns = [f"{_quoted(names[name])} {_TYPES.get(kind, 'TEXT')}" for name, kind in kinds.items()]
    if all(name in names for name in subject.key_columns):
        columns.append(f"PRIMARY KEY ({', '.join(_quoted(names[name]) for name in subject.key_columns)})")
    links = sqlite_links.linked(subject)
    # Datasette reads only those that name the column too.
    columns += [f'FOREIGN KEY ({_quoted(names[name])}) REFERENCES "{told}" ("{told}")' for name, told in links.items()]
    table = _quoted(subject.standard.name)
    database.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
    select = [_cell(name, kind) for name, kind in kinds.items()]
    insert = f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * len(kinds))})"  # noqa: S608 - names are quoted
    for frame in frames.text_frames(subject):
        database.executemany(insert, frame.select(typed.columns(subject)).select(select).iter_rows())
    for name in _indexed(subject):
        database.execute(f"CREATE INDEX {_quoted(f'by {name}')} ON {table} ({_quoted(names[name])})")
    sqlite_links.write(subject, database, table, {name: _quoted(names[name]) for name in links})
    return int(database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608 - its name is quoted


def _cell(name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(kind, pl.List):
        # Encoded as {"_":[…]}, of which the list is kept.
        told = pl.struct(column.alias("_")).struct.json_encode().str.slice(5).str.head(-1)
        return pl.when(column.is_not_null()).then(told).alias(name)
    if kind == typed.MOMENT:
        return column.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    return column.cast(pl.String) if kind == pl.Date else column


def _indexed(subject: Subject) -> list[str]:
    """What people filter by: whose a record is, and every field that names a record elsewhere or is marked for it."""
    own = [subject.standard.field(name) for name in subject.standard.indexed_names]
    wanted = [*subject.leading[:1], *(subject.column(known) for known in own if not known.is_list)]
    return [name for name in wanted if name in subject.table]


def _fields(subject: Subject, database: sqlite3.Connection) -> None:
    links = {link.field: link.standard for link in subject.standard.links}
    database.execute(
        "CREATE TABLE about_fields"
        " (name TEXT PRIMARY KEY, title TEXT, description TEXT, type TEXT, rules TEXT, names_a TEXT)"
    )
    names = _names(subject)
    rows = [
        (
            names[subject.column(known)],
            known.title,
            known.description,
            known.type,
            "; ".join(field_meaning(known)),
            links.get(known.name, ""),
        )
        for known in subject.fields
    ]
    database.executemany("INSERT INTO about_fields VALUES (?, ?, ?, ?, ?, ?)", rows)


def _names(subject: Subject) -> dict[str, str]:
    """What columns are called here, where capitals make no difference. No table of ours is called as a standard is."""
    taken: set[str] = set()
    names: dict[str, str] = {}
    for name in subject.columns:
        names[name] = f"{subject.standard.name}.{name}" if name.lower() in taken else name
        taken.add(name.lower())
    return names


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
