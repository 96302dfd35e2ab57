"""Taking something down: for a while (`hold`, `lift`) or for ever, by law (`erase`).

Each publishes an entry in `hall/hold` or `hall/erasure`; from that moment on nobody reads the values.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from guildhall.registers import catalogue
from guildhall.registers.errors import NothingToHideError
from guildhall.registers.followers import run as followers
from guildhall.registers.hiding import ranges
from guildhall.registers.hiding.projection import ERASURES, HOLDS
from guildhall.registers.hiding.ranges import RangeError, Run
from guildhall.registers.models import Entry, HiddenRun, Publication, Register, RegisterHead
from guildhall.registers.publish import Clock, Options, Receipt, publish
from guildhall.registers.queries import records, registers
from guildhall.registers.rows import ListRows

_LISTS = "hall/register"
# So many changes are taken out of what followers keep before anyone is answered; more are left to the worker.
_AT_ONCE = 5_000
# As many single numbers and ranges stand well within the size of an item.
_MOST_RUNS = 2_000


@dataclass(frozen=True)
class What:
    """What is to be taken down of a list: changes by their numbers (`17`, `20-99`), one publication, or a record."""

    path: str
    entries: Sequence[str] = ()
    publication: int | None = None
    key: str = ""


@dataclass(frozen=True)
class Done:
    """`name` is the hold's or erasure's key in its list; `runs` are the changes that are hidden or shown by it now."""

    name: str
    path: str
    runs: list[Run]
    receipt: Receipt

    @property
    def changes(self) -> int:
        return sum(last - first + 1 for first, last in self.runs)


def grounds() -> tuple[str, ...]:
    """The codes of the legal grounds on which values are erased."""
    known = catalogue.bootstrapped_descriptor("erasure")
    codes = next(field["constraints"]["enum"] for field in known["fields"] if field["name"] == "ground")
    return tuple(codes)


def hold(*, what: What, clock: Clock = time.time) -> Done:
    """Hide changes, or a record with all its changes, later ones too, until it is lifted.

    Raises UnknownRegisterError, NothingToHideError, HallEntryError and what `publish` raises.
    """
    item: dict[str, str | list[str]] = {"register": what.path, "start-date": _today(clock)}
    with transaction.atomic():
        _lock(HOLDS)
        runs = runs_of(what)
        item |= {"key": what.key} if what.key else {"entries": ranges.written(runs)}
        return _Entry(HOLDS, "Hidden while a mistake is looked into", clock).publish(what.path, runs, item)


def lift(*, what: What, clock: Clock = time.time) -> list[Done]:
    """Show again what was held by the very words: each hold in force on the same key or the same changes is ended.

    Raises UnknownRegisterError, NothingToHideError and what `publish` raises.
    """
    with transaction.atomic():
        _lock(HOLDS)
        runs = runs_of(what)
        register = registers.register(what.path)
        in_force = HiddenRun.objects.filter(register=register, is_erased=False, until=None, key=what.key)
        by_hold: dict[str, list[Run]] = {}
        for cause, first, last in in_force.order_by("cause", "first").values_list("cause", "first", "last"):
            by_hold.setdefault(cause, []).append((first, last))
        meant = [cause for cause, held in by_hold.items() if what.key or _covers(runs, held)]
        if not meant:
            raise NothingToHideError(
                f"No hold on just this is in force in {what.path}.",
                "A hold is lifted whole, by what it names: see hall/hold for those in force.",
            )
        return [_end(register, cause, by_hold[cause], clock) for cause in meant]


def erase(*, what: What, ground: str, clock: Clock = time.time) -> Done:
    """Hide changes for ever, on a legal ground. The worker then removes their values from every copy.

    Raises UnknownRegisterError, NothingToHideError, HallEntryError and what `publish` raises.
    """
    if ground not in grounds():
        raise NothingToHideError(f"{ground} is no legal ground.", f"The codes are: {', '.join(grounds())}.")
    with transaction.atomic():
        _lock(ERASURES)
        runs = runs_of(what)
        item: dict[str, str | list[str]] = {
            "register": what.path,
            "entries": ranges.written(runs),
            "ground": ground,
            "date": _today(clock),
        }
        return _Entry(ERASURES, "Erased by law", clock).publish(what.path, runs, item)


def retire(*, path: str, ground: str, successor: str = "", clock: Clock = time.time) -> Done:
    """Close a list whose keys may not be read, erase all of it, and name the list that takes its place, if one does.

    Its entries answer that they are gone; its tiles and last checkpoint stay. Raises UnknownRegisterError,
    NothingToHideError, HallEntryError and what `publish` raises.
    """
    if successor:
        registers.register(successor)
    with transaction.atomic():
        # In the order of all who erase, so that nobody waits for another who waits for them.
        _lock(ERASURES)
        register, home = registers.register(path), registers.register(_LISTS)
        # Whoever is publishing in it now is waited for, or finds it closed.
        size = RegisterHead.objects.select_for_update().get(pk=register.pk).size
        closed = {"end-date": _today(clock)} | ({"successor": successor} if successor else {})
        item = records.record(home, path, home.head.size).item | closed
        rows = ListRows.of(catalogue.current_standard(home.standard_name), [item])
        publish(home, rows, options=Options(reason=f"{path} was retired"), clock=clock)
        return erase(what=What(path, entries=[f"1-{size}"]), ground=ground, clock=clock)


def runs_of(what: What) -> list[Run]:
    """The numbers of the changes that are meant. Raises UnknownRegisterError, NothingToHideError."""
    register = registers.register(what.path)
    size = register.head.size
    if what.key:
        numbers = Entry.objects.filter(register=register, key=what.key, number__lte=size)
        runs = ranges.of_numbers(numbers.values_list("number", flat=True))
        told = f"a record {what.key}"
    elif what.publication is not None:
        made = Publication.objects.filter(register=register, number=what.publication).first()
        runs = [(made.first_entry, made.last_entry)] if made else []
        told = f"a publication number {what.publication}"
    else:
        runs = _read(what.entries)
        told = f"changes {'; '.join(what.entries)}"
        runs = [] if any(last > size for _, last in runs) else runs
    if not runs:
        raise NothingToHideError(
            f"{what.path} does not have {told}.", f"It has {size:,} changes: see their numbers on its pages."
        )
    if len(runs) > _MOST_RUNS and not what.key:
        raise NothingToHideError(
            f"These are {len(runs):,} single changes and ranges, and one entry can name {_MOST_RUNS:,}.",
            "Do it in several parts.",
        )
    return runs


def _read(texts: Iterable[str]) -> list[Run]:
    try:
        return ranges.read(texts)
    except RangeError as error:
        raise NothingToHideError(
            f"“{error}” is no number of a change and no range of them.", "Write them as 17 or 20-99."
        ) from error


def _covers(wanted: Sequence[Run], held: Sequence[Run]) -> bool:
    return list(wanted) == ranges.joined(held)


def _end(register: Register, cause: str, runs: list[Run], clock: Clock) -> Done:
    """Publish of a hold that it has ended, with all else that it says."""
    home = registers.register(HOLDS)
    said = records.record(home, cause, home.head.size).item
    return _Entry(HOLDS, "Shown again", clock).publish(register.path, runs, said | {"end-date": _today(clock)})


@dataclass(frozen=True)
class _Entry:
    """An entry of one of the two lists that is to be published."""

    home: str
    reason: str
    clock: Clock

    def publish(self, path: str, runs: list[Run], item: Mapping[str, str | list[str]]) -> Done:
        """What is new gets the next number as its key."""
        register = registers.register(self.home)
        standard = catalogue.current_standard(register.standard_name)
        (key_field,) = standard.key
        name = item.get(key_field) or _next_name(register)
        rows = ListRows.of(standard, [{**item, key_field: name}])
        receipt = publish(register, rows, options=Options(reason=self.reason), clock=self.clock)
        done = Done(str(name), path, ranges.joined(runs), receipt)
        if done.changes <= _AT_ONCE:
            transaction.on_commit(followers.heed, robust=True)
        return done


def _next_name(register: Register) -> str:
    """The number of the next hold or erasure; one that somebody has published by hand is passed over."""
    number = register.head.records + 1
    while Entry.objects.filter(register=register, key=str(number)).exists():
        number += 1
    return str(number)


def _lock(path: str) -> None:
    """Two who take something down at once do it one after the other: each gets a number of its own."""
    RegisterHead.objects.select_for_update().get(register__path=path)


def _today(clock: Clock) -> str:
    return datetime.datetime.fromtimestamp(clock(), tz=datetime.UTC).date().isoformat()
