"""A page of a table under conditions, in any order, with how many there are and what they have in common.

A table of few entries is read through, as it is now. Of a large one, the most telling condition on an indexed field
leaves few records, which are read through likewise; where none does, the indexes are walked in the order that is asked
for. What no index knows of a large list is looked for from key to key, for a bounded time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from guildhall.registers.queries import indexed, limits, scan
from guildhall.registers.queries.asked import Asked, Found, behind, everything, read_records
from guildhall.registers.queries.columns import columns_of, counted, page
from guildhall.registers.queries.conditions import Question
from guildhall.registers.queries.facets import facets_in
from guildhall.registers.queries.scan import Place
from guildhall.registers.queries.scopes import Pair, Scope, split
from guildhall.registers.queries.walks import can_walk, looked_through, walked

# A table of so many entries is read through; so are so many records that an index left.
SMALL, NARROW = 20_000, 1_000


def find(
    scope: Scope, question: Question, *, limit: int, after: Place | None = None, before: Place | None = None
) -> Found:
    """Raises TooLongError where the answer would take longer than a page may."""
    of_lists, conditions = split(scope, question)
    if of_lists:
        scope = scan.lists_matching(scope, of_lists)
    if scope.standard.key == (scope.own_name(question.sort),) and not scope.is_joined:
        # Keys of texts are in order already.
        question = question if indexed.has_ranks(scope, question.sort) else replace(question, sort="")
    asked = Asked(scope, question, tuple(conditions), limit, after, before)
    with limits.bounded():
        if sum(scope.sizes.values()) <= SMALL:
            return _page(asked, everything(scope), unseen=0)
        if not conditions and not question.sort and scope.shows is None:
            return walked(asked, scope.sizes)
        if scope.is_now:
            heads = indexed.heads(scope)
            left = _narrowed(asked, heads)
            if left is not None:
                return _page(asked, left, unseen=behind(scope, heads))
            if can_walk(asked):
                return _with_counts(asked, walked(asked, heads))
            columns = columns_of(scope)
            if columns is not None:
                return page(asked, columns)
        if question.sort or question.descending:
            raise limits.too_long()
        return looked_through(asked)


def _with_counts(asked: Asked, found: Found) -> Found:
    """Of a large list under conditions, counts from its file, where there is one."""
    columns = columns_of(asked.scope) if asked.conditions else None
    if columns is None:
        return found
    total, facets = counted(asked, columns)
    return replace(found, total=total if found.total is None else found.total, facets=facets, as_of=columns.size)


def _page(asked: Asked, pairs: list[Pair], *, unseen: int) -> Found:
    """A page of records that are in memory."""
    pairs = scan.matching(asked.scope, asked.conditions, pairs)
    places = scan.places(asked.scope, asked.question, pairs)
    descending = asked.question.descending

    def comes_after(place: Place, other: Place) -> bool:
        one, two = (scan.sort_key(each, descending=descending) for each in (place, other))
        return one < two if descending else one > two

    if asked.before is not None:
        earlier = [one for one in places if comes_after(asked.before, one[0])]
        shown, more_before, more_after = earlier[-asked.limit :], len(earlier) > asked.limit, True
    else:
        later = [one for one in places if comes_after(one[0], asked.after)] if asked.after else places
        shown, more_before, more_after = later[: asked.limit], asked.after is not None, len(later) > asked.limit
    return Found(
        rows=[pair for _, pair in shown],
        before=shown[0][0] if shown and more_before else None,
        after=shown[-1][0] if shown and more_after else None,
        total=len(pairs),
        facets=facets_in(asked.scope, pairs),
        behind=unseen,
    )


def _narrowed(asked: Asked, heads: Mapping[int, int]) -> list[Pair] | None:
    """The records that indexed conditions leave, if they are few; None if they are many, or there is no such condition.

    Of how many fulfil a condition the kept counts tell first; where they do not, so many are looked for.
    """
    scope = asked.scope
    leads = [(indexed.known_count(scope, one), one) for one in asked.conditions if indexed.can_lead(scope, one)]
    for count, lead in sorted(leads, key=lambda pair: NARROW if pair[0] is None else pair[0]):
        if count is not None and count > NARROW:
            continue
        others = [one for one in asked.conditions if one != lead and indexed.can_probe(scope, one)]
        # Where nobody knows how many there are, looking for the others too could go on through them all.
        keys = indexed.candidates(scope, heads, lead, others if count is not None else [], NARROW)
        if keys is not None:
            return read_records(scope, heads, keys)
    return None
