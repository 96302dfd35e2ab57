"""Standards and files to check, for the tests of the schema package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from guildhall.schema.files import FileReport, compile_check
from guildhall.schema.gate import open_table
from guildhall.schema.load import parse_standard
from guildhall.schema.model import Field, Standard

TREE: dict[str, Any] = {
    "name": "tree",
    "title": "Tree",
    "primaryKey": "tree",
    "fields": [
        {"name": "tree", "constraints": {"required": True}},
        {"name": "species", "title": "Species", "constraints": {"required": True}, "example": "oak"},
        {"name": "height", "type": "number", "constraints": {"minimum": 0, "maximum": 120}},
        {"name": "planted", "type": "date"},
        {"name": "state", "constraints": {"enum": ["healthy", "ailing", "felled"]}},
        {"name": "tags", "type": "list", "delimiter": ";", "constraints": {"maxLength": 3}},
    ],
}


def tree() -> Standard:
    return parse_standard(TREE)


def field(kind: str = "string", **rest: Any) -> Field:
    """One field, as a standard reads it."""
    descriptor = {"name": "a", "primaryKey": "key", "fields": [{"name": "key"}, {"name": "value", "type": kind} | rest]}
    return parse_standard(descriptor).field("value")


def write(folder: Path, content: str | bytes, name: str = "trees.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def report(folder: Path, content: str | bytes, standard: Standard | None = None) -> FileReport:
    """What the check of a file says."""
    standard = standard or tree()
    return compile_check(standard).run(open_table(write(folder, content), expect=standard))
