"""What the hall was told and what it answered, kept beside it: what must be there, what may be, what may not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Values = Mapping[str, str]  # of a list: key -> what it says


class LostError(Exception):
    """What was acknowledged is not there, or something shows partly, or twice, or in a wrong order."""


@dataclass
class Truth:
    """Of one list. `sure` is what was acknowledged; `maybe` are publications of which no answer came."""

    path: str
    sure: dict[str, str] = field(default_factory=dict)
    maybe: list[dict[str, str]] = field(default_factory=list)

    def acknowledge(self, rows: Values) -> None:
        self.sure.update(rows)

    def check(self, found: Values) -> int:
        """Compare with what the list says now. Returns how many without an answer were found whole.

        Each of those is there whole or not at all; afterwards that is settled.
        """
        there = 0
        for rows in self.maybe:
            seen = sum(found.get(key) == value for key, value in rows.items())
            if seen == len(rows):
                self.sure.update(rows)
                there += 1
            elif seen:
                raise LostError(f"{self.path}: {seen:,} of {len(rows):,} rows of a publication without an answer show")
        self.maybe.clear()
        wrong = [key for key in {*self.sure, *found} if self.sure.get(key) != found.get(key)]
        if wrong:
            told = [(key, self.sure.get(key), found.get(key)) for key in sorted(wrong)[:3]]
            raise LostError(f"{self.path}: {len(wrong):,} records are not as acknowledged (key, told, found): {told}")
        return there


@dataclass
class Figures:
    """What is printed at the end, of one write path."""

    rounds: int = 0
    killed: int = 0
    acknowledged: int = 0
    unanswered: int = 0  # of which no answer came
    there: int = 0  # of those, found whole
    lost: int = 0
    gaps: int = 0

    def line(self, database: str, path: str, seconds: float) -> str:
        return (
            f"TORTURE database={database} path={path} rounds={self.rounds} killed={self.killed} "
            f"acknowledged={self.acknowledged} unanswered={self.unanswered} of-those-whole={self.there} "
            f"lost={self.lost} gaps={self.gaps} seconds={seconds:.0f}"
        )
