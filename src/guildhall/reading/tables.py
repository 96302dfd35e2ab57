"""A table as its page shows it: columns to sort by, filters as tags, counts as links, and words for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.utils.translation import gettext as _

from guildhall.kit.words import number, plural
from guildhall.reading import addresses
from guildhall.reading.asking import OF_PAGES, Asking, asking_of, from_form
from guildhall.reading.cells import Cell, Row, rows
from guildhall.reading.drawn import in_state
from guildhall.reading.table_words import OPERATORS, Words, has_words, in_words, title_of
from guildhall.registers.models import Register
from guildhall.registers.queries.asked import Found
from guildhall.registers.queries.facets import Facet, facets_kept
from guildhall.registers.queries.filters import find, sortable
from guildhall.registers.queries.scopes import Scope
from guildhall.registers.queries.text import Wording
from guildhall.schema.model import Field

PAGE = 50
# More columns than this cannot be read side by side; a reader may choose others.
COLUMNS = 7
# How fresh a record is and who stands for it are beside what it says, in every table of several lists.
_OF_LISTS = ("source-date", "kept-by")


@dataclass(frozen=True)
class Tag:
    """A condition in words, and the address without it."""

    text: str
    url: str


@dataclass(frozen=True)
class Count:
    """A value and how many records have it: `url` asks for them; it is empty where they are what is shown."""

    text: str
    count: int
    url: str


@dataclass(frozen=True)
class Counts:
    title: str
    values: list[Count]
    more: bool


@dataclass(frozen=True)
class Table:
    """Everything that the page of a table draws."""

    asking: Asking
    columns: list[dict[str, object]]
    lines: list[list[object]]
    tags: list[Tag]
    counts: list[Counts]
    summary: str
    total: int | None  # of the records that are asked for; None where they were not counted
    notes: list[str]
    before: str
    after: str
    onwards: str  # the address that goes on looking where it was stopped
    fields: list[tuple[str, str]]
    choices: list[tuple[str, str, bool]]  # each column with its title and whether it is shown

    @property
    def is_whole(self) -> bool:
        return self.asking.question.is_plain

    @property
    def words(self) -> str:
        """The words that are looked for, empty if none are."""
        return self.asking.question.words

    @property
    def operators(self) -> Sequence[tuple[str, object]]:
        return OPERATORS

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the page's forms carry on: all that is asked already."""
        return [*self.asking.question.pairs(), *self.asking.kept.items()]


def asked_for(request: HttpRequest, scope: Scope, here: str, kept: Mapping[str, str]) -> Table | str:
    """The table that is asked for, or the address that its form asks for. Raises FilterError, TooLongError."""
    asking = asking_of(request, scope, here, kept, OF_PAGES)
    elsewhere = from_form(request, asking)
    if elsewhere is not None:
        return elsewhere
    found = find(scope, asking.question, limit=PAGE, after=asking.after, before=asking.before, common=_common)
    return table_of(scope, asking, found)


def _common(scope: Scope) -> list[Facet]:
    """Counted once for a state of the hall, since it is counted over all lists of the table."""
    return in_state((scope.standard.name, scope.is_joined, *scope.sizes.items()), lambda: facets_kept(scope))


def table_of(scope: Scope, asking: Asking, found: Found) -> Table:
    shown = _shown(scope, asking)
    names = {name for column in shown if (name := scope.own_name(column)) is not None}
    return Table(
        asking=asking,
        columns=_headings(scope, asking, shown),
        lines=[_line(scope, row, shown) for row in rows(scope.standard, found.rows, names)],
        tags=_tags(scope, asking),
        counts=_counts(scope, asking, found),
        summary=_summary(scope, asking, found),
        total=found.total,
        notes=_notes(found),
        before=asking.page(before=found.before),
        after=asking.page(after=found.after),
        onwards=asking.page(after=found.stopped),
        fields=[(column, title_of(scope, column)) for column in scope.columns],
        choices=[(column, title_of(scope, column), column in shown) for column in scope.columns],
    )


def _shown(scope: Scope, asking: Asking) -> list[str]:
    if asking.question.columns:
        return list(asking.question.columns)
    standard = scope.standard
    told = {standard.title_field}
    if scope.is_joined and standard.title_field:
        # A short name means something within its own list: among others the record's title stands for it.
        told |= set(standard.key)
    own = [
        column
        for column, known in scope.columns.items()
        if scope.own_name(column) is not None and known.format != "text" and known.name not in told
    ]
    return [*own[: COLUMNS - len(_OF_LISTS)], *_OF_LISTS] if scope.is_joined else own[:COLUMNS]


def _headings(scope: Scope, asking: Asking, shown: list[str]) -> list[dict[str, object]]:
    title = scope.column_of(scope.standard.title_field or scope.standard.key[0])
    first = [(title, _("Record"))]
    if scope.is_joined:
        first.insert(0, ("organisation-name", _("Organisation")))
    told = first + [(column, title_of(scope, column)) for column in shown]
    by = set(sortable(scope))
    return [
        {"title": title, "kind": _kind(scope.columns[column])} | (_order(scope, asking, column) if column in by else {})
        for column, title in told
    ]


def _order(scope: Scope, asking: Asking, column: str) -> dict[str, object]:
    """Where a column's heading leads, and how the table is sorted by it now."""
    question = asking.question
    is_sorted = question.sort == column or (not question.sort and question.descending and _is_key(scope, column))
    down = is_sorted and not question.descending
    return {
        "url": asking.url(question.sorted_by(column, descending=down)),
        "sorted": ("descending" if question.descending else "ascending") if is_sorted else "",
    }


def _kind(known: Field) -> str:
    if known.type in {"integer", "number"}:
        return "number"
    return "date" if known.type == "date" else "text"


def _is_key(scope: Scope, column: str) -> bool:
    return not scope.is_joined and scope.standard.key == (column,)


def _line(scope: Scope, row: Row, shown: list[str]) -> list[object]:
    first: list[object] = [{"text": row.title, "url": row.url}]
    if scope.is_joined:
        first.insert(0, _organisation(row.register))
    return first + [_cell(scope, row, column) for column in shown]


def _organisation(register: Register) -> Cell:
    return Cell(register.organisation.name, addresses.organisation(register.organisation))


def _cell(scope: Scope, row: Row, column: str) -> object:
    own = scope.own_name(column)
    if own is not None:
        return row.cells[own]
    register = row.register
    if column == "kept-by":
        return _("Unofficial copy") if register.is_unofficial_copy else register.keeper.name
    if column in {"organisation", "organisation-name"}:
        return _organisation(register)
    if column == "register":
        return Cell(register.path, addresses.register(register.path))
    texts = scope.texts(register, row.record, column)
    return [Cell(text, is_date=column == "source-date") for text in texts]


def _tags(scope: Scope, asking: Asking) -> list[Tag]:
    words = Words(scope, [(one.column, value) for one in asking.question.conditions for value in one.values])
    question = asking.question
    tags = [Tag(in_words(scope, one, words), asking.url(question.without(one))) for one in question.conditions]
    if question.words:
        tags.insert(0, Tag(has_words(question.words), asking.url(replace(question, words=""))))
    return tags


def _counts(scope: Scope, asking: Asking, found: Found) -> list[Counts]:
    words = Words(scope, [(facet.column, value) for facet in found.facets for value, _count in facet.values])
    active = {(one.column, one.values) for one in asking.question.conditions if one.operator == "is"}
    return [
        Counts(
            title_of(scope, facet.column),
            [
                Count(
                    words.text(facet.column, value),
                    count,
                    ""
                    if (facet.column, (value,)) in active
                    else asking.url(asking.question.with_value(facet.column, facet.field, value)),
                )
                for value, count in facet.values
            ],
            facet.more,
        )
        for facet in found.facets
    ]


def _summary(scope: Scope, asking: Asking, found: Found) -> str:
    if not asking.question.is_narrowed and scope.shows is None:
        return ""
    if found.total is not None:
        records = plural(found.total, "%(number)s record", "%(number)s records")
        return _("%(records)s of %(all)s") % {"records": records, "all": number(scope.records)}
    if found.stopped is not None:
        return _("%(number)s found so far") % {"number": number(len(found.rows))}
    return _("More than can be counted at once, of %(all)s records") % {"all": number(scope.records)}


def _notes(found: Found) -> list[str]:
    notes = []
    if found.behind:
        notes.append(
            plural(
                found.behind,
                "The latest %(number)s change is not in this table yet. It will be in a few moments.",
                "The latest %(number)s changes are not in this table yet. They will be in a few moments.",
            )
        )
    return [*notes, *(_notes_on_words(found.wording) if found.wording else [])]


def _notes_on_words(wording: Wording) -> list[str]:
    """What became of the words that were looked for, where it is not plain."""
    if not wording.has_words:
        return [_("There are no letters or digits to look for.")]
    notes = [
        _("No record has “%(word)s”. Instead these were looked for: %(instead)s.")
        % {"word": word, "instead": ", ".join(instead)}
        for word, instead in wording.instead.items()
        if instead
    ]
    if wording.missing:
        left_out = ", ".join(f"“{word}”" for word in wording.missing)
        notes.append(_("No record has all of the words, so these were left out: %(words)s.") % {"words": left_out})
    return notes
