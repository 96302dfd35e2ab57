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
    if text.isascii():
        plain = text.lower().replace("&", " and ")
    else:
        plain = unicodedata.normalize("NFKD", text.casefold().translate(_SPELT))
        plain = "".join(character for character in plain if not unicodedata.combining(character))
    return _BETWEEN.sub(" ", _DROPPED.sub("", plain)).strip()


def words(text: str) -> list[str]:
    """The words of a text in their order, folded. A web address is its parts."""
    if "." in text:
        text = _DOT.sub(" ", _SCHEME.sub(" ", text))
    return [word[:LONGEST] for word in fold(text).split()]


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


def terms(content: Content) -> set[str]:
    """Everything by which a document is found."""
    found = {KIND + content.kind, COLLECTION + str(content.collection)}
    found |= {name + text for name, text in ((KEY, whole(content.key)), (TITLE, whole(content.title))) if text}
    in_title = set(words(content.title))
    anywhere = in_title.union(words(content.key), words(content.text[:MOST_TEXT]))
    for word in in_title:
        found.add(TITLE_WORD + word)
        found.add(TITLE_STEM + stem(word))
    for word in anywhere:
        stemmed = stem(word)
        found.add(STEM + stemmed)
        if stemmed != word:
            found.add(WORD + word)
    found.update(CONTEXT + stem(word) for word in words(content.context))
    return found


def spellable(content: Content) -> set[str]:
    """The words of a document that another may be a misspelling of: letters only, and not very short ones."""
    found = {*words(content.title), *words(content.text[:MOST_TEXT])}
    return {word for word in found if _SHORTEST_STEMMED <= len(word) <= _LONGEST_STEMMED and word.isalpha()}
