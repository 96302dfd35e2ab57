"""What one look at the hall has found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """`WELL` and `LOOK` do no harm now; `WRONG` does, or will."""

    WELL = "well"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """`about` names what was looked at, `told` says how it is, `remedy` what to do: empty where there is nothing."""

    about: str
    state: State
    told: str
    remedy: str = ""


Look = Callable[[], Iterable[Finding]]


def well(about: str, told: str) -> Finding:
    return Finding(about, State.WELL, told)


def look(about: str, told: str, remedy: str) -> Finding:
    return Finding(about, State.LOOK, told, remedy)


def wrong(about: str, told: str, remedy: str) -> Finding:
    return Finding(about, State.WRONG, told, remedy)
