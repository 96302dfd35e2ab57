"""What a page of a table is asked for, as the subject of a file: its state, conditions, order and columns."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import partial

from django.utils.translation import gettext as _

from guildhall.kit.words import date_words, number
from guildhall.reading.exports import offers
from guildhall.reading.exports.offers import Downloads
from guildhall.reading.state import JoinedState, State
from guildhall.reading.table_words import Words, has_words, in_words, title_of
from guildhall.reading.tables import Table
from guildhall.registers.exports import subject
from guildhall.registers.exports.bounds import too_large
from guildhall.registers.exports.subject import Excerpt, Subject
from guildhall.registers.models import Register
from guildhall.registers.queries.asked import Found
from guildhall.registers.queries.conditions import Question
from guildhall.registers.queries.filters import SMALL, find
from guildhall.registers.queries.scan import Place
from guildhall.registers.queries.scopes import Pair, Scope
from guildhall.registers.queries.time import changed_by

# A large table is read so many records at a time, and a record that is found late is worth waiting for.
_AT_ONCE = 1_000


def is_all(state: State | JoinedState, question: Question) -> bool:
    """Whether nothing less is asked for than all that there is now."""
    return state.is_now and _is_whole(question)


def of_list(state: State, question: Question) -> Subject:
    """A list, or what is asked for of it."""
    if is_all(state, question):
        return subject.of_register(state.register)
    excerpt = Excerpt(
        words=lambda: _in_words(_words_of_list(state), state.scope, question),
        params=(*question.pairs(), *state.cited.items()),
        time=_time(state),
        checkpoint=_checkpoint(state),
        columns=question.columns,
        shows=state.shows if state.in_force_on else None,
        find=_finding(state.scope, question),
    )
    return subject.of_scope(state.scope, excerpt)


def of_lists(state: JoinedState, kept: Sequence[Register], question: Question) -> Subject:
    """All lists to a standard, or what is asked for of them."""
    if is_all(state, question):
        return subject.of_standard(state.standard.name)
    scope = state.scope(kept)
    excerpt = Excerpt(
        words=lambda: _in_words(_words_of_lists(state), scope, question),
        params=(*question.pairs(), *state.cited.items()),
        time=max((one.head.time for one in kept), default=0)
        if state.position is None
        else changed_by(kept, state.position),
        columns=question.columns,
        shows=state.shows if state.in_force_on else None,
        find=_finding(scope, question),
    )
    return subject.of_scope(scope, excerpt)


def offered(known: Subject | None, table: Table, records: int) -> Downloads | None:
    """What the page of a table offers of what it shows; `records` has the state of it. None where it shows all."""
    if known is None or known.excerpt is None:
        return None
    all_are_meant = not table.asking.question.is_narrowed and known.excerpt.shows is None
    return offers.of_excerpt(known, table.asking.query(), records if all_are_meant else table.total)


def found(scope: Scope, question: Question, seconds: float) -> Iterator[Pair]:
    """Every record that is asked for, a bounded number at a time; the first are found before this returns.

    Raises TooLongError; and TooLargeError where looking for them takes more than so many seconds, of which what is done
    with them is no part.
    """
    # What is read through for each page is read once.
    at_once = SMALL if question.words or sum(scope.sizes.values()) <= SMALL else _AT_ONCE
    taken = 0.0

    def page(after: Place | None = None) -> Found:
        nonlocal taken
        if taken > seconds:
            raise too_large(_("To find these records takes longer than such a file may take."))
        started = time.monotonic()
        shown = find(scope, question, limit=at_once, after=after, common=lambda _: [])
        taken += time.monotonic() - started
        return shown

    def on(shown: Found) -> Iterator[Pair]:
        yield from shown.rows
        while (place := shown.after or shown.stopped) is not None:
            shown = page(place)
            yield from shown.rows

    return on(page())


def _is_whole(question: Question) -> bool:
    return question.is_plain and not question.descending and not question.columns


def _finding(scope: Scope, question: Question) -> partial[Iterator[Pair]] | None:
    """How the records are found; None where all are meant, in the order of their keys."""
    if question.is_plain and not question.descending:
        return None
    return partial(found, scope, question)


def _time(state: State) -> int:
    if not state.is_past:
        return state.register.head.time
    return state.published.time if state.published else 0


def _checkpoint(state: State) -> str:
    """What was signed for this very state; nothing for half of a publication."""
    if not state.is_past:
        return str(state.register.head.checkpoint)
    published = state.published
    return published.checkpoint if published and published.last_entry == state.size else ""


def _words_of_list(state: State) -> list[str]:
    if state.recorded_on:
        told = [_("As it was recorded here by the end of %(day)s") % {"day": date_words(state.recorded_on)}]
    else:
        told = [] if state.at is None else [_("As it was after %(number)s changes") % {"number": number(state.size)}]
    return told + _words_in_force(state)


def _words_of_lists(state: JoinedState) -> list[str]:
    if state.recorded_on:
        told = [_("As they were recorded here by the end of %(day)s") % {"day": date_words(state.recorded_on)}]
    elif state.position is not None:
        told = [_("As they were after publication %(number)s of this hall") % {"number": number(state.position)}]
    else:
        told = []
    return told + _words_in_force(state)


def _words_in_force(state: State | JoinedState) -> list[str]:
    return [_("In force on %(date)s") % {"date": date_words(state.in_force_on)}] if state.in_force_on else []


def _in_words(told: list[str], scope: Scope, question: Question) -> str:
    """State, conditions, order and columns, with semicolons between."""
    words = Words(scope, [(one.column, value) for one in question.conditions for value in one.values])
    told = told + ([has_words(question.words)] if question.words else [])
    told += [in_words(scope, one, words) for one in question.conditions]
    if question.sort:
        told.append(_("Sorted by %(column)s") % {"column": title_of(scope, question.sort)})
    if question.descending:
        told.append(_("The last first"))
    if question.columns:
        told.append(_("Only these columns: %(names)s") % {"names": ", ".join(question.columns)})
    return "; ".join(told)
