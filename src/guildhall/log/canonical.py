"""Canonical JSON (RFC 8785): one value, one run of bytes, so that a hash means something."""

from __future__ import annotations

from json.encoder import encode_basestring
from typing import Any

import rfc8785


class CanonicalError(ValueError):
    """A value that has no canonical form, such as half of a surrogate pair or a number beyond 2^53."""


def canonical_json(value: Any) -> bytes:
    """UTF-8 without white space, members in the order of their UTF-16 names. Raises CanonicalError.

    Items are flat objects of texts and lists of texts, with names in ASCII: these take a short way, in which the
    order of code points is that of UTF-16 and Python's escapes of JSON texts are those of RFC 8785.
    """
    try:
        if type(value) is dict and "".join(value).isascii():
            flat = flat_json(value)
            if flat is not None:
                return flat
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, TypeError) as error:
        raise CanonicalError(f"This has no canonical form: {error}") from error


def flat_json(item: dict[str, Any]) -> bytes | None:
    """The canonical form of a flat object whose names are ASCII; None if some value is no text or list of texts."""
    parts = []
    for name in sorted(item):
        value = item[name]
        if type(value) is str:
            parts.append(f"{encode_basestring(name)}:{encode_basestring(value)}")
        elif type(value) is list and all(type(one) is str for one in value):
            texts = ",".join([encode_basestring(one) for one in value])
            parts.append(f"{encode_basestring(name)}:[{texts}]")
        else:
            return None
    return f"{{{','.join(parts)}}}".encode()
