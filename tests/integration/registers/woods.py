"""A list with fields of every kind, some indexed, and what a plain reading of it finds."""

from __future__ import annotations

from guildhall.publishing.registers import Description, add_organisation, add_standard, open_register
from guildhall.registers.catalogue import current_standard
from guildhall.registers.followers import run as followers
from guildhall.registers.models import Register
from guildhall.registers.publish import publish
from guildhall.registers.queries import registers
from guildhall.registers.rows import ListRows
from guildhall.registers.sequencer import sequence

WOOD = {
    "name": "wood",
    "title": "Wood",
    "version": "1",
    "primaryKey": "wood",
    "titleField": "name",
    "fields": [
        {"name": "wood", "title": "Wood", "type": "string"},
        {"name": "name", "title": "Name", "type": "string"},
        {"name": "species", "title": "Species", "type": "string", "indexed": True},
        {"name": "kind", "title": "Kind", "type": "string", "indexed": True},
        {"name": "planted", "title": "Planted", "type": "date", "format": "%d/%m/%Y", "indexed": True},
        {"name": "height", "title": "Height", "type": "number", "indexed": True},
        {"name": "birds", "title": "Birds", "type": "list", "delimiter": ";", "indexed": True},
        {"name": "note", "title": "Note", "type": "string"},
        {"name": "format", "title": "Format", "type": "string", "indexed": True},
        {"name": "region", "title": "Region", "type": "string"},
    ],
}
SPECIES = ("oak", "ash", "Elm", "Ynys Môn pine", "100% yew")

Row = dict[str, str | list[str]]


def wood_rows(count: int = 60) -> list[Row]:
    """Rows by rule: some values repeat, some are missing, some are lists."""
    rows: list[Row] = []
    for number in range(count):
        row: Row = {"wood": f"W{number:03}", "name": f"Wood {number}", "species": SPECIES[number % 5]}
        row["kind"] = "ancient" if number % 3 else "new"
        if number % 7:
            row["planted"] = f"{number % 28 + 1:02}/{number % 12 + 1:02}/{1990 + number % 11}"
        if number % 4:
            row["height"] = str(number % 13 * 1.5)
        if number % 2:
            row["birds"] = ["owl", "wren"] if number % 3 else ["wren"]
        if number % 5 == 2:
            row["note"] = f"Near the Café, no {number}"
        if number % 6 == 0:
            row["format"] = "pdf"
        rows.append(row)
    return rows


def put(register: Register, rows: list[Row]) -> None:
    publish(register, ListRows.of(current_standard(register.standard_name), rows))
    sequence()
    followers.catch_up()


def wood_register(slug: str = "ambridge", rows: list[Row] | None = None) -> Register:
    """A list that has been changed once: what was superseded must never be found."""
    add_organisation({"organisation": slug, "name": slug.title(), "kind": "council", "region": "London"})
    add_standard(WOOD)
    register = open_register(f"{slug}/wood", current_standard("wood"), Description())
    rows = wood_rows() if rows is None else rows
    put(register, [row | {"species": "plum", "height": "99"} for row in rows[:20]])
    put(register, rows)
    return registers.register(register.path)
