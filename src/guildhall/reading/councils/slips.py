"""Names as people mistype them: a letter too many, too few, another, or two the wrong way round."""

from __future__ import annotations

from collections.abc import Sequence

from guildhall.search.analysis import fold

# Longer questions are no misspelt names.
_LONGEST = 60
_NONE_BELOW, _TWO_FROM = 4, 8  # letters of a word: so short none may be wrong, so long two may


def slips(query: str, names: Sequence[str]) -> int | None:
    """How many letters of a question differ from one of the names; None if it is not meant.

    Names are given as `fold` writes them. Every word must be like one of the name's words, or the whole like the whole,
    whatever the spaces.
    """
    asked = fold(query)
    if not asked or len(asked) > _LONGEST:
        return None
    found: list[int] = []
    for known in names:
        total: int | None = 0
        for word in asked.split():
            least = _least(word, known.split())
            if least is None or total is None:
                total = None
                break
            total += least
        if total is not None:
            found.append(total)
        together = _apart(asked.replace(" ", ""), known.replace(" ", ""))
        if together is not None:
            found.append(together)
    return min(found, default=None)


def _least(word: str, known: Sequence[str]) -> int | None:
    return min((one for other in known if (one := _apart(word, other)) is not None), default=None)


def _apart(word: str, other: str) -> int | None:
    """How many slips lead from one word to another; None if they are too many for words so long."""
    most = 0 if len(word) < _NONE_BELOW else 1 if len(word) < _TWO_FROM else 2
    if abs(len(word) - len(other)) > most:
        return None
    if word == other:
        return 0
    if not most or len(set(word) ^ set(other)) > 2 * most:
        return None
    distance = _distance(word, other)
    return distance if distance <= most else None


def _distance(word: str, other: str) -> int:
    """Optimal string alignment: letters put in, left out, replaced, or swapped with the next."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        last, before, row = before, row, [i]
        for j, known in enumerate(other, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != known))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == known:
                best = min(best, last[j - 2] + 1)
            row.append(best)
    return row[-1]
