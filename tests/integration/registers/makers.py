"""A small standard and registers to publish in, for tests of what goes in and comes out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from guildhall.publishing.registers import Description, add_organisation, add_standard, open_register
from guildhall.registers.catalogue import current_standard
from guildhall.registers.models import Register
from guildhall.registers.publish import Options, Receipt, publish
from guildhall.registers.rows import ListRows

TREE = {
    "name": "tree",
    "title": "Tree",
    "version": "1",
    "primaryKey": "tree",
    "titleField": "species",
    "fields": [
        {"name": "tree", "title": "Tree", "type": "string", "constraints": {"required": True}},
        {"name": "species", "title": "Species", "type": "string", "indexed": True},
        {"name": "street", "title": "Street", "type": "string"},
        {"name": "end-date", "title": "Felled", "type": "date"},
    ],
}


def tree_register(slug: str = "ambridge") -> Register:
    """An organisation with an empty list of trees."""
    add_organisation({"organisation": slug, "name": slug.title(), "kind": "council"})
    add_standard(TREE)
    return open_register(f"{slug}/tree", current_standard("tree"), Description())


def tree_rows(trees: Iterable[tuple[str, str]]) -> ListRows:
    """Rows of (key, species)."""
    return ListRows.of(current_standard("tree"), [{"tree": key, "species": species} for key, species in trees])


def plant(register: Register, trees: Mapping[str, str], **options: str | None) -> Receipt:
    """Publish trees: key -> species."""
    return publish(register, tree_rows(trees.items()), options=Options(**options))  # type: ignore[arg-type]


def many(count: int, species: str = "oak") -> dict[str, str]:
    return {f"T{number:05}": species for number in range(1, count + 1)}
