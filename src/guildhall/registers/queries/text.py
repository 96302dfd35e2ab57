"""Searching within lists: the records that have certain words, for the table of one list or of a joined view.

Read from the documents of the follower `search`, which knows records as they are now; in a past state the records
themselves are looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from guildhall.registers.queries.history import as_list
from guildhall.registers.queries.records import Record
from guildhall.search import find, plan
from guildhall.search.analysis import stem, whole
from guildhall.search.analysis import words as read_words
from guildhall.search.plan import Plan


@dataclass(frozen=True)
class Wording:
    """Words to look for: capitals, accents, endings and small slips do not matter, and nothing is syntax.

    A record has them if every one stands in its values or key, or if they are its key.
    """

    plan: Plan = field(compare=False)

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
        found = find.matches(self.plan, register_ids, limit=most)
        return found.found if found.after is None else None

    def fits(self, record: Record) -> bool:
        """The same of a record in hand."""
        if not self.has_words:
            return False
        if whole(record.key) == self.plan.whole:
            return True
        texts = (record.key, *(text for value in record.item.values() for text in as_list(value)))
        there = {stem(word) for text in texts for word in read_words(text)}
        return all(not stems.isdisjoint(there) for stems in self._stems)

    @cached_property
    def _stems(self) -> list[frozenset[str]]:
        """For each word, the stems of which one must be there."""
        return [frozenset(stem(one) for one in word.instead or (word.text,)) for word in self.plan.words]


def read(words: str, register_ids: Sequence[int]) -> Wording:
    """As lists are now: a word that none of these records has gives way to those that are spelt like it."""
    return Wording(plan.read(words, scope=find.scope_of(register_ids)))


def read_strictly(words: str) -> Wording:
    """The words as they stand: what a past state of a list has is in no index."""
    return Wording(plan.as_written(words))
