"""Schemas as they are published have faults too: what can be mended is mended, and everything is told."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guildhall.schema import patterns, suggest
from guildhall.schema.errors import StandardError
from guildhall.schema.load import parse_standard
from guildhall.schema.model import Standard
from guildhall.schema.rows import check_row

MENDED, ADVICE, REFUSED = "mended", "advice", "refused"

_LIMITS = frozenset(("required", "unique", "minLength", "maxLength", "minimum", "maximum", "pattern", "enum"))
_OTHER_TYPES = {
    "text": "string", "str": "string", "int": "integer", "float": "number", "decimal": "number", "double": "number",
    "numeric": "number", "bool": "boolean", "timestamp": "datetime", "dateTime": "datetime", "gyear": "year",
    "nonNegativeInteger": "integer", "anyURI": "string",
}  # fmt: skip
_XML_TYPE = re.compile(r"^https?://www\.w3\.org/2001/XMLSchema#(\w+)$")
_LETTERS = (
    ("YYYY", "%Y"),
    ("YY", "%y"),
    ("MM", "%m"),
    ("DD", "%d"),
    ("HH", "%H"),
    ("hh", "%H"),
    ("mm", "%M"),
    ("ss", "%S"),
)
_STRING_FORMATS = frozenset(("default", "text", "uri", "email", "uuid", "curie", "binary"))
_Field = dict[str, Any]
_Note = Callable[[str], None]


@dataclass(frozen=True)
class Finding:
    """`level` is mended, advice or refused."""

    level: str
    message: str


def lint(descriptor: Mapping[str, Any]) -> list[Finding]:
    """What is to be said of a Table Schema: what `mend` changes, what it cannot change, and advice."""
    findings: list[Finding] = []
    try:
        mended = _mended(descriptor, lambda message: findings.append(Finding(MENDED, message)))
        standard = parse_standard(mended)
    except StandardError as error:
        return [*findings, Finding(REFUSED, str(error))]
    return findings + [Finding(ADVICE, message) for message in (*_unchecked(mended), *_doubtful(standard))]


def mend(descriptor: Mapping[str, Any]) -> dict[str, Any]:
    """The Table Schema with what is commonly wrong put right; nothing else is changed. Raises StandardError."""
    return _mended(descriptor, lambda _: None)


def _mended(descriptor: Mapping[str, Any], note: _Note) -> dict[str, Any]:
    whole = copy.deepcopy(dict(descriptor))
    reference = next(_references(whole), None)
    if reference is not None:
        raise StandardError(
            f"The schema refers to another document, {reference}. "
            "A standard must be whole: write what the other document says in its place."
        )
    whole = _unwrapped(whole, note)
    for field in whole.get("fields") or ():
        if isinstance(field, dict) and isinstance(field.get("name"), str):
            for mending in (_mend_name, _mend_places, _mend_type, _mend_format, _mend_pattern):
                mending(field, note)
    return whole


def _references(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for one in value.values():
            yield from _references(one)
    elif isinstance(value, list):
        for one in value:
            yield from _references(one)


def _unwrapped(whole: dict[str, Any], note: _Note) -> dict[str, Any]:
    """The schema of a data package or resource that holds one table."""
    resources = whole.get("resources")
    if "fields" not in whole and isinstance(resources, list) and len(resources) == 1 and isinstance(resources[0], dict):
        whole = {**{name: value for name, value in whole.items() if name != "resources"}, **resources[0]}
        note("The data package holds one table, and its schema was taken.")
    schema = whole.get("schema")
    if "fields" not in whole and isinstance(schema, dict):
        return {**{name: value for name, value in whole.items() if name != "schema"}, **schema}
    return whole


def _mend_name(field: _Field, note: _Note) -> None:
    name = field["name"]
    if name != name.strip():
        field["name"] = name.strip()
        note(f"The spaces around the name of the field {name.strip()} were taken off.")


def _mend_places(field: _Field, note: _Note) -> None:
    """Limits belong inside `constraints`; a type and a description do not."""
    name, limits = field["name"], field.get("constraints")
    for word in sorted(_LIMITS & field.keys()):
        value = field.pop(word)
        limits = field.setdefault("constraints", {})
        if isinstance(limits, dict) and word not in limits:
            limits[word] = value
        note(f"In the field {name}, “{word}” stood outside “constraints”, where it has no effect. It was moved in.")
    if not isinstance(limits, dict):
        return
    for word in ("type", "description", "title"):
        if word in limits:
            value = limits.pop(word)
            if word == "description" and field.get(word):
                value = f"{field[word]} {value}"
            if word != "title" or not field.get(word):
                field[word] = value
            note(f"In the field {name}, “{word}” stood inside “constraints”. It was moved out.")


def _mend_type(field: _Field, note: _Note) -> None:
    name, kind = field["name"], field.get("type")
    if not isinstance(kind, str):
        return
    found = _XML_TYPE.match(kind)
    plain = found[1] if found else kind
    better = _OTHER_TYPES.get(plain, plain)
    if plain == "anyURI":
        field["format"] = "uri"
    if better != kind:
        field["type"] = better
        note(f"The type of the field {name} was {kind}. It is now {better}.")


def _mend_format(field: _Field, note: _Note) -> None:
    name, kind, shape = field["name"], field.get("type"), field.get("format")
    if not isinstance(shape, str):
        return
    if kind == "number" and shape == "currency":
        del field["format"]
        field["bareNumber"] = False
        field.setdefault("groupChar", ",")
        note(f"The format of the field {name} was currency. It now takes numbers such as £1,234.50.")
    if kind in {"date", "datetime", "time"} and "%" not in shape and (shape.startswith("fmt:") or "YY" in shape):
        better = shape.removeprefix("fmt:")
        for letters, directive in _LETTERS:
            better = better.replace(letters, directive)
        field["format"] = better
        note(f"The format of the field {name} was {shape}. It is now {better}.")
    elif kind in {None, "string"} and shape in {"url", "URL", "URI"}:
        field["format"] = "uri"
        note(f"The format of the field {name} was {shape}. It is now uri.")
    elif shape.startswith("fmt:"):
        field["format"] = shape.removeprefix("fmt:")
        note(f"The format of the field {name} was {shape}. It is now {field['format']}.")


def _mend_pattern(field: _Field, note: _Note) -> None:
    limits = field.get("constraints")
    if not isinstance(limits, dict) or not isinstance(limits.get("pattern"), str):
        return
    try:
        better = patterns.portable(limits["pattern"])
    except patterns.PatternError as error:
        raise StandardError(f"The pattern of the field {field['name']} cannot be used: {error}") from error
    if better != limits["pattern"]:
        note(
            f"The pattern of the field {field['name']} was {limits['pattern']}. It is now {better} and means the same."
        )
        limits["pattern"] = better


def _unchecked(mended: Mapping[str, Any]) -> Iterator[str]:
    """What the schema says and no check obeys."""
    for field in mended["fields"]:
        name, shape = field["name"], field.get("format", "default")
        for word in sorted(set(field.get("constraints") or {}) - _LIMITS):
            yield f"In the field {name}, the constraint “{word}” is not known and is not checked."
        if field.get("type", "string") == "string" and shape not in _STRING_FORMATS:
            yield f"The field {name} has the format {shape}, which is not known and is not checked."


def _doubtful(standard: Standard) -> Iterator[str]:
    """Examples that the standard itself refuses, and the other way round."""
    for field in standard.fields:
        example = field.example
        if example and not field.is_list and not suggest.keeps(field, example):
            yield f"The example of the field {field.name}, “{example}”, does not keep to the standard."
    for number, row in enumerate(standard.examples, 1):
        for problem in check_row(standard, row)[1]:
            yield f"Example {number} does not keep to the standard. {problem}"
    for number, row in enumerate(standard.invalid_examples, 1):
        if not check_row(standard, row)[1]:
            yield f"Invalid example {number} keeps to the standard."
