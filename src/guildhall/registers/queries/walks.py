"""Walking along large lists: from the indexes, or record by record for a bounded time."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace

from guildhall.registers.hiding import states
from guildhall.registers.models import Register
from guildhall.registers.queries import indexed, kept_counts, scan
from guildhall.registers.queries.asked import Asked, Found, behind, read_records
from guildhall.registers.queries.records import at_head, to_change
from guildhall.registers.queries.scan import Place
from guildhall.registers.queries.scopes import Pair

LOOK_SECONDS = 1.5
_BATCH = 1_000
type Placed = tuple[Place, Pair]


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
        facets=[] if asked.conditions else asked.common(scope),
        behind=behind(scope, heads),
    )


def looked_through(asked: Asked) -> Found:
    """A page found by reading record after record in the order that is asked for, for a bounded time.

    The order is that of keys or, of lists as they are now, one that `indexed.can_sort` knows.
    """
    ends = time.monotonic() + LOOK_SECONDS
    backwards = asked.before is not None
    heads = indexed.heads(asked.scope) if asked.question.sort else asked.scope.sizes
    rows: list[Placed] = []
    last: Place | None = None
    for batch in _by_sort(asked, heads) if asked.question.sort else _by_key(asked):
        rows += _fitting(asked, batch)
        last = batch[-1][0]
        if len(rows) > asked.limit or time.monotonic() > ends:
            break
    else:
        last = None
    more = len(rows) > asked.limit
    rows = rows[: asked.limit][:: -1 if backwards else 1]
    first, end = (rows[0][0], rows[-1][0]) if rows else (None, None)
    reached = None if more else last
    is_all = last is None and not more and asked.after is None and not backwards
    return Found(
        rows=[pair for _, pair in rows],
        before=(first if more else reached) if backwards else first if asked.after is not None else None,
        after=end if backwards or more else None,
        total=len(rows) if is_all else None,
        facets=[],
        behind=behind(asked.scope, heads),
        stopped=None if backwards else reached,
    )


def _total(asked: Asked) -> int | None:
    if not asked.conditions:
        return asked.scope.records
    return kept_counts.known_count(asked.scope, asked.conditions[0]) if len(asked.conditions) == 1 else None


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


def _fitting(asked: Asked, batch: list[Placed]) -> list[Placed]:
    places = {(pair[0].pk, pair[1].key): place for place, pair in batch}
    fitting = asked.matching([pair for _, pair in batch])
    return [(places[pair[0].pk, pair[1].key], pair) for pair in fitting]


def _by_sort(asked: Asked, heads: Mapping[int, int]) -> Iterator[list[Placed]]:
    """Records in the order of an indexed field, those left out of which an index says that they are not meant."""
    scope, backwards = asked.scope, asked.before is not None
    ids = {one.path: one.pk for one in scope.registers}
    known = tuple(one for one in asked.conditions if indexed.can_probe(scope, one))
    step = replace(asked, conditions=known, limit=_BATCH - 1)
    while places := _places(step, heads):
        pairs = read_records(scope, heads, [(ids[place.path], place.key) for place in places])
        by_name = {(register.path, record.key): (register, record) for register, record in pairs}
        yield [(place, by_name[place.path, place.key]) for place in places if (place.path, place.key) in by_name]
        if len(places) < _BATCH:
            return
        step = replace(step, before=places[-1]) if backwards else replace(step, after=places[-1])


def _by_key(asked: Asked) -> Iterator[list[Placed]]:
    scope, start = asked.scope, asked.before or asked.after
    down = asked.question.descending != (asked.before is not None)
    for register in reversed(scope.registers) if down else scope.registers:
        if start is None or register.path == start.path or (register.path < start.path) == down:
            beyond = start.key if start and register.path == start.path else ""
            yield from _of_list(register, scope.sizes[register.pk], beyond, down=down)


def _of_list(register: Register, size: int, beyond: str, *, down: bool) -> Iterator[list[Placed]]:
    rows, hidden = at_head(register, size).order_by("-key" if down else "key"), states.of(register)
    while True:
        # No key is empty: the condition makes the index of keys the one to use.
        some = rows.filter(key__lt=beyond) if down and beyond else rows.filter(key__gt="" if down else beyond)
        found = [to_change(entry, hidden) for entry in some[:_BATCH]]
        if found:
            yield [(Place(None, register.path, one.key), (register, one)) for one in found]
            beyond = found[-1].key
        if len(found) < _BATCH:
            return
