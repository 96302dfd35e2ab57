"""The follower of item hashes: the first bytes of each, in the order of entries, to find the entry that has an item.

An index on the hash itself would cost twice as much as all else that a publication writes: hashes are random, so each
transaction would touch nearly every page of it. Four bytes an entry, read through, answer in milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterator

from guildhall.registers.hiding.states import Hidden
from guildhall.registers.models import Entry, HashRun, Register
from guildhall.schema.model import Standard

NAME = "hashes"
_PREFIX = 4


def apply(register: Register, entries: list[Entry], _hidden: Hidden) -> None:
    if entries:
        prefixes = b"".join(bytes(entry.item_hash)[:_PREFIX] for entry in entries)
        HashRun.objects.update_or_create(register=register, first=entries[0].number, defaults={"prefixes": prefixes})


def heed(_register: Register, _entries: list[Entry], _hidden: Hidden, _size: int) -> None:
    """A salted hash tells nothing of values: it stands in the log for ever."""


def shape(_standard: Standard) -> object:
    """A hash does not depend on the standard."""
    return None


def candidates(register: Register, digest: bytes) -> Iterator[int]:
    """The numbers of the entries whose item may have this hash, in their order; nearly always one or none."""
    prefix = digest[:_PREFIX]
    runs = HashRun.objects.filter(register=register).order_by("first")
    for first, stored in runs.values_list("first", "prefixes").iterator():
        prefixes = bytes(stored)
        place = prefixes.find(prefix)
        while place >= 0:
            if place % _PREFIX == 0:
                yield first + place // _PREFIX
            place = prefixes.find(prefix, place + 1)


def clear() -> None:
    HashRun.objects.all().delete()
