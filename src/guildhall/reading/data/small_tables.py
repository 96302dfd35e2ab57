"""Short tables, whole, in the form that every index has: councils, products, suppliers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpResponse

from guildhall.kit.answers import csv_answer, json_answer
from guildhall.kit.negotiate import CSV, Format

type Row = dict[str, object]


def table_answer(chosen: Format, columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> HttpResponse:
    if chosen is CSV:
        return csv_answer(columns, (as_cells(row, columns) for row in rows))
    return json_answer({"total": len(rows), "results": list(rows), "next": None})


def as_cells(row: Mapping[str, object], columns: Sequence[str]) -> list[object]:
    """For CSV: what is not known is an empty cell, never 0."""
    return ["" if row[name] is None else _cell(row[name]) for name in columns]


def _cell(value: object) -> object:
    return ";".join(str(one) for one in value) if isinstance(value, list | tuple) else value
