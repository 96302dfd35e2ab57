"""What a page of a table is asked for in its address, and addresses that ask for something else.

A place to page on from is written as one word: its value in the order, its list's path and its key, as JSON in base64.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from guildhall.kit.exceptions import BadRequestError
from guildhall.registers.queries.conditions import Question, written
from guildhall.registers.queries.parameters import read
from guildhall.registers.queries.scan import Place
from guildhall.registers.queries.scopes import Scope
from guildhall.schema import order

AFTER, BEFORE = "_after", "_before"
# What a page takes besides what is asked of its table: a place, and what its forms send.
OF_PAGES = frozenset((AFTER, BEFORE, "_field", "_operator", "_value", "_column"))
# A value, a path and a key, each as long as it may be and escaped.
_MOST_CURSOR = 8_000


@dataclass(frozen=True)
class Asking:
    """A question about a table at an address. `kept` are the parameters of its state, which all links carry on."""

    here: str
    question: Question
    kept: Mapping[str, str]
    after: Place | None = None
    before: Place | None = None

    def url(self, question: Question | None = None) -> str:
        """The address of another question about the same table, from its first page."""
        return self.here + self.query(question)

    def query(self, question: Question | None = None, *more: tuple[str, str]) -> str:
        """The same, from the question mark on."""
        asked = self.question if question is None else question
        pairs = [*asked.pairs(), *self.kept.items(), *more]
        return f"?{urlencode(pairs, safe=',:/', quote_via=quote)}" if pairs else ""

    def page(self, *, after: Place | None = None, before: Place | None = None) -> str:
        """The address of another page of the same answer; empty where there is none."""
        if after is not None:
            return self.here + self.query(None, (AFTER, encode_place(after)))
        return self.here + self.query(None, (BEFORE, encode_place(before))) if before is not None else ""


def asking_of(
    request: HttpRequest, scope: Scope, here: str, kept: Mapping[str, str], own: AbstractSet[str] = frozenset()
) -> Asking:
    """`own` are the parameters that the address takes besides. Raises FilterError, BadRequestError."""
    pairs = [(name, value) for name, values in request.GET.lists() for value in values]
    asked = read(pairs, scope.columns, own)
    after, before = (_place(request, name, asked, scope) for name in (AFTER, BEFORE))
    if after is not None and before is not None:
        raise _no_place()
    return Asking(here, asked, kept, after, before)


def from_form(request: HttpRequest, asking: Asking) -> str | None:
    """The address that a form asks for, plain enough to send on; None where no form was sent.

    A form adds one condition (`_field`, `_operator`, `_value`) or chooses the columns (`_column`, several).
    """
    given = request.GET
    if "_column" in given:
        return asking.url(replace(asking.question, columns=tuple(given.getlist("_column"))))
    if "_field" not in given:
        return None
    operator, value = given.get("_operator", "is"), given.get("_value", "").strip()
    if operator in {"empty", "filled"}:
        operator, value = "empty", "yes" if operator == "empty" else "no"
    pairs = asking.question.pairs()
    if given["_field"] and value:
        pairs.append((written(given["_field"], operator), value))
    query = urlencode([*pairs, *asking.kept.items()], safe=",:/", quote_via=quote)
    return f"{asking.here}?{query}" if query else asking.here


def encode_place(place: Place) -> str:
    told = json.dumps([place.value, place.path, place.key], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def decode_place(text: str) -> Place | None:
    """None for what is no place."""
    try:
        value, path, key = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        value = float(value) if isinstance(value, int) and not isinstance(value, bool) else value
        f"{value}{path}{key}".encode()  # half of a surrogate pair cannot stand in any key
    except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError):
        return None
    is_value = value is None or isinstance(value, str) or (isinstance(value, float) and math.isfinite(value))
    if not (is_value and isinstance(path, str) and isinstance(key, str)) or "\0" in f"{value}{path}{key}":
        return None
    return Place(value, path, key)


def _fits(place: Place, asked: Question, scope: Scope) -> bool:
    """Whether its value is of the kind that the order is made of: a link may be kept while the order is changed."""
    if place.value is None:
        return True
    kind = float if asked.sort and order.is_ordered(scope.columns[asked.sort]) else str
    return bool(asked.sort) and isinstance(place.value, kind)


def _place(request: HttpRequest, name: str, asked: Question, scope: Scope) -> Place | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    place = decode_place(text) if len(text) <= _MOST_CURSOR else None
    if place is None or not _fits(place, asked, scope):
        raise _no_place()
    return place


def _no_place() -> BadRequestError:
    return BadRequestError(
        _("There is no page at this place."),
        _("Follow the links from page to page, or start again at the first page."),
    )


__all__ = ["AFTER", "BEFORE", "Asking", "asking_of", "decode_place", "encode_place", "from_form"]
