"""What the API gives, for those who write programs: drawn from its own description."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guildhall.kit.access import anyone
from guildhall.kit.api import document
from guildhall.registers.queries.conditions import OPERATORS

_FILTERS = (
    "nation=Wales",
    "nation=Wales&nation=Scotland",
    "nation__in=Wales,Scotland",
    "population__atleast=100000",
    "start-date__before=2001",
    "name__contains=shire",
    "end-date__empty=yes",
    "_sort=-population",
    "_columns=name,population",
)


@dataclass(frozen=True)
class Operation:
    """An address of the API: its parameters are pairs of name and words.

    `example` can be asked of this hall. What publishes has none, and a `command` of curl instead.
    """

    method: str
    path: str
    title: str
    text: str
    parameters: list[tuple[str, str]]
    answer: list[tuple[str, str]]
    example: str
    command: str


@anyone
def docs(request: HttpRequest) -> HttpResponse:
    context = {
        "operations": operations(),
        "operators": OPERATORS,
        "filters": _FILTERS,
        "base": request.build_absolute_uri("/").rstrip("/"),
    }
    return render(request, "reading/api.html", context)


def operations() -> list[Operation]:
    told = document()
    schemas = told["components"]["schemas"]
    return [
        Operation(
            method=method.upper(),
            path=path,
            title=one["summary"],
            text=_unmarked(one.get("description", "")),
            parameters=[(each["name"], _parameter(each)) for each in one["parameters"]],
            answer=_members(one["responses"]["200"], schemas),
            example=one.get("x-example", ""),
            command=one.get("x-command", ""),
        )
        for path, methods in told["paths"].items()
        for method, one in methods.items()
    ]


def _parameter(each: Mapping[str, Any]) -> str:
    schema = each["schema"]
    words = [str(each.get("description") or schema.get("description") or "")]
    if schema.get("default") not in {None, ""}:
        words.append(f"{schema['default']} if it is not given.")
    if "maximum" in schema and schema["maximum"] < _LARGE:
        words.append(f"At most {schema['maximum']:,}.")
    return _unmarked(" ".join(word for word in words if word))


def _unmarked(text: str) -> str:
    """Descriptions are Markdown, for tools: names stand between backticks there, which say nothing on a page."""
    return text.replace("`", "")


_LARGE = 1_000_000


def _members(answer: Mapping[str, Any], schemas: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The members of an answer and what kind of value each is."""
    name = answer["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    return [(member, _kind(schema)) for member, schema in schemas[name]["properties"].items()]


def _kind(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    return str(schema.get("type", "any"))
