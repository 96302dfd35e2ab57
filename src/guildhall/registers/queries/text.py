"""Searching within lists: the records that have certain words, for the table of one list or of a joined view.

Read from the documents of the follower `search`: `followers.run.is_behind("search")` tells whether it lags.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guildhall.search import find, plan
from guildhall.search.analysis import words as read_words


@dataclass(frozen=True)
class Matches:
    """`found` are pairs of register id and key; `after` is where to go on from, None at the end.

    `instead` tells which words stand in no record, and what was looked for in their place: {"hackny": ("hackney",)};
    `missing` are words that no record has together with the others, so that they were left out.
    """

    found: list[tuple[int, str]]
    after: int | None
    instead: dict[str, tuple[str, ...]]
    missing: tuple[str, ...]


def matching_keys(register_ids: Sequence[int], words: str, *, limit: int, after: int = 0) -> Matches:
    """The records in these lists that have every one of the words in their values or key, at most `limit`.

    `words` are as people type them, whatever they are: capitals, accents, endings and small slips do not matter, and
    nothing is syntax. They come in the order in which they were indexed, which is nearly that of publication: to page
    on, give the last `after`. To put them in another order, or to filter further, ask for as many as can be handled
    and see whether `after` is None: then they are all there. A record may have changed since it was indexed: read it
    from its list. Without a word (`has_words`) nothing is found. Wrap in `kit.bounded.bounded` on a page.
    """
    if not register_ids:
        return Matches([], None, {}, ())
    read = plan.read(words, scope=find.scope_of(register_ids))
    matches = find.matches(read, register_ids, limit=limit, after=after)
    return Matches(matches.found, matches.after, read.instead, read.missing)


def has_words(words: str) -> bool:
    """Whether there is anything to look for: a text of signs alone has no words."""
    return bool(read_words(words))
