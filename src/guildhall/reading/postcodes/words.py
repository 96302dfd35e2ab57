"""Postcodes as people write them, and the form in which they are kept: capitals, with one space."""

from __future__ import annotations

import re

_DISTRICT = r"[A-Z]{1,2}[0-9][A-Z0-9]?"
_WHOLE = re.compile(rf"({_DISTRICT})([0-9][A-Z]{{2}})")
# A district, and perhaps the beginning of what follows it.
_PART = re.compile(rf"({_DISTRICT})(?: ([0-9][A-Z]?))?")


def whole_postcode(text: str) -> str | None:
    """`e81ea`, `E8 1EA` or `e8-1ea` as `E8 1EA`; None if it is no whole postcode."""
    found = _WHOLE.fullmatch(_plain(text).replace(" ", ""))
    return f"{found[1]} {found[2]}" if found else None


def part_of_postcode(text: str) -> str | None:
    """The district that a part of a postcode names: `e8` or `E8 1` as `E8`; None if it is none."""
    found = _PART.fullmatch(_plain(text))
    return found[1] if found else None


def is_like_postcode(text: str) -> bool:
    """Whether a question in a box for names was a postcode, or part of one."""
    return whole_postcode(text) is not None or part_of_postcode(text) is not None


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^A-Z0-9]+", " ", text.upper()).split())
