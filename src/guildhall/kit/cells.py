"""The rows of a table as HTML, put together here and not in a template: a page of a list has hundreds of cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from guildhall.kit.values import drawn, is_empty
from guildhall.kit.words import date_words, number

type Column = str | Mapping[str, object]


def table_rows(columns: Sequence[Column], rows: Iterable[Sequence[object]], *, header_column: bool = True) -> Markup:
    """Draw rows of cells, each cell as anything that `render_value` takes, by the `kind` of its column.

    `header_column` says that the first cell of a row names it.
    """
    kinds = [str(column.get("kind") or "") if isinstance(column, Mapping) else "" for column in columns]
    starts = [_start(kind, is_header=header_column and place == 0) for place, kind in enumerate(kinds)]
    ends = ["</th>" if header_column and place == 0 else "</td>" for place in range(len(kinds))]
    none = f'<span class="gh-quiet" aria-label="{escape(_("none"))}">&ndash;</span>'
    lines: list[str] = []
    for row in rows:
        lines.append('<tr class="govuk-table__row">')
        for cell, kind, start, end in zip(row, kinds, starts, ends, strict=False):  # a row may be shorter
            lines += (start, none if is_empty(cell) else _cell(cell, kind), end)
        lines.append("</tr>\n")
    return Markup("".join(lines))  # noqa: S704 - each of its parts was escaped


def _start(kind: str, *, is_header: bool) -> str:
    names = ("govuk-table__header" if is_header else "govuk-table__cell") + (f" gh-table__cell--{kind}" if kind else "")
    return f'<{"th scope=row" if is_header else "td"} class="{escape(names)}">'


def _cell(cell: object, kind: str) -> str:
    if kind == "number" and isinstance(cell, int | float):
        return escape(number(cell))
    if kind == "date" and isinstance(cell, str):
        return escape(date_words(cell))
    return drawn(cell, short=True)
