"""A feed and its entries, whatever they are written as, and the identifiers by which readers know them again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guildhall.registers.models import HallIdentity


@dataclass(frozen=True)
class Item:
    """One piece of news. `path` is where it is told; `name`, which never changes, is what its identifier ends in."""

    name: str
    path: str
    title: str
    text: str
    author: str
    time: int  # seconds since 1970


@dataclass(frozen=True)
class Feed:
    """News, the newest first. `path` is the page that tells the same; `following` the next part, if there is one."""

    path: str
    title: str
    text: str
    items: Sequence[Item]
    following: str = ""


@dataclass(frozen=True)
class Naming:
    """Tag URIs (RFC 4151) under the origin and the day on which the hall was created: neither ever changes."""

    authority: str
    path: str

    @classmethod
    def of_hall(cls) -> Naming:
        origin, created = HallIdentity.objects.values_list("origin", "created").get()
        host, slash, path = origin.partition("/")
        return cls(f"{host},{created.date().isoformat()}", f"{slash}{path}")

    def of(self, name: str) -> str:
        return f"tag:{self.authority}:{self.path}{name}"
