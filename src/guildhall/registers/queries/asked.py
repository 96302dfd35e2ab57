"""A question to a table in hand, what was found, and the reading of its records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from guildhall.registers.hiding import states
from guildhall.registers.models import Entry
from guildhall.registers.queries import scan
from guildhall.registers.queries.conditions import Condition, Question
from guildhall.registers.queries.facets import Facet, facets_kept
from guildhall.registers.queries.records import by_keys, to_change
from guildhall.registers.queries.scan import Place
from guildhall.registers.queries.scopes import Pair, Scope
from guildhall.registers.queries.text import Wording

_BATCH = 1_000
_IDS_AT_ONCE = 500


@dataclass(frozen=True)
class Asked:
    """A question in hand: `conditions` are those on records; those on lists have been applied to the scope.

    `wording` are its words, read; None where there are none, or none to be looked for any more. `common` tells what the
    records of a whole table have in common.
    """

    scope: Scope
    question: Question
    conditions: tuple[Condition, ...]
    limit: int
    after: Place | None
    before: Place | None
    wording: Wording | None = None
    common: Callable[[Scope], list[Facet]] = field(default=facets_kept, compare=False)

    def matching(self, pairs: list[Pair]) -> list[Pair]:
        """Those records that fulfil everything that is asked, in the order in which they came."""
        shows, wording = self.scope.shows, self.wording
        if shows is not None:
            pairs = [pair for pair in pairs if shows(pair[1].item)]
        pairs = scan.matching(self.scope, self.conditions, pairs)
        return pairs if wording is None else wording.fitting(pairs)


@dataclass(frozen=True)
class Found:
    """Some rows of a table, and the places to page on from.

    `total` is None where it was not worked out. `behind` is how many changes of the lists are not yet in the indexes
    that were read; `as_of`, if given, at how many changes the list was counted. `stopped` is where the time for looking
    was up: there may be more after it. `wording` says what became of the words that were looked for.
    """

    rows: list[Pair]
    before: Place | None
    after: Place | None
    total: int | None
    facets: list[Facet]
    behind: int = 0
    stopped: Place | None = None
    as_of: int | None = None
    wording: Wording | None = None


def everything(scope: Scope) -> list[Pair]:
    """All records of the table at the sizes at which it is read, in the order of paths and keys."""
    by_id = {one.pk: one for one in scope.registers}
    found: list[Pair] = []
    hidden = states.of_each(scope.registers)
    ids = iter(by_id)
    while chunk := list(islice(ids, _IDS_AT_ONCE)):
        for entry in Entry.objects.filter(register__in=chunk).iterator(chunk_size=_BATCH):
            size = scope.sizes[entry.register_id]
            if entry.number <= size and (entry.superseded_by is None or entry.superseded_by > size):
                found.append((by_id[entry.register_id], to_change(entry, hidden[entry.register_id])))
    return sorted(found, key=lambda pair: (pair[0].path, pair[1].key))


def read_records(scope: Scope, heads: Mapping[int, int], keys: Sequence[tuple[int, str]]) -> list[Pair]:
    """These records, each list at the size that is given, in the order of paths and keys."""
    by_list: dict[int, list[str]] = {}
    for register_id, key in keys:
        by_list.setdefault(register_id, []).append(key)
    found: list[Pair] = []
    hidden = states.of_each(scope.registers)
    for register in scope.registers:
        wanted = iter(by_list.get(register.pk, ()))
        while chunk := list(islice(wanted, _IDS_AT_ONCE)):
            records = by_keys(register, heads[register.pk], chunk, hidden[register.pk])
            found += [(register, record) for record in records]
    return sorted(found, key=lambda pair: (pair[0].path, pair[1].key))


def in_order(scope: Scope, keys: Sequence[tuple[int, str]]) -> list[Place]:
    """Where records stand in the order of paths and keys."""
    paths = {one.pk: one.path for one in scope.registers}
    found = [Place(None, paths[register_id], key) for register_id, key in keys]
    return sorted(found, key=lambda place: (place.path, place.key))


def behind(scope: Scope, heads: Mapping[int, int]) -> int:
    """How many changes of the lists their follower has not seen yet."""
    return sum(max(0, scope.sizes[one.pk] - heads.get(one.pk, 0)) for one in scope.registers)
