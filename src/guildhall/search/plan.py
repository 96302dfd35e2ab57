"""What was looked for, read: its words, and the bands in which documents are found, the best first.

    key      its whole key                          by_word_end  every word, by its stem, in the title
    name     its whole title                        text         every word, by its stem, anywhere
    title    every word, as written, in the title   context      the same, or in what it is part of

Where a word stands in no document, words that begin with it or are spelt like it take its place, and the bands are
those of the title and of anywhere. Where no document has all words, each word in turn may be missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from guildhall.search import analysis, vocabulary
from guildhall.search.analysis import stem
from guildhall.search.expressions import All, Either, Expression, Without, ids

# More words than this say no more of what is meant, and cost time.
MOST_WORDS = 12
# Words that stand everywhere, in English and Welsh; left out where another word is left.
_SMALL_WORDS = (
    "a an and are as at be by do does for from has have how in is it of on or our that the their there these they"
    " this to was we were what when where which who will with"
    " ac am ar at efo ei er eu gan i o oes pa pwy sut sy un wedi y yn yng ym yr"
)
_SMALL = frozenset(_SMALL_WORDS.split())


class Reason(StrEnum):
    """Why a document was found."""

    KEY = "key"
    NAME = "name"
    TITLE = "title"
    TEXT = "text"
    CONTEXT = "context"


@dataclass(frozen=True)
class Word:
    """A word of what was looked for; `instead` are the words that take its place where it stands in no document."""

    text: str
    instead: tuple[str, ...] = ()
    is_beginning: bool = False

    def terms(self, name: str) -> Expression:
        """By its stem, or by those of the words in its place."""
        stems = dict.fromkeys(name + stem(one) for one in self.instead or (self.text,))
        return next(iter(stems)) if len(stems) == 1 else Either(tuple(stems))


@dataclass(frozen=True)
class Band:
    reason: Reason
    expression: Expression


@dataclass(frozen=True)
class Plan:
    """`words` are those that count, `missing` those that no document has together with the others."""

    words: tuple[Word, ...]
    whole: str
    missing: tuple[str, ...] = ()

    @property
    def instead(self) -> dict[str, tuple[str, ...]]:
        """The words that stand in no document, each with those that were looked for in its place."""
        return {word.text: word.instead for word in self.words if word.instead}

    @cached_property
    def bands(self) -> tuple[Band, ...]:
        """No document is in two."""
        if not self.words:
            return ()
        key, name = analysis.KEY + self.whole, analysis.TITLE + self.whole
        in_title = _every([word.terms(analysis.TITLE_STEM) for word in self.words])
        in_text = _every([word.terms(analysis.STEM) for word in self.words])
        exact = [] if self.missing else [Band(Reason.KEY, key), Band(Reason.NAME, Without(name, key))]
        whole = Either((key, name))
        if not self.instead and not self.missing:
            as_written = _every([analysis.TITLE_WORD + word.text for word in self.words])
            exact.append(Band(Reason.TITLE, Without(as_written, whole)))
            whole = Either((whole, as_written))
        return (
            *exact,
            Band(Reason.TITLE, Without(in_title, whole)),
            Band(Reason.TEXT, Without(in_text, Either((in_title, key)))),
            Band(Reason.CONTEXT, Without(self.widest, Either((in_text, key)))),
        )

    @property
    def widest(self) -> Expression:
        """Every word, in the document or in what it is part of."""
        return _every([Either((word.terms(analysis.STEM), word.terms(analysis.CONTEXT))) for word in self.words])

    @property
    def everything(self) -> Expression:
        """What any of the bands finds."""
        return Either((analysis.KEY + self.whole, self.widest))

    @property
    def in_own_words(self) -> Expression:
        """Every word in the document itself."""
        return Either((analysis.KEY + self.whole, _every([word.terms(analysis.STEM) for word in self.words])))


def read(text: str, *, scope: Expression | None = None) -> Plan:
    """The plan for what someone typed, whatever it is; without words if there are none in it.

    Words are replaced or left out if no document would be found otherwise; with `scope`, none of those in it.
    """
    known = tuple(_read_word(word) for word in _words(text))
    plan = Plan(known, analysis.whole(text))
    if not known or _finds(plan, scope):
        return plan
    looser = [Plan(tuple(_replaced(word) for word in known), plan.whole)]
    if len(known) > 1:
        looser += [Plan((*known[:n], *known[n + 1 :]), plan.whole, (word.text,)) for n, word in enumerate(known)]
    return next((one for one in looser if one != plan and _finds(one, scope)), plan)


def as_written(text: str) -> Plan:
    """The plan of the words as they stand, whether or not any document has them."""
    return Plan(tuple(Word(word) for word in _words(text)), analysis.whole(text))


def _words(text: str) -> list[str]:
    found = list(dict.fromkeys(analysis.words(text)))[: 4 * MOST_WORDS]
    return [word for word in found if word not in _SMALL][:MOST_WORDS] or found[:MOST_WORDS]


def _read_word(text: str) -> Word:
    stemmed = stem(text)
    stands = Either((analysis.STEM + stemmed, analysis.CONTEXT + stemmed))
    return Word(text) if ids(stands, limit=1) else _replaced(Word(text))


def _replaced(word: Word) -> Word:
    """With the words in its place, if there are any."""
    if word.instead:
        return word
    beginnings = vocabulary.beginning_with(word.text)
    return Word(word.text, tuple(beginnings or vocabulary.alike(word.text)), is_beginning=bool(beginnings))


def _finds(plan: Plan, scope: Expression | None) -> bool:
    wanted = plan.everything if scope is None else All((scope, plan.everything))
    return bool(ids(wanted, limit=1))


def _every(parts: list[Expression]) -> Expression:
    return parts[0] if len(parts) == 1 else All(tuple(parts))
