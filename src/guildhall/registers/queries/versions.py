"""The versions of a data standard, and what changed from one to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from guildhall.registers import catalogue
from guildhall.registers.models import Standard as Row
from guildhall.registers.queries import records, registers
from guildhall.schema.describe import field_meaning
from guildhall.schema.model import Field, Standard

HOME = "hall/standard"
# A standard's page tells of so many versions.
_MOST = 20


@dataclass(frozen=True)
class FieldStep:
    """What a version did to one field: `was` and `now` are what is told of it, empty where it was or is not there."""

    kind: Literal["added", "removed", "changed"]
    name: str
    title: str
    was: list[str]
    now: list[str]


@dataclass(frozen=True)
class Version:
    """`published` is in seconds since 1970. `fields` is empty for the first; `others` names what else changed."""

    version: str
    published: int
    is_first: bool
    size: int  # how many fields it has
    fields: list[FieldStep]
    others: list[Literal["title", "description", "key", "update-frequency"]]


def versions(name: str) -> list[Version]:
    """The newest first, each against the one before it, as they were published in the hall's list of standards."""
    home = registers.register(HOME)
    published: dict[str, int] = {}
    for change in records.record_entries(home, name, home.head.size, newest=_MOST + 1):
        published.setdefault(str(change.item.get("version", "")), change.time)
    known = set(Row.objects.filter(name=name).values_list("version", flat=True))
    told: list[Version] = []
    before: Standard | None = None
    for version, time in published.items():
        if version not in known:
            continue
        now = catalogue.standard_version(name, version)
        others = _others(before, now) if before else []
        told.append(Version(version, time, before is None, len(now.fields), _fields(before, now), others))
        before = now
    return list(reversed(told))[:_MOST]


def _fields(before: Standard | None, now: Standard) -> list[FieldStep]:
    if before is None:
        return []
    old, new = ({field.name: field for field in one.fields} for one in (before, now))
    steps = [
        FieldStep("added", one.name, one.title, [], _meaning(now, one)) for one in now.fields if one.name not in old
    ]
    for field in now.fields:
        if field.name in old:
            was, is_now = _meaning(before, old[field.name]), _meaning(now, field)
            if was != is_now:
                steps.append(FieldStep("changed", field.name, field.title, was, is_now))
    return steps + [
        FieldStep("removed", one.name, one.title, _meaning(before, one), [])
        for one in before.fields
        if one.name not in new
    ]


def _meaning(standard: Standard, field: Field) -> list[str]:
    """Everything that is told of a field: a change of any of it is a change of the field."""
    links = [f"Names a record of {link.standard}." for link in standard.links if link.field == field.name]
    return [field.title, *([field.description] if field.description else []), *field_meaning(field), *links]


def _others(before: Standard, now: Standard) -> list[Literal["title", "description", "key", "update-frequency"]]:
    told: list[Literal["title", "description", "key", "update-frequency"]] = []
    if before.title != now.title:
        told.append("title")
    if before.description != now.description:
        told.append("description")
    if before.key != now.key:
        told.append("key")
    if before.update_frequency != now.update_frequency:
        told.append("update-frequency")
    return told
