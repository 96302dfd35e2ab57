"""Words as people type them, looked for in texts that are at hand: a short index, sifted as a page is drawn."""

from __future__ import annotations

from guildhall.search.analysis import fold


def matches(query: str, *texts: str) -> bool:
    """Every word of the query stands in one of the texts, in any order."""
    found = " ".join(fold(text) for text in texts)
    return all(word in found for word in fold(query).split())
