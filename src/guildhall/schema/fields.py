"""One field of a Table Schema, read. What cannot be used is refused with the reason."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from guildhall.schema import dates, kinds, patterns
from guildhall.schema.errors import StandardError
from guildhall.schema.model import Constraints, Field

TYPES = frozenset(
    (
        "string", "integer", "number", "boolean", "date", "datetime", "time", "year", "yearmonth", "duration",
        "list", "geopoint", "point", "multipolygon", "geojson", "object", "array", "any",
    )
)  # fmt: skip
LEVELS = ("must", "should", "may")
_DATED = frozenset(("date", "datetime", "time"))
_ORDERED = frozenset(("integer", "number", "date", "datetime", "time", "year", "yearmonth"))


def read_field(one: object) -> Field:
    """Raises StandardError."""
    if not isinstance(one, Mapping) or not isinstance(one.get("name"), str) or not one["name"].strip():
        raise StandardError("A field has no name. Every field needs one.")
    name = one["name"]
    if name.startswith("_") or name != name.strip() or not name.isprintable():
        raise StandardError(
            f"The field {name!r} cannot have this name. "
            "Names that begin with _ are the hall's own, and spaces at the ends would be lost."
        )
    kind = str(one.get("type") or "string")
    if kind not in TYPES:
        raise StandardError(
            f"The field {name} has the type {kind}, which is not known. Use one of: {', '.join(sorted(TYPES))}."
        )
    constraints = one.get("constraints") or {}
    if not isinstance(constraints, Mapping):
        raise StandardError(
            f"The constraints of the field {name} are not an object. Write them as “constraints”: {{…}}."
        )
    field = Field(
        name=name,
        title=_text(one.get("title")) or name,
        description=_text(one.get("description")),
        type=kind,
        format=_format(name, kind, one),
        example=_text(one.get("example")),
        indexed=one.get("indexed") is True,
        level=_level(name, one, constraints),
        aliases=_texts(one.get("aliases")),
        delimiter=_delimiter(name, one),
        item_type=_item_type(name, one),
        true_values=_texts(one.get("trueValues")) or Field.true_values,
        false_values=_texts(one.get("falseValues")) or Field.false_values,
        group_char=_text(one.get("groupChar")),
        bare_number=one.get("bareNumber") is not False,
    )
    return replace(field, constraints=_constraints(field, constraints))


def _format(name: str, kind: str, one: Mapping[str, Any]) -> str:
    shape = str(one.get("format") or "default")
    if kind in _DATED and shape not in dates.NAMED_FORMATS:
        try:
            dates.directives(shape)
        except ValueError as error:
            raise StandardError(
                f"The field {name} has the format {shape}, which cannot be checked: {error}. Write it such as %d/%m/%Y."
            ) from error
    return "default" if shape == "ISO" else shape


def _constraints(field: Field, limits: Mapping[str, Any]) -> Constraints:
    pattern = limits.get("pattern")
    if pattern is not None:
        try:
            pattern = patterns.portable(str(pattern))
        except patterns.PatternError as error:
            raise StandardError(f"The pattern of the field {field.name} cannot be used: {error}") from error
    choices = _texts(limits.get("enum"))
    if limits.get("enum") is not None and not choices:
        raise StandardError(f"The field {field.name} has no choices under “enum”. List at least one, or leave it out.")
    return Constraints(
        required=limits.get("required") is True,
        unique=limits.get("unique") is True,
        min_length=_length(field, "minLength", limits),
        max_length=_length(field, "maxLength", limits),
        pattern=pattern,
        enum=choices,
        minimum=_bound(field, "minimum", limits),
        maximum=_bound(field, "maximum", limits),
    )


def _length(field: Field, word: str, limits: Mapping[str, Any]) -> int | None:
    value = limits.get(word)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise StandardError(f"{word} of the field {field.name} is {value!r}. It must be a whole number from 0 up.")
    return value


def _bound(field: Field, word: str, limits: Mapping[str, Any]) -> str | None:
    if limits.get(word) is None:
        return None
    text, value = _text(limits[word]), field.value_field
    if value.type not in _ORDERED:
        raise StandardError(
            f"The field {field.name} has a {word}, but values of the type {value.type} have no order. Leave it out."
        )
    if kinds.bound(value, text) is None:
        raise StandardError(f"{word} of the field {field.name} is “{text}”, which is not of the type {value.type}.")
    return text


def _level(name: str, one: Mapping[str, Any], limits: Mapping[str, Any]) -> str:
    if limits.get("required") is True:
        return "must"
    level = str(one.get("requirementLevel") or one.get("level") or "may").lower()
    if level not in LEVELS:
        raise StandardError(f"The field {name} has the requirement level {level}. Use must, should or may.")
    return level


def _delimiter(name: str, one: Mapping[str, Any]) -> str:
    delimiter = one.get("delimiter", ",")
    if not isinstance(delimiter, str) or not delimiter.strip():
        raise StandardError(
            f"The delimiter of the field {name} is empty. Write the character between values, such as ;."
        )
    return delimiter


def _item_type(name: str, one: Mapping[str, Any]) -> str:
    kind = str(one.get("itemType") or "string")
    if kind not in TYPES - {"list"}:
        raise StandardError(f"The values in the field {name} have the type {kind}, which is not known.")
    return kind


def _text(value: object) -> str:
    """A JSON value as a text: `1` and `0.5` as they are written, true as `true`, nothing as an empty text."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _texts(values: object) -> tuple[str, ...]:
    return tuple(_text(value) for value in values) if isinstance(values, list) else ()
