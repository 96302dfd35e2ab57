"""Exactly what a page's table shows, whole: its filters, order and columns, as CSV, JSON or NDJSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from guildhall.kit.answers import OPEN, as_download, csv_stream, json_stream, revalidated
from guildhall.kit.exceptions import NotAcceptableError
from guildhall.kit.negotiate import CSV, JSON, Format
from guildhall.reading.asking import asking_of
from guildhall.reading.data import tables
from guildhall.reading.exports import formats
from guildhall.registers.queries.conditions import Question
from guildhall.registers.queries.filters import SMALL, find
from guildhall.registers.queries.scopes import Pair, Scope

# A large table is read so many records at a time, and a record that is found late is worth waiting for.
_AT_ONCE = 1_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def filtered(request: HttpRequest, chosen: Format, scope: Scope, stem: str, tag: str) -> HttpResponseBase | None:
    """The answer; None where the whole table is asked for as it is. Raises FilterError, NotAcceptableError."""
    question = asking_of(request, scope, "", {}).question
    if question.is_plain and not question.descending and not question.columns:
        return None
    if chosen not in {CSV, JSON, formats.NDJSON}:
        raise NotAcceptableError(
            _("A part of a list can be had as CSV, JSON or NDJSON only."),
            _("Ask for one of these, or leave out filters, order and columns."),
        )

    def make() -> HttpResponseBase:
        rows = pairs(scope, question)
        return as_download(_answer(request, chosen, scope, question, rows), f"{stem}-part.{chosen.name}")

    return revalidated(request, tag, make)


def pairs(scope: Scope, question: Question) -> Iterator[Pair]:
    """Every record that is asked for, a bounded number at a time; the first are found before this returns."""
    small = sum(scope.sizes.values()) <= SMALL
    first = find(scope, question, limit=SMALL if small else _AT_ONCE)

    def on() -> Iterator[Pair]:
        page = first
        while True:
            yield from page.rows
            place = page.after or page.stopped
            if place is None:
                return
            page = find(scope, question, limit=_AT_ONCE, after=place)

    return on()


def columns(scope: Scope, question: Question) -> list[str]:
    """Those that were chosen, else all, in the order of the downloads: the key's first."""
    if question.columns:
        return list(question.columns)
    own = [scope.column_of(known.name) for known in tables.in_order(scope.standard)]
    return [column for column in scope.columns if scope.own_name(column) is None] + own


def _answer(
    request: HttpRequest, chosen: Format, scope: Scope, question: Question, rows: Iterable[Pair]
) -> HttpResponseBase:
    shown = columns(scope, question)
    if chosen is CSV:
        for_excel = request.GET.get("for") == "excel"
        lines = ([_cell(scope, pair, column, for_excel=for_excel) for column in shown] for pair in rows)
        response = csv_stream(shown, lines)
        if for_excel:
            response.streaming_content = _marked(response.streaming_content)  # type: ignore[arg-type]
        return response
    objects = ({column: told for column in shown if (told := _told(scope, pair, column))} for pair in rows)
    if chosen is JSON:
        return json_stream(objects)
    lines_of = ((json.dumps(one, ensure_ascii=False) + "\n").encode() for one in objects)
    return StreamingHttpResponse(lines_of, content_type=formats.NDJSON.content_type, headers=OPEN)


def _told(scope: Scope, pair: Pair, column: str) -> str | list[str]:
    texts = scope.texts(*pair, column)
    return texts if scope.columns[column].is_list else "".join(texts)


def _cell(scope: Scope, pair: Pair, column: str, *, for_excel: bool) -> str:
    known = scope.columns[column]
    text = known.delimiter.join(scope.texts(*pair, column))
    # A spreadsheet runs what begins so; an apostrophe takes its force. The plain form has every value as it is.
    if for_excel and text.startswith(_FORMULA) and known.type not in {"integer", "number"}:
        return f"'{text}"
    return text


def _marked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf"
    yield from pieces
