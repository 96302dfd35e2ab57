"""A key as one segment of an address.

`~0` stands for `~` and `~1` for `/` (RFC 6901); `~2` for the dot of a final `.` with 2 to 8 letters or digits, because
the suffix of an address (`.json`, `.csv`) comes last and must not be mistaken for a part of the key.
"""

from __future__ import annotations

import re

_SUFFIX = re.compile(r"\.([A-Za-z0-9]{2,8})\Z")
_ESCAPE = re.compile("~[012]")
_MEANINGS = {"~0": "~", "~1": "/", "~2": "."}


def encode_segment(key: str) -> str:
    """Not yet percent-encoded. Raises ValueError for `.` and `..`, which are no keys: an address cannot hold them."""
    if key in {".", ".."}:
        raise ValueError(f"{key} is no key")
    return _SUFFIX.sub(r"~2\1", key.replace("~", "~0").replace("/", "~1"))


def decode_segment(segment: str) -> str:
    """The key of a segment. A `~` that begins no escape stays: there is then no such record, and that is the answer."""
    return _ESCAPE.sub(lambda found: _MEANINGS[found[0]], segment)
