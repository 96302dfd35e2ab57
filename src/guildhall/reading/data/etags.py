"""What an answer depends on, as an ETag. It is read before the answer, so it is never newer than what it stands for."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest

from guildhall.kit.answers import etag
from guildhall.kit.negotiate import Format
from guildhall.registers.models import FollowerCursor, Register, RegisterHead
from guildhall.registers.queries.columns import file_of
from guildhall.registers.queries.conditions import Question
from guildhall.registers.queries.scopes import Scope
from guildhall.registers.sequencer import latest_position

# What they say shows in the answers about every other list: titles, fields, what was erased or is held.
TOUCHING = ("hall/erasure", "hall/hold", "hall/organisation", "hall/register", "hall/standard")


def of_register(register: Register, request: HttpRequest, chosen: Format, *more: object) -> str:
    """Changes with the list's signed root, and with those of the hall's own lists."""
    heads = RegisterHead.objects.filter(register__path__in=TOUCHING).order_by("register__path")
    roots = [bytes(root).hex() for root in heads.values_list("root", flat=True)]
    return of_roots(register.path, bytes(register.head.root).hex(), roots, request, chosen, *more)


def of_roots(path: str, root: str, roots: Sequence[str], request: HttpRequest, chosen: Format, *more: object) -> str:
    """The same from roots that were read already: the list's, and those of `TOUCHING` in their order."""
    return etag(path, root, chosen.name, _query(request), *roots, *more)


def of_hall(request: HttpRequest, chosen: Format, *more: object) -> str:
    """Changes with every publication, by its position in the order of the whole hall."""
    return etag("hall", latest_position(), chosen.name, _query(request), *more)


def with_followers(tag: str, scope: Scope, question: Question) -> str:
    """The same for a part of a table, which is read as far as followers have come, or from a large list's file."""
    if question.is_plain:
        return tag
    cursors = FollowerCursor.objects.order_by("name").values_list("name", "position", "entry_number")
    return etag(tag, *cursors, file_of(scope))


def _query(request: HttpRequest) -> str:
    return str(request.META.get("QUERY_STRING", ""))
