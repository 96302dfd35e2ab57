"""Whether the values of an entry may be shown: asked wherever a row becomes something that is read.

A hidden entry is read as one without values, with its state beside them. So it fulfils no condition, has no place in an
order by values, and counts for nothing, whoever asks and in whatever way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet

from guildhall.log.bundles import ERASED, HELD, HERE
from guildhall.registers.hiding.ranges import Run, joined, within
from guildhall.registers.models import FollowerHead, HiddenRun, Register, RegisterHead, Value

# That a row of a statement is hidden, by the list and number in two of its columns.
IS_HIDDEN = (
    "EXISTS (SELECT 1 FROM registers_hiddenrun hidden WHERE hidden.register_id = {register} AND hidden.until IS NULL"
    " AND {number} BETWEEN hidden.first AND hidden.last)"
)


@dataclass(frozen=True)
class Hidden:
    """The hidden entries of one list."""

    erased: list[Run] = field(default_factory=list)
    held: list[Run] = field(default_factory=list)

    def state(self, number: int) -> int:
        """HERE, ERASED or HELD, as bundles of items have them. What was erased is no longer held."""
        if within(self.erased, number):
            return ERASED
        return HELD if within(self.held, number) else HERE

    def whole(self, first: int, last: int) -> int:
        """The state of all entries from `first` to `last` together: HERE as long as one of them is shown."""
        runs = joined([*self.erased, *self.held])
        if not any(start <= first and last <= end for start, end in runs):
            return HERE
        return ERASED if any(start <= first and last <= end for start, end in self.erased) else HELD

    def __bool__(self) -> bool:
        return bool(self.erased or self.held)


NOTHING = Hidden()


def of(register: Register) -> Hidden:
    """Of a list as it was read: one that has nothing hidden costs no question."""
    return fresh(register.pk) if register.head.hidden_runs else NOTHING


def of_each(registers: Iterable[Register]) -> dict[int, Hidden]:
    """The same of several lists, by their ids."""
    known = list(registers)
    touched = [one.pk for one in known if one.head.hidden_runs]
    return {one.pk: NOTHING for one in known} | (_read(touched) if touched else {})


def fresh(register_id: int) -> Hidden:
    """As it is at this moment, for whoever reads a list for long."""
    return _read([register_id])[register_id]


def is_heeded(follower: str, registers: Iterable[Register]) -> bool:
    """Whether a follower has taken out of what it keeps of these lists all that is hidden of them now."""
    touched = {one.pk: one.head.hidden_version for one in registers if one.head.hidden_version}
    if not touched:
        return True
    heads = FollowerHead.objects.filter(follower=follower, register__in=touched)
    return all(version == touched[pk] for pk, version in heads.values_list("register_id", "hidden_version"))


def unheeded(follower: str) -> list[int]:
    """The ids of the lists of whose hidden entries a follower has not heard, or not yet to the end."""
    touched = RegisterHead.objects.filter(hidden_version__gt=0).values_list("pk", "hidden_version")
    versions = dict(touched)
    heads = FollowerHead.objects.filter(follower=follower, register__in=versions)
    return [pk for pk, version in heads.values_list("register_id", "hidden_version") if version != versions[pk]]


def not_hidden(rows: QuerySet[Value]) -> QuerySet[Value]:
    """Only the values of entries that are shown, whether or not their follower knows by now which are hidden."""
    number = OuterRef("number")
    covering = HiddenRun.objects.filter(register=OuterRef("register"), until=None, first__lte=number, last__gte=number)
    return rows.exclude(Exists(covering))


def _read(ids: list[int]) -> dict[int, Hidden]:
    runs: dict[int, tuple[list[Run], list[Run]]] = {one: ([], []) for one in ids}
    rows = HiddenRun.objects.filter(register__in=ids, until=None)
    for register_id, first, last, is_erased in rows.values_list("register_id", "first", "last", "is_erased"):
        runs[register_id][0 if is_erased else 1].append((first, last))
    return {one: Hidden(joined(erased), joined(held)) for one, (erased, held) in runs.items()}
