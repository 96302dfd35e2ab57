"""Text as terms: folded, stemmed and named, in the same way for documents and for what is looked for.

A term is a letter that says where a word stands, and the word:

    s  a stem, anywhere in the document      w  a word as written, where its stem differs
    u  a stem in the title                   t  a word of the title as written
    o  a stem of what the document is part of, such as whose list
    k  the whole key                         e  the whole title
    d  the kind                              c  the collection

Change nothing here without a migration that clears the documents: SQLite takes a document's old terms out of its index
by making them again from its old text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from snowballstemmer import stemmer

STEM, WORD, TITLE_STEM, TITLE_WORD, CONTEXT = "s", "w", "u", "t", "o"
KEY, TITLE, KIND, COLLECTION = "k", "e", "d", "c"

# Longer words are cut: a term must stay small, and no one remembers more.
LONGEST = 40
# Letters beyond this say nothing more of a document, and would only make the index large.
MOST_TEXT = 20_000
_LONGEST_STEMMED = 25
_SHORTEST_STEMMED = 3

# Apostrophes of every kind, and full stops.
_DROPPED = re.compile("['.\u2018\u2019\u02bc]")
_BETWEEN = re.compile(r"[\W_]+")
_LETTERS = re.compile(r"[^\W_]+")
# What no decomposition takes apart, and the words that stand for signs.
_SPELT = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "&": " and "})
_SCHEME = re.compile(r"\bhttps?://(?:www\.)?", re.IGNORECASE)
# In a web address a full stop stands between words.
_DOT = re.compile(r"\.(?=[^\W\d_]{2})")

_stem = stemmer("english").stemWord


@dataclass(frozen=True)
class Content:
    """What is to be found: `collection` and `key` name it. `context` says what it is part of and counts for least.

    No language is assumed: endings are taken off as in English, and every word is kept as it is written beside that.
    """

    collection: int
    kind: str
    key: str
    title: str
    text: str = ""
    context: str = ""
    boost: int = 0


def fold(text: str) -> str:
    """Ynys Môn -> "ynys mon", King's Lynn -> "kings lynn", Stoke-on-Trent -> "stoke on trent"."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_SPELT))
    if not plain.isascii():
        plain = "".join(character for character in plain if not unicodedata.combining(character))
    return _BETWEEN.sub(" ", _DROPPED.sub("", plain)).strip()


def words(text: str) -> list[str]:
    """The words of a text in their order, folded. A web address is its parts."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if "." in text:
        text = _DOT.sub(" ", _SCHEME.sub(" ", text))
    plain = _DROPPED.sub("", text).replace("&", " and ")
    if plain.isascii():
        return [word[:LONGEST] for word in _LETTERS.findall(plain.lower())]
    return [part for word in _LETTERS.findall(plain) for part in _folded(word)]


@lru_cache(maxsize=20_000)
def _folded(word: str) -> list[str]:
    return [part[:LONGEST] for part in fold(word).split()]


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """A folded word without its ending: councils -> council. Numbers, codes and other scripts stay as they are."""
    if not (_SHORTEST_STEMMED <= len(word) <= _LONGEST_STEMMED and word.isascii() and word.isalpha()):
        return word
    stemmed: str = _stem(word)
    return stemmed


def whole(text: str) -> str:
    """A whole key or title as one term: 2015/17/FUL -> "201517ful"."""
    return fold(text).replace(" ", "")[: 2 * LONGEST]


def analyse(content: Content) -> tuple[str, set[str]]:
    """The terms by which a document is found, and its words that another may be a misspelling of."""
    in_title, in_text = set(words(content.title)), set(words(content.text[:MOST_TEXT]))
    found = {KIND + content.kind, COLLECTION + str(content.collection)}
    found |= {name + text for name, text in ((KEY, whole(content.key)), (TITLE, whole(content.title))) if text}
    for word in in_title:
        found.add(TITLE_WORD + word)
        found.add(TITLE_STEM + stem(word))
    for word in in_title.union(in_text, words(content.key)):
        found.update(_anywhere(word))
    found.update(_context(content.context))
    return " ".join(found), set(filter(is_spellable, in_title | in_text))


@lru_cache(maxsize=100_000)
def _anywhere(word: str) -> tuple[str, ...]:
    stemmed = stem(word)
    return (STEM + stemmed,) if stemmed == word else (STEM + stemmed, WORD + word)


@lru_cache(maxsize=1_000)
def _context(context: str) -> frozenset[str]:
    """The same for every record of a list."""
    return frozenset(CONTEXT + stem(word) for word in words(context))


@lru_cache(maxsize=100_000)
def is_spellable(word: str) -> bool:
    """Letters only, and not very few or many."""
    return _SHORTEST_STEMMED <= len(word) <= _LONGEST_STEMMED and word.isalpha()
