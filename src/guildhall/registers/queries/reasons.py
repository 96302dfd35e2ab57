"""Why something was published, as far as it may be told: a reason may tell of what is hidden now."""

from __future__ import annotations

from collections.abc import Iterable

from guildhall.log.bundles import HERE
from guildhall.registers.hiding import states
from guildhall.registers.hiding.states import Hidden
from guildhall.registers.models import Publication


def told(rows: Iterable[Publication]) -> list[Publication]:
    """Publications, read with their lists and heads; without the reason of those that are hidden as a whole."""
    known = list(rows)
    hidden = states.of_each({row.register_id: row.register for row in known}.values())
    for row in known:
        row.reason = reason(hidden[row.register_id], row.first_entry, row.last_entry, row.reason)
    return known


def reason(hidden: Hidden, first: int, last: int, given: str) -> str:
    """The reason of a publication of the entries from `first` to `last`; empty if all of them are hidden."""
    return given if hidden.whole(first, last) == HERE else ""
