"""What a field allows, in sentences for pages, and as JSON Schema for programs."""

from __future__ import annotations

from typing import Any

from guildhall.schema import kinds, patterns, words
from guildhall.schema.model import Constraints, Field, Standard

_JSON_FORMATS = {"uri": "uri", "email": "email", "uuid": "uuid"}


def field_meaning(field: Field) -> list[str]:
    """Plain sentences: whether the field must be filled in, what it may hold, within which limits."""
    told = [_level(field), _content(field)]
    limits = field.constraints
    if limits.unique:
        told.append("Different in every row.")
    if limits.min_length is not None or limits.max_length is not None:
        unit = "values" if field.is_list else "characters"
        told.append(_between(limits.min_length, limits.max_length, f" {unit}"))
    if limits.minimum is not None or limits.maximum is not None:
        is_dated = field.value_field.type in {"date", "datetime", "time"}
        told.append(_range(limits) if is_dated else _between(limits.minimum, limits.maximum, ""))
    return [sentence for sentence in told if sentence]


def json_schema(standard: Standard) -> dict[str, Any]:
    """JSON Schema (2020-12) of an item kept to the standard: an object of texts and lists of texts."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": standard.title,
        "description": standard.description,
        "type": "object",
        "properties": {field.name: _json_field(field) for field in standard.fields},
        "required": [field.name for field in standard.fields if field.constraints.required],
        "additionalProperties": False,
    }


def _level(field: Field) -> str:
    return {"must": "Must be filled in.", "should": "Should be filled in."}.get(field.level, "May be left empty.")


def _content(field: Field) -> str:
    value = field.value_field
    choices = value.constraints.enum or patterns.choices(value.constraints.pattern or "")
    if choices:
        caseless = " Capitals do not matter." if (value.constraints.pattern or "").startswith("(?i") else ""
        first = f"One of: {', '.join(choices)}."
        if field.is_list:
            first = f"One or more of: {', '.join(choices)}, with {_divider(field)} between them."
        return first + caseless
    if field.is_list:
        kind = "Texts" if value.type == "string" and value.format == "default" else f"Each {words.kind(value)}"
        return f"{kind}, with {_divider(field)} between them.{_pattern(value)}"
    if value.type in {"string", "any"} and words.kind(value) == "a text":
        return ("A text of any length, with line breaks." if field.format == "text" else "A text.") + _pattern(value)
    kind = words.kind(value)
    return f"{kind[:1].upper()}{kind[1:]}.{_pattern(value)}"


def _divider(field: Field) -> str:
    return {",": "a comma", ";": "a semicolon", "|": "an upright bar"}.get(field.delimiter, f"“{field.delimiter}”")


def _pattern(field: Field) -> str:
    if field.constraints.pattern is None:
        return ""
    like = f" Written like {field.example}." if field.example else ""
    return f"{like} As an expression: {field.constraints.pattern}"


def _between(least: object, most: object, unit: str) -> str:
    if least is not None and most is not None:
        return f"From {least} to {most}{unit}."
    return f"At least {least}{unit}." if least is not None else f"At most {most}{unit}."


def _range(limits: Constraints) -> str:
    told = [f"not before {limits.minimum}"] if limits.minimum is not None else []
    told += [f"not after {limits.maximum}"] if limits.maximum is not None else []
    sentence = " and ".join(told)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _json_field(field: Field) -> dict[str, Any]:
    told: dict[str, Any] = {"title": field.title}
    if field.description:
        told["description"] = field.description
    if not field.is_list:
        return told | _json_value(field)
    limits = field.constraints
    told |= {"type": "array", "items": _json_value(field.value_field), "minItems": max(1, limits.min_length or 1)}
    return told | ({"maxItems": limits.max_length} if limits.max_length is not None else {})


def _json_value(field: Field) -> dict[str, Any]:
    limits = field.constraints
    told: dict[str, Any] = {"type": "string", "minLength": max(1, limits.min_length or 1)}
    if limits.max_length is not None:
        told["maxLength"] = limits.max_length
    if field.type == "boolean":
        told["enum"] = [*field.true_values, *field.false_values]
    if limits.enum:
        told["enum"] = list(limits.enum)
    if field.type == "string" and field.format in _JSON_FORMATS:
        told["format"] = _JSON_FORMATS[field.format]
    elif (field.type, field.format) == ("date", "default"):
        told["format"] = "date"
    shape = None if limits.pattern is None else patterns.anchored(limits.pattern)
    shape = shape or (kinds.expression(field) if field.type in {"integer", "number", "year", "yearmonth"} else None)
    if shape is not None and "(?" not in shape.replace("(?:", ""):
        told["pattern"] = shape  # flags are not portable to ECMAScript
    if field.example:
        told["examples"] = [field.example]
    return told
