"""Parts of addresses that Django's own converters do not know: keys of records, and the suffix of a format."""

from __future__ import annotations

from django.urls import register_converter
from django.urls.converters import get_converters

from guildhall.log.segments import decode_segment, encode_segment


class KeyConverter:
    """A key as one segment: `~1` for a slash, `~2` for the dot of what would otherwise read as a suffix."""

    # As little as there is: what looks like a suffix is left to the next converter.
    regex = "[^/]+?"

    def to_python(self, value: str) -> str:
        if "\0" in value:
            raise ValueError("no key has a NUL, and PostgreSQL takes none")
        key = decode_segment(value)
        if key in {".", ".."}:
            raise ValueError("no key leads to another folder")
        return key

    def to_url(self, value: str) -> str:
        return encode_segment(value)


class SuffixConverter:
    """The suffix of a format, `.json`, without its dot; empty where there is none."""

    regex = r"(?:\.[A-Za-z0-9]{2,8})?"

    def to_python(self, value: str) -> str:
        return value[1:]

    def to_url(self, value: str) -> str:
        return f".{value}" if value else ""


def register_converters() -> None:
    """Make `<key:…>` and `<suffix:…>` known to routes. May be called more than once."""
    for name, converter in (("key", KeyConverter), ("suffix", SuffixConverter)):
        if name not in get_converters():
            register_converter(converter, name)
