"""A page of a table under words and conditions, in any order, with how many there are and what they have in common.

A table of few entries is read through, as it is now. Of a large one, the most telling condition on an indexed field
leaves few records, which are read through likewise; where none does, the indexes are walked in the order that is asked
for. What no index knows of a large list is looked for from key to key, for a bounded time.

Words come first: the records that have them are read through, unless there are as many as in a large table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from guildhall.registers.followers import search
from guildhall.registers.queries import indexed, kept_counts, limits, scan, text
from guildhall.registers.queries.asked import Asked, Found, behind, everything, in_order, read_records
from guildhall.registers.queries.columns import columns_of, counted, file_of, page
from guildhall.registers.queries.conditions import Question
from guildhall.registers.queries.facets import Facet, facets_in, facets_kept
from guildhall.registers.queries.scan import Place
from guildhall.registers.queries.scopes import READ_THROUGH, Pair, Scope, split
from guildhall.registers.queries.text import Wording
from guildhall.registers.queries.walks import can_walk, looked_through, walked

# A table of so many entries is read through; so are so many records that an index left, or that have certain words.
SMALL, NARROW = READ_THROUGH, 1_000


def find(
    scope: Scope,
    question: Question,
    *,
    limit: int,
    after: Place | None = None,
    before: Place | None = None,
    common: Callable[[Scope], list[Facet]] = facets_kept,
) -> Found:
    """Raises TooLongError where the answer would take longer than a page may.

    Whoever has at hand what the records of a whole table have in `common`, or does not want it, gives a function.
    """
    of_lists, conditions = split(scope, question)
    if of_lists:
        scope = scan.lists_matching(scope, of_lists)
    if scope.standard.key == (scope.own_name(question.sort),) and not scope.is_joined:
        # Keys of texts are in order already.
        question = question if indexed.has_ranks(scope, question.sort) else replace(question, sort="")
    asked = Asked(scope, question, tuple(conditions), limit, after, before, common=common)
    with limits.bounded():
        if question.words:
            return _with_words(asked)
        if _is_small(scope):
            return _page(asked, everything(scope), unseen=0)
        if not conditions and not question.sort and scope.shows is None:
            return walked(asked, scope.sizes)
        return _by_indexes(asked) or _looked_through(asked)


def _by_indexes(asked: Asked) -> Found | None:
    """A page of a large table by what followers made of it; None where they made nothing that tells."""
    if not asked.scope.is_latest:
        return None
    heads = indexed.heads(asked.scope)
    left = _narrowed(asked, heads)
    if left is not None:
        return _page(asked, left, unseen=behind(asked.scope, heads))
    if not asked.scope.is_now:
        return None
    if can_walk(asked):
        return _with_counts(asked, walked(asked, heads))
    columns = columns_of(asked.scope)
    return None if columns is None else page(asked, columns)


def _with_words(asked: Asked) -> Found:
    """A page of the records that have words."""
    wording = text.read(asked.question.words, asked.scope)
    found = _as_indexed(asked, wording) if wording.is_now else None
    return replace(found or _as_they_were(replace(asked, wording=wording)), wording=wording)


def _as_indexed(asked: Asked, wording: Wording) -> Found:
    """Of lists as they are now; so many records that no one sorts them are looked through."""
    scope = asked.scope
    unseen = behind(scope, indexed.heads(scope, search.NAME))
    keys = wording.matching(list(scope.sizes), most=SMALL)
    if keys is None:
        asked = replace(asked, wording=wording)
        left = _narrowed(asked, indexed.heads(scope))
        return replace(_looked_through(asked) if left is None else _page(asked, left, unseen=0), behind=unseen)
    if len(keys) <= NARROW or asked.conditions or asked.question.sort or scope.shows:
        return _page(asked, read_records(scope, scope.sizes, keys), unseen=unseen)
    return _page_of_keys(asked, keys, unseen=unseen)


def _as_they_were(asked: Asked) -> Found:
    """Of a past state of lists."""
    return _page(asked, everything(asked.scope), unseen=0) if _is_small(asked.scope) else _looked_through(asked)


def _is_small(scope: Scope) -> bool:
    return sum(scope.sizes.values()) <= SMALL


def _looked_through(asked: Asked) -> Found:
    sort = asked.question.sort
    if sort and not (asked.scope.is_latest and indexed.can_sort(asked.scope, sort)):
        raise limits.too_long()
    return looked_through(asked)


def sortable(scope: Scope) -> list[str]:
    """The columns by which a table can be sorted, however many of its records are meant."""
    every = list(scope.columns)
    if _is_small(scope) or file_of(scope) is not None:
        return every
    own_key = () if scope.is_joined else scope.standard.key
    return [column for column in every if (column,) == own_key or indexed.can_sort(scope, column)]


def _with_counts(asked: Asked, found: Found) -> Found:
    """Of a large list under conditions, counts from its file, where there is one."""
    columns = columns_of(asked.scope) if asked.conditions else None
    if columns is None:
        return found
    total, facets = counted(asked, columns)
    return replace(found, total=total if found.total is None else found.total, facets=facets, as_of=columns.size)


def _page(asked: Asked, pairs: list[Pair], *, unseen: int) -> Found:
    """A page of records that are in memory."""
    pairs = asked.matching(pairs)
    places = scan.places(asked.scope, asked.question, pairs)
    shown, before, after = _cut(asked, [place for place, _ in places])
    rows = [pair for _, pair in places[shown]]
    return Found(rows, before, after, total=len(pairs), facets=facets_in(asked.scope, pairs), behind=unseen)


def _page_of_keys(asked: Asked, keys: Sequence[tuple[int, str]], *, unseen: int) -> Found:
    """A page of records of which only the keys are in memory, in their order."""
    scope = asked.scope
    places = in_order(scope, keys)
    if asked.question.descending:
        places.reverse()
    shown, before, after = _cut(asked, places)
    ids = {one.path: one.pk for one in scope.registers}
    rows = read_records(scope, scope.sizes, [(ids[place.path], place.key) for place in places[shown]])
    if asked.question.descending:
        rows.reverse()
    return Found(rows, before, after, total=len(places), facets=[], behind=unseen)


def _cut(asked: Asked, places: Sequence[Place]) -> tuple[slice, Place | None, Place | None]:
    """Which of all places, in their order, are on the page, and those to page on from."""
    descending = asked.question.descending

    def comes_after(place: Place, other: Place) -> bool:
        one, two = (scan.sort_key(each, descending=descending) for each in (place, other))
        return one < two if descending else one > two

    if asked.before is not None:
        end = sum(comes_after(asked.before, one) for one in places)
        start = max(0, end - asked.limit)
        more_before, more_after = start > 0, True
    else:
        start = sum(not comes_after(one, asked.after) for one in places) if asked.after else 0
        end = start + asked.limit
        more_before, more_after = asked.after is not None, end < len(places)
    shown = places[start:end]
    return slice(start, end), shown[0] if shown and more_before else None, shown[-1] if shown and more_after else None


def _narrowed(asked: Asked, heads: Mapping[int, int]) -> list[Pair] | None:
    """The records that indexed conditions leave, if they are few; None if they are many, or there is no such condition.

    Of how many fulfil a condition the kept counts tell first; where they do not, so many are looked for.
    """
    scope = asked.scope
    leads = [(kept_counts.known_count(scope, one), one) for one in asked.conditions if indexed.can_lead(scope, one)]
    for count, lead in sorted(leads, key=lambda pair: NARROW if pair[0] is None else pair[0]):
        if count is not None and count > NARROW:
            continue
        others = [one for one in asked.conditions if one != lead and indexed.can_probe(scope, one)]
        # Where nobody knows how many there are, looking for the others too could go on through them all.
        keys = indexed.candidates(scope, heads, lead, others if count is not None else [], NARROW)
        if keys is not None:
            return read_records(scope, heads, keys)
    return None
