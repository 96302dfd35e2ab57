"""Runs of entry numbers, and how `hall/erasure` and `hall/hold` write them: `17`, `20-99`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

type Run = tuple[int, int]  # first and last, both included

_RUN = re.compile(r"([1-9][0-9]{0,17})(?:-([1-9][0-9]{0,17}))?", re.ASCII)
_AFTER_ANY = 2**63


class RangeError(ValueError):
    """A text that is no number and no range of numbers."""


def read(texts: Iterable[str]) -> list[Run]:
    """`["17", "20-99"]` or `["17;20-99"]` -> `[(17, 17), (20, 99)]`, in order and joined. Raises RangeError."""
    runs: list[Run] = []
    for text in (part.strip() for whole in texts for part in whole.split(";")):
        found = _RUN.fullmatch(text)
        if found is None or int(found[2] or found[1]) < int(found[1]):
            raise RangeError(text)
        runs.append((int(found[1]), int(found[2] or found[1])))
    return joined(runs)


def written(runs: Iterable[Run]) -> list[str]:
    """The other way round."""
    return [str(first) if first == last else f"{first}-{last}" for first, last in runs]


def of_numbers(numbers: Iterable[int]) -> list[Run]:
    return joined((number, number) for number in numbers)


def joined(runs: Iterable[Run]) -> list[Run]:
    """In order, those that touch or overlap made one."""
    found: list[Run] = []
    for first, last in sorted(runs):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def within(runs: list[Run], number: int) -> bool:
    """Whether a number is in one of these, which are in order and joined."""
    at = bisect_right(runs, (number, _AFTER_ANY)) - 1
    return at >= 0 and number <= runs[at][1]
