"""Words as people type them: without accents, apostrophes, hyphens or capitals."""

from __future__ import annotations

import re
import unicodedata

# Apostrophes of every kind, and full stops.
_DROPPED = re.compile("['.\u2018\u2019\u02bc]")
_BETWEEN = re.compile(r"[\W_]+")
# What no decomposition takes apart, and the words that stand for signs.
_SPELT = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "&": " and "})


def fold(text: str) -> str:
    """Ynys Môn -> "ynys mon", King's Lynn -> "kings lynn", Stoke-on-Trent -> "stoke on trent"."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_SPELT))
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return _BETWEEN.sub(" ", _DROPPED.sub("", plain)).strip()


def matches(query: str, *texts: str) -> bool:
    """Every word of the query stands in one of the texts, in any order."""
    found = " ".join(fold(text) for text in texts)
    return all(word in found for word in fold(query).split())
