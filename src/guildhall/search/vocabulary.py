"""The words of all documents: in how many each stands, and which are like a word that stands in none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import batched

from django.db import connection
from django.db.models import Count

from guildhall.kit.code_points import LAST
from guildhall.search.models import Gram, Word

_ROWS = 400
# As many of the words that share most letters are looked at closely, and so many are then taken.
_CANDIDATES = 60
MOST_ALIKE = 3
MOST_BEGINNINGS = 12
_SHORTEST_BEGINNING = 3
# Words of up to so many letters may differ in one place, longer ones in two or three.
_SHORT, _MIDDLING = 5, 9
# A word that stands somewhere is taken for a slip only if another stands so many times as often.
_LIKELIER = 5

_ADD = (
    "INSERT INTO search_word (word, documents) VALUES {rows}"
    " ON CONFLICT (word) DO UPDATE SET documents = search_word.documents + excluded.documents"
)


def change(counts: Mapping[str, int]) -> None:
    """Add to the counts of words, or take from them. Words that stand in no document any more are forgotten."""
    changed = sorted((word, number) for word, number in counts.items() if number)
    known: set[str] = set()
    for some in batched(changed, _ROWS):
        known.update(Word.objects.filter(word__in=[word for word, _ in some]).values_list("word", flat=True))
        with connection.cursor() as cursor:
            rows = ", ".join(["(%s, %s)"] * len(some))
            cursor.execute(_ADD.format(rows=rows), [value for pair in some for value in pair])
    new = [word for word, _ in changed if word not in known]
    Gram.objects.bulk_create([Gram(gram=gram, word_id=word) for word in new for gram in sorted(grams(word))])
    lowered = [word for word, number in changed if number < 0]
    for words in batched(lowered, _ROWS):
        Word.objects.filter(word__in=words, documents__lte=0).delete()


def tally(words: Iterable[set[str]]) -> Counter[str]:
    """In how many of some documents each word stands."""
    found: Counter[str] = Counter()
    for one in words:
        found.update(one)
    return found


def beginning_with(word: str) -> list[str]:
    """Words that go on from this one, the most frequent first."""
    if len(word) < _SHORTEST_BEGINNING:
        return []
    # Between, not LIKE: that is an index range on both databases, and needs no escaping.
    found = Word.objects.filter(word__gt=word, word__lt=word + LAST).order_by("-documents", "word")
    return list(found.values_list("word", flat=True)[:MOST_BEGINNINGS])


def alike(word: str) -> list[str]:
    """Words that this may be a misspelling of, the likeliest first."""
    most = _tolerance(word)
    if not most:
        return []
    shared = Gram.objects.filter(gram__in=grams(word)).values("word_id").annotate(number=Count("pk"))
    lengths = range(len(word) - most, len(word) + most + 1)
    candidates = [
        found
        for found in shared.order_by("-number", "word_id").values_list("word_id", flat=True)[: 4 * _CANDIDATES]
        if len(found) in lengths and found != word
    ][:_CANDIDATES]
    frequent = dict(Word.objects.filter(word__in=candidates).values_list("word", "documents"))
    ranked = sorted((distance(word, found), -frequent.get(found, 0), found) for found in candidates)
    near = [(apart, found) for apart, _, found in ranked if apart <= most]
    return [found for apart, found in near if apart == near[0][0]][:MOST_ALIKE]


def likelier(word: str) -> list[str]:
    """Words that this may be a misspelling of although it stands somewhere, because many more documents have them."""
    found = Word.objects.filter(word=word).values_list("documents", flat=True).first() or 0
    near = alike(word)
    frequent = dict(Word.objects.filter(word__in=near).values_list("word", "documents"))
    return [one for one in near if frequent.get(one, 0) > _LIKELIER * found]


def grams(word: str) -> set[str]:
    """Three letters in a row: "bath" -> "^ba", "bat", "ath", "th$"."""
    marked = f"^{word}$"
    return {marked[start : start + 3] for start in range(len(marked) - 2)}


def distance(first: str, second: str) -> int:
    """How many letters are put in, left out, changed, or swapped with the next, from one word to another."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for place, letter in enumerate(first, 1):
        above_before, before, row = before, row, [place]
        for other_place, other in enumerate(second, 1):
            cost = min(before[other_place] + 1, row[-1] + 1, before[other_place - 1] + (letter != other))
            swapped = place > 1 and other_place > 1 and letter == second[other_place - 2] and first[place - 2] == other
            row.append(min(cost, above_before[other_place - 2] + 1) if swapped else cost)
    return row[-1]


def _tolerance(word: str) -> int:
    if len(word) < _SHORTEST_BEGINNING or not word.isalpha():
        return 0
    return 1 if len(word) <= _SHORT else 2 if len(word) <= _MIDDLING else 3
