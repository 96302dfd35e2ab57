"""Patterns that every program reads alike: those of one standard are run by several engines.

A pattern always speaks of the whole value, so anchors at its ends are taken off and put back where it is run.
"""

from __future__ import annotations

import re

import polars as pl

_FLAGS = re.compile(r"^\(\?([imsx]+)\)")
_LOOK_AROUND = re.compile(r"(?<!\\)(?:\\\\)*\(\?<?[=!]")
_BACK_REFERENCE = re.compile(r"(?<!\\)(?:\\\\)*(?:\\[1-9]|\(\?P=)")
_CHOICES = re.compile(r"(?:\(\?i:)?\(?(?:\?:)?([\w ,'\u2019&/-]+(?:\|[\w ,'\u2019&/-]+)+)\)*")


class PatternError(ValueError):
    """A pattern that not every program can run, and why."""


def portable(pattern: str) -> str:
    """The pattern without anchors, and with its flags as a group. Raises PatternError."""
    if _LOOK_AROUND.search(pattern):
        raise PatternError(
            "it looks ahead or behind, with (?= (?! (?<= or (?<!, which not every program can do. Write it without."
        )
    if _BACK_REFERENCE.search(pattern):
        raise PatternError("it refers back to a group, as \\1 does, which not every program can do. Write it without.")
    flags, body = "", pattern
    if found := _FLAGS.match(body):
        flags, body = found[1], body[found.end() :]
    body = _without_anchors(body)
    whole = f"(?{flags}:{body})" if flags else body
    try:
        pl.Series([""]).str.contains(anchored(whole))
    except pl.exceptions.ComputeError as error:
        reason = " ".join(str(error).split())[:300]
        raise PatternError(f"it is not an expression that can be run ({reason}). Correct it.") from error
    return whole


def anchored(pattern: str) -> str:
    """As it is run by the column engine: over the whole value."""
    return f"^(?:{pattern})$"


def choices(pattern: str) -> tuple[str, ...]:
    """The texts that a pattern chooses from, if that is all it does: `(yes|no)` -> yes, no."""
    found = _CHOICES.fullmatch(pattern)
    return tuple(found[1].split("|")) if found else ()


def _without_anchors(body: str) -> str:
    body = body.removeprefix("^").removeprefix("\\A")
    for anchor in ("\\Z", "\\z", "$"):
        rest = body.removesuffix(anchor)
        if rest != body and (len(rest) - len(rest.rstrip("\\"))) % 2 == 0:
            return rest
    return body
