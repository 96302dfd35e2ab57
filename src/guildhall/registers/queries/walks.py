"""Walking along large lists: from the indexes, or record by record for a bounded time."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping

from guildhall.registers.hiding import states
from guildhall.registers.models import Register
from guildhall.registers.queries import indexed, scan
from guildhall.registers.queries.asked import Asked, Found, behind, read_records
from guildhall.registers.queries.facets import facets_kept
from guildhall.registers.queries.records import at_head, to_change
from guildhall.registers.queries.scan import Place
from guildhall.registers.queries.scopes import Pair, Scope

LOOK_SECONDS = 1.5
_BATCH = 1_000


def can_walk(asked: Asked) -> bool:
    """Whether indexes give the order and decide the conditions."""
    scope, sort = asked.scope, asked.question.sort
    return all(indexed.can_probe(scope, one) for one in asked.conditions) and (
        not sort or indexed.can_sort(scope, sort)
    )


def walked(asked: Asked, heads: Mapping[int, int]) -> Found:
    """A page from the indexes, in the order that is asked for."""
    scope, backwards = asked.scope, asked.before is not None
    places = _places(asked, heads)
    places, more = places[: asked.limit], len(places) > asked.limit
    if backwards:
        places = places[::-1]
    ids = {one.path: one.pk for one in scope.registers}
    pairs = read_records(scope, heads, [(ids[place.path], place.key) for place in places])
    by_place = {(register.path, record.key): (register, record) for register, record in pairs}
    return Found(
        rows=[by_place[place.path, place.key] for place in places if (place.path, place.key) in by_place],
        before=places[0] if places and (more if backwards else asked.after is not None) else None,
        after=places[-1] if places and (backwards or more) else None,
        total=_total(asked),
        facets=[] if asked.conditions else facets_kept(scope),
        behind=behind(scope, heads),
    )


def looked_through(asked: Asked) -> Found:
    """A page found by reading record after record in the order of keys, from a place on, for a bounded time."""
    ends = time.monotonic() + LOOK_SECONDS
    backwards, start = asked.before is not None, asked.before or asked.after
    rows: list[Pair] = []
    last: Pair | None = None
    for batch in _batches(asked.scope, start, down=asked.question.descending != backwards):
        rows += asked.matching(batch)
        last = batch[-1]
        if len(rows) > asked.limit or time.monotonic() > ends:
            break
    else:
        last = None
    shown, more = rows[: asked.limit], len(rows) > asked.limit
    reached = _place(last) if last is not None and not more else None
    onwards = _place(shown[-1]) if more else None
    if backwards:
        shown = shown[::-1]
        first = _place(shown[0]) if more else reached
        return Found(shown, first, _place(shown[-1]) if shown else None, total=None, facets=[])
    return Found(
        rows=shown,
        before=_place(shown[0]) if shown and asked.after is not None else None,
        after=onwards,
        total=len(rows) if last is None and asked.after is None else None,
        facets=[],
        stopped=reached,
    )


def _total(asked: Asked) -> int | None:
    if not asked.conditions:
        return asked.scope.records
    return indexed.known_count(asked.scope, asked.conditions[0]) if len(asked.conditions) == 1 else None


def _places(asked: Asked, heads: Mapping[int, int]) -> list[Place]:
    """The next places over all lists of the table, one more than is asked for, in the direction of travel."""
    question, wanted = asked.question, asked.limit + 1
    start, backwards = asked.before or asked.after, asked.before is not None
    descending = question.descending
    found: list[Place] = []
    for register in sorted(asked.scope.registers, key=lambda one: one.path, reverse=descending != backwards):
        if register.pk not in heads:
            continue
        way = indexed.Walk(
            asked.scope, register, heads[register.pk], asked.conditions, question.sort, descending, backwards
        )
        found += indexed.walk(way, start, wanted - (0 if question.sort else len(found)))
        if not question.sort and len(found) >= wanted:
            break
    found.sort(key=lambda one: scan.sort_key(one, descending=descending), reverse=descending != backwards)
    return found[:wanted]


def _batches(scope: Scope, start: Place | None, *, down: bool) -> Iterator[list[Pair]]:
    for register in reversed(scope.registers) if down else scope.registers:
        if start is None or register.path == start.path or (register.path < start.path) == down:
            yield from _of_list(scope, register, start.key if start and register.path == start.path else "", down=down)


def _of_list(scope: Scope, register: Register, beyond: str, *, down: bool) -> Iterator[list[Pair]]:
    rows = at_head(register, scope.sizes[register.pk]).order_by("-key" if down else "key")
    hidden = states.of(register)
    while True:
        # No key is empty: the condition makes the index of keys the one to use.
        some = rows.filter(key__lt=beyond) if down and beyond else rows.filter(key__gt=beyond if not down else "")
        batch = [(register, to_change(entry, hidden)) for entry in some[:_BATCH]]
        if batch:
            yield batch
            beyond = batch[-1][1].key
        if len(batch) < _BATCH:
            return


def _place(pair: Pair) -> Place:
    return Place(None, pair[0].path, pair[1].key)
