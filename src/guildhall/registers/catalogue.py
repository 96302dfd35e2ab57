"""The standards as they are known now: from `hall/standard`, parsed once for each version."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any

from guildhall.registers import models
from guildhall.registers.errors import UnknownStandardError
from guildhall.registers.statements import fetch
from guildhall.schema.load import parse_standard
from guildhall.schema.model import Standard

# These five describe all other registers, so they must be known before there is a register.
BOOTSTRAPPED = ("standard", "organisation", "register", "erasure", "hold")


def bootstrapped_descriptor(name: str) -> dict[str, Any]:
    """The Table Schema of one of the hall's own standards, from the file beside this module."""
    text = resources.files("guildhall.registers").joinpath("standards", f"{name}.json").read_text("utf-8")
    descriptor: dict[str, Any] = json.loads(text)
    return descriptor


def current_standard(name: str) -> Standard:
    """The current version of a standard. Raises UnknownStandardError."""
    found = fetch("SELECT version FROM registers_standard WHERE name = %s AND is_current", [name])
    if not found:
        raise UnknownStandardError(
            f"There is no data standard called {name} in this hall.",
            "See the data standards page for their names, or add it with: guildhall standard add",
        )
    return _parsed(name, found[0][0])


def standard_version(name: str, version: str) -> Standard:
    """One version of a standard. Raises UnknownStandardError."""
    if not models.Standard.objects.filter(name=name, version=version).exists():
        raise UnknownStandardError(f"There is no version {version} of the data standard {name}.")
    return _parsed(name, version)


@cache
def _parsed(name: str, version: str) -> Standard:
    """Parsed once in a process: a version never changes once it is published."""
    row = models.Standard.objects.get(name=name, version=version)
    return parse_standard(row.descriptor)


@cache
def versions_alike(name: str, version: str, shape: Callable[[Standard], object]) -> tuple[str, ...]:
    """The versions of a standard that do not differ from one of them in what `shape` tells of each."""
    wanted = shape(standard_version(name, version))
    known = models.Standard.objects.filter(name=name).values_list("version", flat=True)
    return tuple(one for one in known if shape(_parsed(name, one)) == wanted)


def forget_parsed() -> None:
    """For tests, where each starts with an empty hall."""
    _parsed.cache_clear()
    versions_alike.cache_clear()
