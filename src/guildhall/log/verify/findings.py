"""What was found of one list, in the words that people read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

_MOST_PROBLEMS = 10
_LONGEST = 100


@dataclass(frozen=True)
class Change:
    """One change of a list: the only one that was checked when a single record was asked for."""

    number: int
    key: str
    time: str


@dataclass
class Finding:
    """What was found of the list at `path`, `organisation/name`.

    `seen` is its size when it was seen last, None at the first time. `unread` says why it could not be checked.
    """

    path: str
    size: int = 0
    seen: int | None = None
    checkpoint: str = ""
    record: Change | None = None
    retired: bool = False
    erased: int = 0
    held: int = 0
    unread: str = ""
    problems: list[str] = field(default_factory=list)
    more: int = 0  # problems beyond those that are listed

    @property
    def holds(self) -> bool:
        return not self.problems and not self.unread

    def add(self, problem: str) -> None:
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(problem)
        else:
            self.more += 1

    def lines(self) -> list[str]:
        """One line for what holds, or one for each thing that does not."""
        if self.unread:
            return [f"{self.path}: could not be checked. {self.unread}"]
        if not self.problems:
            return [f"{self.path}: {self._what_holds()}"]
        lines = [f"{self.path}: {problem}" for problem in self.problems]
        if self.more:
            lines.append(f"{self.path}: and {self.more:,} more like these.")
        return lines

    def _what_holds(self) -> str:
        if self.retired:
            return self._is_retired()
        parts = [self._record_holds(self.record) if self.record else self._all_hold()]
        if self.erased:
            parts.append(f"{_values(self.erased)} erased by law, as hall/erasure names")
        if self.held:
            parts.append(f"{_values(self.held)} held, not checked, as hall/hold names")
        if self.seen is None:
            parts.append("seen for the first time")
        elif self.seen < self.size:
            parts.append(f"goes on from the {_changes(self.seen)} seen last time")
        else:
            parts.append("the same as last time")
        line = "; ".join(parts) + "."
        if self.record:
            line += " That no later change of this record is kept back shows only when the whole list is checked."
        return line

    def _all_hold(self) -> str:
        if self.size <= 1:
            return "1 change, as signed" if self.size else "no changes yet, as signed"
        return f"{_changes(self.size)}, all as signed"

    def _is_retired(self) -> str:
        if not self.checkpoint:
            return "retired. Nothing of it is shown any more, so nothing was checked."
        return f"retired. Its {_changes(self.size)} are shown no more; their hashes were checked and are as signed."

    def _record_holds(self, change: Change) -> str:
        return f"change {change.number:,} of {self.size:,} (key {shown(change.key)}, {change.time}) is as signed"

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "path": self.path,
            "holds": self.holds,
            "total-entries": self.size,
            "seen-entries": self.seen,
            "retired": self.retired,
            "erased": self.erased,
            "held": self.held,
            "problems": self.problems,
            "more-problems": self.more,
            "unread": self.unread,
            "checkpoint": self.checkpoint,
        }
        if self.record:
            found["record"] = {
                "entry-number": self.record.number,
                "key": self.record.key,
                "entry-timestamp": self.record.time,
            }
        return found


def shown(text: str) -> str:
    """A key or other text of a list, cut where it is long."""
    cut = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return printable(cut)


def printable(text: str) -> str:
    """A line without anything that a terminal would obey or hide."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def _changes(count: int) -> str:
    return "1 change" if count == 1 else f"{count:,} changes"


def _values(count: int) -> str:
    return "the values of 1 change" if count == 1 else f"the values of {count:,} changes"
