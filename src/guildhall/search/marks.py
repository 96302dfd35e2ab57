"""Where the words that were looked for stand in a text, and the part of a long text that has most of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guildhall.search import analysis
from guildhall.search.analysis import stem
from guildhall.search.plan import Plan

# An apostrophe or a full stop inside a word belongs to it.
_TOKEN = re.compile(r"[^\W_]+(?:['.\u2019][^\W_]+)*")
EXCERPT = 220
# Before the first word that is marked, so much is shown to read it by.
_LEAD = 60


@dataclass(frozen=True)
class Piece:
    """A part of a text, marked or not."""

    text: str
    is_marked: bool


def marked(text: str, plan: Plan) -> list[Piece]:
    """The whole text in pieces."""
    wanted = _wanted(plan)
    pieces: list[Piece] = []
    end = 0
    for start, stop in _places(text, wanted):
        if start > end:
            pieces.append(Piece(text[end:start], is_marked=False))
        pieces.append(Piece(text[start:stop], is_marked=True))
        end = stop
    if end < len(text):
        pieces.append(Piece(text[end:], is_marked=False))
    return pieces


def excerpt(text: str, plan: Plan) -> list[Piece]:
    """The part of a text that begins shortly before the first word that was looked for; empty if there is none."""
    first = next(_places(text, _wanted(plan)), None)
    if first is None:
        return []
    start = text.find(" ", max(0, first[0] - _LEAD)) + 1 if first[0] > _LEAD else 0
    start = min(start, first[0])
    cut = text[start : start + EXCERPT]
    if start + EXCERPT < len(text):
        cut = cut.rpartition(" ")[0] or cut
        cut += "…"
    return marked(f"…{cut}" if start else cut, plan)


def _wanted(plan: Plan) -> set[str]:
    return {stem(one) for word in plan.words for one in word.instead or (word.text,)}


def _places(text: str, wanted: set[str]) -> Iterator[tuple[int, int]]:
    for found in _TOKEN.finditer(text[: analysis.MOST_TEXT]):
        if any(stem(part) in wanted for part in analysis.words(found[0])):
            yield found.span()
