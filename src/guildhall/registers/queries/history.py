"""What changed from one entry of a record to the next, as facts that pages put into words."""

from __future__ import annotations

from dataclasses import dataclass

from guildhall.registers.queries.records import Change, Item


@dataclass(frozen=True)
class FieldChange:
    """One field of a record in one change; `was` or `now` is empty where it was not there."""

    name: str
    was: list[str]
    now: list[str]


@dataclass(frozen=True)
class Step:
    """One change of a record and what it did to each field. The first step has every field as new.

    Of a hidden change nothing is told, and the one after it has every field as new too.
    """

    change: Change
    fields: list[FieldChange]
    is_first: bool


def history(changes: list[Change]) -> list[Step]:
    """Steps oldest first, from changes oldest first."""
    steps: list[Step] = []
    before: Item = {}
    for change in changes:
        fields = [] if change.is_hidden else differences(before, change.item)
        steps.append(Step(change, fields, is_first=not steps))
        before = change.item
    return steps


def differences(before: Item, after: Item) -> list[FieldChange]:
    """The fields whose values differ, in the order of the later item, then those that it lacks."""
    names = [*after, *(name for name in before if name not in after)]
    return [
        FieldChange(name, as_list(before.get(name)), as_list(after.get(name)))
        for name in names
        if before.get(name) != after.get(name)
    ]


def as_list(value: str | list[str] | None) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else value
