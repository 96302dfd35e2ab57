"""A list as an Excel workbook: a sheet of records with types, and one that says where they come from."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from guildhall.registers.exports import facts, frames, typed
from guildhall.registers.exports.subject import Subject

# What Excel takes: rows of a sheet, letters of a cell, digits of a number; days from March 1900 to the end of 9999.
SHEET_ROWS = 1_048_576
CELL = 32_767
_DIGITS = 10**15
_DAY_NOUGHT = datetime.date(1899, 12, 30)
_FIRST_DAY, _LAST_DAY = 61, 2_958_465
_NARROWEST, _WIDEST = 10, 40

type Write = Callable[[int, int, Any], object]


def write(subject: Subject, path: Path) -> None:
    """Write it row by row: memory does not grow with the list. The same list gives the same bytes."""
    # Nothing in a cell is taken for a formula or an address: values are what they are.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        made = datetime.datetime.fromtimestamp(subject.time, tz=datetime.UTC).replace(tzinfo=None)
        book.set_properties({"title": subject.title, "created": made})
        looks = _Looks(book)
        _Records(book, subject, looks).write()
        _about(book.add_worksheet(_sheet(_("About"))), subject, looks)


class _Looks:
    """How cells are drawn."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.long = book.add_format({"text_wrap": True, "valign": "top"})


class _Records:
    """Writes rows, on further sheets where one is full."""

    def __init__(self, book: xlsxwriter.Workbook, subject: Subject, looks: _Looks) -> None:
        self.book, self.subject, self.looks = book, subject, looks
        self.sheets = 0
        self.select = [_cell(subject, name, kind) for name, kind in typed.schema(subject).items()]

    def write(self) -> None:
        sheet, row = self._sheet(), 1
        writers = self._writers(sheet)
        select = typed.columns(self.subject)
        for frame in frames.text_frames(self.subject):
            for values in frame.select(select).select(self.select).iter_rows():
                if row == SHEET_ROWS:
                    sheet, row = self._sheet(), 1
                    writers = self._writers(sheet)
                for place, value in enumerate(values):
                    if value is not None:
                        writers[place](row, place, value)
                row += 1

    def _sheet(self) -> Worksheet:
        """A sheet with its header, which stays in sight."""
        self.sheets += 1
        name = _("Records") if self.sheets == 1 else f"{_('Records')} {self.sheets}"
        sheet = self.book.add_worksheet(_sheet(name))
        titles = self.subject.columns
        for place, title in enumerate(titles):
            sheet.set_column(place, place, min(max(len(title) + 2, _NARROWEST), _WIDEST))
        for place, title in enumerate(titles):
            sheet.write_string(0, place, title, self.looks.head)
        sheet.freeze_panes(1, 1)
        return sheet

    def _writers(self, sheet: Worksheet) -> list[Write]:
        return [_writer(sheet, kind, self.looks) for kind in typed.schema(self.subject).values()]


def _cell(subject: Subject, name: str, kind: pl.DataType) -> pl.Expr:
    """A column as cells take it: days as Excel counts them, lists joined, texts no longer than a cell."""
    column = pl.col(name)
    if isinstance(kind, pl.List):
        known = next(one for one in subject.fields if subject.column(one) == name)
        return column.cast(pl.List(pl.String)).list.join(known.delimiter).str.slice(0, CELL)
    if kind == pl.Date:
        return (column - _DAY_NOUGHT).dt.total_days()
    if kind == typed.MOMENT:
        return column.dt.replace_time_zone(None)
    return column.str.slice(0, CELL) if kind == pl.String else column


def _writer(sheet: Worksheet, kind: pl.DataType, looks: _Looks) -> Write:
    def day(row: int, place: int, value: int) -> object:
        if _FIRST_DAY <= value <= _LAST_DAY:
            return sheet.write_number(row, place, value, looks.day)
        return sheet.write_string(row, place, str(_DAY_NOUGHT + datetime.timedelta(value)))

    def moment(row: int, place: int, value: datetime.datetime) -> object:
        if value.year > _DAY_NOUGHT.year:
            return sheet.write_datetime(row, place, value, looks.moment)
        return sheet.write_string(row, place, value.isoformat())

    def number(row: int, place: int, value: float) -> object:
        fits = abs(value) < _DIGITS
        return sheet.write_number(row, place, value) if fits else sheet.write_string(row, place, str(value))

    if kind == pl.Date:
        return day
    if kind == typed.MOMENT:
        return moment
    plain: Write = sheet.write_boolean if kind == pl.Boolean else sheet.write_string
    return number if kind.is_numeric() else plain


def _about(sheet: Worksheet, subject: Subject, looks: _Looks) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    for row, (name, value) in enumerate(_told(subject)):
        sheet.write_string(row, 0, name, looks.head)
        sheet.write_string(row, 1, value[:CELL], looks.long)


def _told(subject: Subject) -> Iterator[tuple[str, str]]:
    yield from facts.of(subject).items()
    for known in subject.fields:
        meaning = f"{known.title}. {known.description}" if known.description else known.title
        yield subject.column(known), meaning


def _sheet(name: str) -> str:
    """Excel takes at most 31 letters."""
    return name[:31]
