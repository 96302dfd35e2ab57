"""Finding documents: the best first, a page at a time; or all that fit, in the order of their arrival."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from guildhall.search import analysis
from guildhall.search.expressions import All, Either, Expression, Without, count, ids
from guildhall.search.models import Document
from guildhall.search.plan import Plan, Reason

# A band of up to so many is put in the order of boost and length; a larger one stays in the order of arrival.
SORTED = 200
# So many are counted; beyond, it is said that there are more.
MOST_COUNTED = 1_000

_CURSOR = re.compile(r"(\d)([sa])(\d{1,18})", re.ASCII)


@dataclass(frozen=True)
class Cursor:
    """Where a page ends: in which band, and after how many of it or after which document."""

    band: int = 0
    skip: int = 0
    after: int = 0

    def __str__(self) -> str:
        return f"{self.band}a{self.after}" if self.after else f"{self.band}s{self.skip}"

    @classmethod
    def read(cls, text: str) -> Cursor | None:
        """From its text; None for what is none."""
        found = _CURSOR.fullmatch(text)
        if found is None:
            return None
        band, place = int(found[1]), int(found[3])
        return cls(band, after=place) if found[2] == "a" else cls(band, skip=place)


@dataclass(frozen=True)
class Hit:
    document: Document
    reason: Reason


@dataclass(frozen=True)
class Found:
    """Some hits, where to go on from (None at the end), and how many there are: at most MOST_COUNTED + 1."""

    hits: list[Hit]
    after: Cursor | None
    total: int

    @property
    def is_more_than_counted(self) -> bool:
        return self.total > MOST_COUNTED


@dataclass(frozen=True)
class Matches:
    """Names of documents in the order of their arrival, and where to go on from: None at the end."""

    found: list[tuple[int, str]]
    after: int | None


def find(plan: Plan, *, kind: str, limit: int, start: Cursor | None = None, without: Sequence[int] = ()) -> Found:
    """The best documents of a kind, at most `limit`; none of some collections."""
    scope: Expression = analysis.KIND + kind
    if without:
        scope = Without(scope, scope_of(without))
    total = count(All((scope, plan.everything)), most=MOST_COUNTED + 1) if plan.words else 0
    if not total:
        return Found([], None, 0)
    picked: list[tuple[int, Reason]] = []
    cursor = start or Cursor()
    while len(picked) < limit and cursor.band < len(plan.bands) and (start or len(picked) < total):
        band = plan.bands[cursor.band]
        numbers, following = _some(All((scope, band.expression)), cursor, limit - len(picked))
        picked += [(number, band.reason) for number in numbers]
        cursor = following or Cursor(cursor.band + 1)
    is_all = start is None and len(picked) == total
    documents = Document.objects.in_bulk([number for number, _ in picked])
    hits = [Hit(documents[number], reason) for number, reason in picked if number in documents]
    return Found(hits, None if is_all else _next(plan, scope, cursor), total)


def matches(
    plan: Plan, collections: Sequence[int], *, limit: int, after: int = 0, with_context: bool = False
) -> Matches:
    """The names of the documents in some collections that fit, at most `limit` of those after a place.

    By their own words, or by those of what they are part of too.
    """
    if not plan.words or not collections:
        return Matches([], None)
    wanted = plan.everything if with_context else plan.in_own_words
    numbers = ids(All((scope_of(collections), wanted)), after=after, limit=limit + 1)
    shown = numbers[:limit]
    rows = Document.objects.filter(pk__in=shown).order_by("pk").values_list("collection", "key")
    return Matches(list(rows), shown[-1] if len(numbers) > limit else None)


def scope_of(collections: Sequence[int]) -> Expression:
    """The documents of these collections; of none, what no document has."""
    if not collections:
        return analysis.COLLECTION
    return Either(tuple(f"{analysis.COLLECTION}{collection}" for collection in collections))


def _next(plan: Plan, scope: Expression, cursor: Cursor) -> Cursor | None:
    """This place in its band, or the beginning of the next band that has something."""
    if cursor.skip or cursor.after:
        return cursor
    for number in range(cursor.band, len(plan.bands)):
        if ids(All((scope, plan.bands[number].expression)), limit=1):
            return Cursor(number)
    return None


def _some(expression: Expression, cursor: Cursor, limit: int) -> tuple[list[int], Cursor | None]:
    """Some documents of a band, and where in it to go on from: None at its end."""
    if not cursor.after:
        few = ids(expression, limit=SORTED + 1)
        if len(few) <= SORTED:
            end = cursor.skip + limit
            return _sorted(few)[cursor.skip : end], Cursor(cursor.band, skip=end) if len(few) > end else None
    numbers = ids(expression, after=cursor.after, limit=limit + 1)
    if len(numbers) <= limit:
        return numbers, None
    return numbers[:limit], Cursor(cursor.band, after=numbers[limit - 1])


def _sorted(numbers: list[int]) -> list[int]:
    if len(numbers) <= 1:
        return numbers
    ordered = Document.objects.filter(pk__in=numbers).order_by("-boost", "length", "pk")
    return list(ordered.values_list("pk", flat=True))
