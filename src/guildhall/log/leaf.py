"""What is hashed for one entry, and for its item."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring

SALT_SIZE = 16
KEY_LENGTH = 256
ITEM_SIZE = 64 * 1024
# A multihash (https://multiformats.io/multihash/): 0x12 is SHA-256, 0x20 its 32 bytes.
_SHA256_PREFIX = "1220"
_MULTIHASH = re.compile(f"{_SHA256_PREFIX}[0-9a-f]{{64}}")


class LeafError(ValueError):
    """Something that is no entry leaf as this log writes them."""


@dataclass(frozen=True)
class EntryLeaf:
    """One entry: `time` in seconds since 1970, `digest` the SHA-256 of salt and item."""

    number: int
    key: str
    time: int
    digest: bytes


def entry_leaf(number: int, key: str, time: int, digest: bytes) -> bytes:
    """Canonical JSON of an entry. A publication may write a million of these."""
    return (
        f'{{"blob-hash":"{_SHA256_PREFIX}{digest.hex()}","entry-number":{number},'
        f'"entry-timestamp":"{format_time(time)}","key":{encode_basestring(key)}}}'
    ).encode()


def parse_leaf(leaf: bytes) -> EntryLeaf:
    """Read a leaf that stands exactly as `entry_leaf` would write it. Raises LeafError for any other."""
    try:
        members = json.loads(leaf.decode())
        number, key = members["entry-number"], members["key"]
        check_key(key)
        entry = EntryLeaf(number, key, parse_time(members["entry-timestamp"]), from_multihash(members["blob-hash"]))
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise LeafError(f"it cannot be read ({error})") from error
    # Written again it must be the same: so it has no other members, spaces or spellings.
    if type(number) is not int or number < 1 or entry_leaf(number, key, entry.time, entry.digest) != leaf:
        raise LeafError("it is not in canonical form")
    return entry


def check_key(key: object) -> None:
    """Raises LeafError unless this is a text of 1 to 256 characters that can stand in an address."""
    if not isinstance(key, str) or not 0 < len(key) <= KEY_LENGTH or key in {".", ".."}:
        raise LeafError("its key is none")


def new_salts(count: int) -> list[bytes]:
    """`count` random salts of 16 bytes, from one call."""
    return list(_cut(os.urandom(SALT_SIZE * count)))


def _cut(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), SALT_SIZE):
        yield data[start : start + SALT_SIZE]


def item_hash(salt: bytes, item: bytes) -> bytes:
    """SHA-256 of the salt and the item's canonical JSON. Without the salt nothing can be guessed from it."""
    return sha256(salt + item).digest()


def multihash(digest: bytes) -> str:
    return _SHA256_PREFIX + digest.hex()


def from_multihash(text: str) -> bytes:
    """Raises ValueError unless it is `1220` and 64 hexadecimal digits in lower case."""
    if not isinstance(text, str) or not _MULTIHASH.fullmatch(text):
        raise ValueError("a hash is written 1220 and 64 hexadecimal digits in lower case")
    return bytes.fromhex(text[len(_SHA256_PREFIX) :])


@lru_cache(maxsize=1024)
def format_time(seconds: int) -> str:
    """Such as `2016-04-05T13:23:05Z`. The entries of a publication share one time, so it is kept."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


@lru_cache(maxsize=1024)
def parse_time(text: str) -> int:
    """Seconds since 1970, from exactly the form that `format_time` writes. Raises ValueError."""
    seconds = int(datetime.fromisoformat(text).timestamp())
    if format_time(seconds) != text:
        raise ValueError("a time is written YYYY-MM-DDThh:mm:ssZ")
    return seconds
