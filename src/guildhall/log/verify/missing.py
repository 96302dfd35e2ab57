"""Values that are not there: whether the hall's own lists account for them.

A value may be missing because it was erased, which an entry in `hall/erasure` names, or because it is held back while a
mistake is looked into, which an entry in `hall/hold` names. These two are read after the values, so that what was
published with a removal is seen; and they count only if they were found to hold themselves.
"""

from __future__ import annotations

import json
import re
import tempfile
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from guildhall.log.bundles import ERASED
from guildhall.log.verify.findings import Finding, shown

ERASURES, HOLDS = "hall/erasure", "hall/hold"
# What is kept in memory of the missing, and of the two lists.
_SPOOL_BYTES = 1024 * 1024
_ACCOUNT_BYTES = 64 * 1024 * 1024
_RANGE = re.compile(r"([1-9][0-9]{0,18})(?:-([1-9][0-9]{0,18}))?")


class TooManyError(Exception):
    """One of the two lists has more in it than this program takes into memory; the message is a whole sentence."""


class Missing:
    """The changes whose values are not there. They may be many, so they lie in a file."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(_SPOOL_BYTES, mode="w+", encoding="utf-8")  # noqa: SIM115 - closed by close()
        self.paths: set[str] = set()

    def close(self) -> None:
        self._file.close()

    def add(self, path: str, number: int, state: int, key: str) -> None:
        self.paths.add(path)
        self._file.write(json.dumps([path, number, state, key]) + "\n")

    def __iter__(self) -> Iterator[tuple[str, int, int, str]]:
        self._file.seek(0)
        for line in self._file:
            path, number, state, key = json.loads(line)
            yield path, number, state, key


@dataclass
class Named:
    """The changes of one list that are named: by their numbers, or by the key of the record."""

    ranges: list[tuple[int, int]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    def settle(self) -> None:
        """Put the ranges in order, so that one can be looked up quickly."""
        merged: list[tuple[int, int]] = []
        for first, last in sorted(self.ranges):
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
            else:
                merged.append((first, last))
        self.ranges = merged

    def has(self, number: int, key: str) -> bool:
        at = bisect_right(self.ranges, (number, 2**64)) - 1
        return key in self.keys or (at >= 0 and number <= self.ranges[at][1])


class Account:
    """The records of `hall/erasure` or `hall/hold`, taken up entry by entry: the latest for each key counts."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._records: dict[str, dict[str, Any]] = {}
        self._bytes = 0

    def take(self, key: str, item: bytes) -> None:
        self._bytes += len(item)
        if self._bytes > _ACCOUNT_BYTES:
            raise TooManyError(f"{self.path} has more in it than this program can take up.")
        self._records[key] = json.loads(item)

    def named(self) -> dict[str, Named]:
        """List path -> what is named of it. A hold that has ended names nothing."""
        found: dict[str, Named] = {}
        for record in self._records.values():
            if self.path == HOLDS and record.get("end-date"):
                continue
            named = found.setdefault(str(record.get("register")), Named())
            entries = record.get("entries", [])
            named.ranges.extend(_ranges([entries] if isinstance(entries, str) else entries))
            if self.path == HOLDS and record.get("key"):
                named.keys.add(str(record["key"]))
        for named in found.values():
            named.settle()
        return found


def _ranges(texts: list[str]) -> Iterator[tuple[int, int]]:
    """From texts such as `17` and `20-99`; what is neither names nothing."""
    for text in texts:
        found = _RANGE.fullmatch(text)
        if found:
            yield int(found[1]), int(found[2] or found[1])


def settle(missing: Missing, findings: dict[str, Finding], accounts: dict[str, Account]) -> None:
    """Count what is accounted for, and add a problem for what is not. `accounts` has those lists that hold."""
    erased, held = (accounts[path].named() if path in accounts else {} for path in (ERASURES, HOLDS))
    for path, number, state, key in missing:
        finding = findings[path]
        if path in erased and erased[path].has(number, key):
            finding.erased += 1
        elif state != ERASED and path in held and held[path].has(number, key):
            finding.held += 1
        else:
            finding.add(
                _unaccounted(ERASURES if state == ERASED else HOLDS, accounts, f"{number:,} (key {shown(key)})")
            )


def _unaccounted(path: str, accounts: dict[str, Account], change: str) -> str:
    done = "erased" if path == ERASURES else "held back"
    why = "does not name them" if path in accounts else "cannot be relied on"
    return f"the values of change {change} are said to be {done}, and {path} {why}."
