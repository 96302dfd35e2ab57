"""What a standard says: its fields, what each may hold, and what names a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

MAX_KEY_CHARACTERS = 256
MAX_ITEM_BYTES = 64 * 1024


@dataclass(frozen=True)
class Constraints:
    """Limits of one field. Bounds are texts, as the schema writes them; None where there is no limit.

    For a list, `required`, `unique`, `min_length` and `max_length` speak of the whole list, the others of each value.
    """

    required: bool = False
    unique: bool = False
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    enum: tuple[str, ...] = ()
    minimum: str | None = None
    maximum: str | None = None


@dataclass(frozen=True)
class Field:
    """One column. `format` is `default` unless the schema says otherwise; `level` is must, should or may.

    `delimiter` and `item_type` count for lists only, the last four for booleans and numbers only.
    """

    name: str
    title: str
    description: str = ""
    type: str = "string"
    format: str = "default"
    constraints: Constraints = Constraints()
    example: str = ""
    indexed: bool = False
    level: str = "may"
    aliases: tuple[str, ...] = ()
    delimiter: str = ","
    item_type: str = "string"
    true_values: tuple[str, ...] = ("true", "True", "TRUE", "1")
    false_values: tuple[str, ...] = ("false", "False", "FALSE", "0")
    group_char: str = ""
    bare_number: bool = True

    @property
    def is_list(self) -> bool:
        return self.type == "list"

    @property
    def value_field(self) -> Field:
        """What the field says of each of its values: itself, unless it is a list."""
        if not self.is_list:
            return self
        each = replace(self.constraints, required=False, unique=False, min_length=None, max_length=None)
        return replace(self, type=self.item_type, constraints=each)


@dataclass(frozen=True)
class Link:
    """A field whose values name records of another standard."""

    field: str
    standard: str


@dataclass(frozen=True)
class Standard:
    """A version of a data standard, parsed. `key` are the names of the fields that together name a record.

    `start_field` and `end_field` say when a record is in force. `update_frequency` is how often a list to the standard
    is to be renewed, as an ISO 8601 duration such as P1Y, or empty.
    """

    name: str
    title: str
    description: str
    version: str
    home: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    title_field: str | None
    start_field: str | None
    end_field: str | None
    update_frequency: str
    links: tuple[Link, ...]
    indexed_names: tuple[str, ...]
    examples: tuple[Mapping[str, Any], ...] = field(default=(), compare=False)
    invalid_examples: tuple[Mapping[str, Any], ...] = field(default=(), compare=False)

    @cached_property
    def _by_name(self) -> dict[str, Field]:
        return {known.name: known for known in self.fields}

    @cached_property
    def key_first(self) -> tuple[Field, ...]:
        """The fields as files have them, those of the key before the others."""
        key = tuple(self.field(name) for name in self.key)
        return key + tuple(known for known in self.fields if known.name not in self.key)

    def field(self, name: str) -> Field:
        """The field of that name. Raises KeyError."""
        return self._by_name[name]
