"""`hall/erasure` and `hall/hold` as runs of entry numbers, kept in the transaction that publishes what they say.

The head of a register whose hidden entries change is locked first, so that this comes either before or after each
publication in it, and gets a new version: whoever derived something from it sees by that what to look at anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from guildhall.registers.errors import HallEntryError
from guildhall.registers.hiding import ranges
from guildhall.registers.hiding.ranges import RangeError, Run
from guildhall.registers.models import Entry, HiddenRun, RegisterHead

ERASURES, HOLDS = "hall/erasure", "hall/hold"
# They say what was hidden: were they hidden themselves, nobody could tell an erasure from a fraud.
_NEVER = (ERASURES, HOLDS)
# Every version of a data standard is needed to read what was published to it.
_STANDARDS = "hall/standard"
# What they say now is on every page; what they said before can be hidden.
_SUPERSEDED_ONLY = ("hall/organisation", "hall/register")

type Item = Mapping[str, Any]


def apply_erasures(items: Iterable[Item]) -> None:
    for item in items:
        _settle(item["erasure"], item, is_erased=True)


def apply_holds(items: Iterable[Item]) -> None:
    for item in items:
        _settle(item["hold"], item, is_erased=False)


def hold_later(head: RegisterHead, entries: QuerySet[Entry]) -> None:
    """Hide those entries of a publication whose keys are held. `head` is locked, and saved by whoever publishes."""
    if not head.hidden_runs:
        return
    held = dict(_in_force(head).exclude(key="").values_list("key", "cause").distinct())
    if not held:
        return
    new = [
        HiddenRun(
            register_id=head.pk,
            first=number,
            last=number,
            is_erased=False,
            cause=held[key],
            key=key,
            since=head.hidden_version + 1,
        )
        for key, number in entries.filter(key__in=list(held)).values_list("key", "number")
    ]
    if new:
        HiddenRun.objects.bulk_create(new)
        head.hidden_version += 1
        head.hidden_runs += len(new)


def _settle(cause: str, item: Item, *, is_erased: bool) -> None:
    """Take what one hold said before out of force, and what it or an erasure says now into it.

    What an erasure has said is so for ever, whatever is published under its name afterwards: the values are gone.
    """
    path = item["register"]
    before = HiddenRun.objects.filter(cause=cause, is_erased=is_erased, until=None)
    is_in_force = is_erased or not item.get("end-date")
    for head in _heads({path, *before.values_list("register__path", flat=True)}):
        version, of_list = head.hidden_version + 1, before.filter(register_id=head.pk)
        wanted = set(_runs(head, item, is_erased=is_erased)) if is_in_force and head.register.path == path else set()
        if is_erased:
            wanted -= set(of_list.values_list("first", "last"))
        else:
            of_list.update(until=version)
        HiddenRun.objects.bulk_create(
            HiddenRun(
                register_id=head.pk,
                first=first,
                last=last,
                is_erased=is_erased,
                cause=cause,
                key="" if is_erased else item.get("key", ""),
                since=version,
            )
            for first, last in sorted(wanted)
        )
        head.hidden_version = version
        head.hidden_runs = _in_force(head).count()
        head.is_retired = bool(head.register.end_date) and _is_all_erased(head)
        head.save(update_fields=["hidden_version", "hidden_runs", "is_retired"])


def _heads(paths: set[str]) -> list[RegisterHead]:
    """Locked in one order, whoever comes. Raises HallEntryError for a list that there is not."""
    found = RegisterHead.objects.select_for_update(of=("self",)).filter(register__path__in=paths)
    heads = list(found.select_related("register").order_by("pk"))
    missing = paths - {head.register.path for head in heads}
    if missing:
        raise HallEntryError(f"There is no list {min(missing)} in which anything could be hidden.")
    return heads


def _runs(head: RegisterHead, item: Item, *, is_erased: bool) -> list[Run]:
    """What is to be hidden. Raises HallEntryError."""
    path, entries = head.register.path, item.get("entries", [])
    try:
        runs = ranges.read([entries] if isinstance(entries, str) else entries)
    except RangeError as error:
        raise HallEntryError(
            f"“{error}” is no number of a change and no range of them.", "Write them as 17 or 20-99."
        ) from error
    if item.get("key") and not is_erased:
        numbers = Entry.objects.filter(register_id=head.pk, key=item["key"], number__lte=head.size)
        runs = ranges.joined([*runs, *ranges.of_numbers(numbers.values_list("number", flat=True))])
    if not runs:
        raise HallEntryError(f"It names no change of {path}, so nothing would be hidden.")
    _refuse_needed(head, runs, names_key=bool(item.get("key")))
    return runs


def _refuse_needed(head: RegisterHead, runs: list[Run], *, names_key: bool) -> None:
    path = head.register.path
    if path in _NEVER:
        raise HallEntryError(
            f"Nothing in {path} can be hidden: it says what was hidden elsewhere.", "It never holds the values."
        )
    if path == _STANDARDS:
        raise HallEntryError(
            f"Nothing in {path} can be hidden: lists that are kept to a data standard could not be read without it.",
            "Publish a new version of the data standard.",
        )
    if path in _SUPERSEDED_ONLY and (names_key or any(_has_latest(head, run) for run in runs)):
        raise HallEntryError(
            f"What {path} says now cannot be hidden: it is on every page about the lists and organisations it names.",
            "Publish a correction first. The changes before it can then be hidden by their numbers.",
        )


def _has_latest(head: RegisterHead, run: Run) -> bool:
    return (
        run[1] > head.size or Entry.objects.filter(register_id=head.pk, number__range=run, superseded_by=None).exists()
    )


def _is_all_erased(head: RegisterHead) -> bool:
    erased = ranges.joined(_in_force(head).filter(is_erased=True).values_list("first", "last"))
    return bool(erased) and erased[0][0] == 1 and erased[0][1] >= head.size


def _in_force(head: RegisterHead) -> QuerySet[HiddenRun]:
    return HiddenRun.objects.filter(register_id=head.pk, until=None)
