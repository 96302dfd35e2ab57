"""Searching within lists: the records that have certain words, for the table of one list or of a joined view.

Read from the documents of the follower `search`, which knows records as they are now; in a past state the records
themselves are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import batched

from guildhall.registers.followers import search
from guildhall.registers.followers.search import context_of
from guildhall.registers.hiding import states
from guildhall.registers.queries.history import as_list
from guildhall.registers.queries.scopes import Pair, Scope
from guildhall.search import find, plan
from guildhall.search.analysis import stem, whole
from guildhall.search.analysis import words as read_words
from guildhall.search.models import Document
from guildhall.search.plan import Plan

_KEYS_AT_ONCE = 500


@dataclass(frozen=True)
class Wording:
    """Words to look for: capitals, accents, endings and small slips do not matter, and nothing is syntax.

    A record has them if every one stands in its values or key, or if they are its key. In a joined view each may also
    stand in the names of its list and of whose it is. `is_now` if records are looked for as they are indexed.
    """

    plan: Plan = field(compare=False)
    is_joined: bool
    is_now: bool

    @property
    def has_words(self) -> bool:
        """Whether there is anything to look for: a text of signs alone has no words, and nothing has it."""
        return bool(self.plan.words)

    @property
    def instead(self) -> Mapping[str, tuple[str, ...]]:
        """The words that stand in no record, and what is looked for in their place: {"hackny": ("hackney",)}."""
        return self.plan.instead

    @property
    def missing(self) -> tuple[str, ...]:
        """Words that no record has together with the others, so that they are left out."""
        return self.plan.missing

    def matching(self, register_ids: Sequence[int], *, most: int) -> list[tuple[int, str]] | None:
        """List and key of every record in these lists that has the words; None if there are more than `most`.

        A record may have changed since it was indexed: read it from its list.
        """
        found = find.matches(self.plan, _searchable(register_ids), limit=most, with_context=self.is_joined)
        return found.found if found.after is None else None

    def fitting(self, pairs: Sequence[Pair]) -> list[Pair]:
        """Those of some records that have the words, in the order in which they came."""
        return [pair for some in batched(pairs, _KEYS_AT_ONCE) for pair in self._fitting(some)]

    def _fitting(self, pairs: Sequence[Pair]) -> list[Pair]:
        texts = _documents(pairs) if self.is_now else {_name(pair): _texts(pair) for pair in pairs}
        return [pair for pair in pairs if _name(pair) in texts and self._fits(pair, texts[_name(pair)])]

    def _fits(self, pair: Pair, texts: Iterable[str]) -> bool:
        register, record = pair
        if not self.has_words or record.is_hidden:
            return False
        if whole(record.key) == self.plan.whole:
            return True
        context = (context_of(register),) if self.is_joined else ()
        there = {stem(word) for text in (record.key, *texts, *context) for word in read_words(text)}
        return all(not stems.isdisjoint(there) for stems in self._stems)

    @cached_property
    def _stems(self) -> list[frozenset[str]]:
        """For each word, the stems of which one must be there."""
        return [frozenset(stem(one) for one in word.instead or (word.text,)) for word in self.plan.words]


def read(words: str, scope: Scope) -> Wording:
    """As lists are now, a word that none of these records has gives way to those that are spelt like it.

    What a past state has is in no index: there words are looked for as they stand.
    """
    if scope.is_latest:
        lists = find.scope_of(list(scope.sizes))
        return Wording(plan.read(words, scope=lists), scope.is_joined, is_now=True)
    return Wording(plan.as_written(words), scope.is_joined, is_now=False)


def _name(pair: Pair) -> tuple[int, str]:
    return pair[0].pk, pair[1].key


def _texts(pair: Pair) -> list[str]:
    return [text for value in pair[1].item.values() for text in as_list(value)]


def _documents(pairs: Sequence[Pair]) -> dict[tuple[int, str], tuple[str, str]]:
    """The text of each record that is indexed."""
    keys: dict[int, list[str]] = {}
    for register, record in pairs:
        keys.setdefault(register.pk, []).append(record.key)
    found: dict[tuple[int, str], tuple[str, str]] = {}
    for collection, some in keys.items():
        rows = Document.objects.filter(collection=collection, key__in=some)
        found |= {(collection, key): (title, text) for key, title, text in rows.values_list("key", "title", "text")}
    return found


def unsearchable() -> list[int]:
    """The ids of lists in which something was hidden a moment ago: their documents may still have it."""
    return states.unheeded(search.NAME)


def _searchable(register_ids: Sequence[int]) -> list[int]:
    return sorted(set(register_ids) - set(unsearchable()))
