"""A list as an Excel workbook: a sheet of records with types, one that says where they come from, one of columns."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, cast

import polars as pl
import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from guildhall.kit.words import plural
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
        records = _Records(book, subject, looks)
        records.write()
        _about(book.add_worksheet(_sheet(_("About"))), _told(subject, records), looks)
        _about(book.add_worksheet(_sheet(_("Columns"))), _meanings(subject), looks)


class _Looks:
    """How cells are drawn."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.long = book.add_format({"text_wrap": True, "valign": "top"})


class _Records:
    """Writes rows, on further sheets where one is full, and counts them, the sheets, and the texts that were cut."""

    def __init__(self, book: xlsxwriter.Workbook, subject: Subject, looks: _Looks) -> None:
        self.book, self.subject, self.looks = book, subject, looks
        self.kinds = typed.schema(subject)
        self.count = self.sheets = self.cut = 0

    def write(self) -> None:
        sheet, row = self._sheet(), 1
        writers = self._writers(sheet)
        select = typed.columns(self.subject)
        cells = [_cell(self.subject, name, kind) for name, kind in self.kinds.items()]
        for frame in frames.text_frames(self.subject):
            for values in frame.select(select).select(cells).iter_rows():
                if row == SHEET_ROWS:
                    sheet, row = self._sheet(), 1
                    writers = self._writers(sheet)
                for place, value in enumerate(values):
                    if value is not None:
                        writers[place](row, place, value)
                row += 1
            self.count += frame.height

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
        # Keys such as 007 are texts, and no mistake.
        sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(len(titles) - 1)}{SHEET_ROWS}"})
        return sheet

    def _writers(self, sheet: Worksheet) -> list[Write]:
        def text(row: int, place: int, value: str) -> object:
            fitted = _fitted(value)
            self.cut += len(fitted) < len(value)
            return sheet.write_string(row, place, fitted)

        return [_writer(sheet, kind, self.looks) or text for kind in self.kinds.values()]


def _fitted(text: str) -> str:
    """As much of it as a cell takes, in the units in which Excel counts: some letters are two of them."""
    if len(text) <= CELL // 2:
        return text
    return text.encode("utf-16-le")[: 2 * CELL].decode("utf-16-le", "ignore")


def _cell(subject: Subject, name: str, kind: pl.DataType) -> pl.Expr:
    """A column as cells take it: days as Excel counts them, lists joined."""
    column, known = pl.col(name), subject.table[name]
    if known is not None and isinstance(kind, pl.List):
        return column.cast(pl.List(pl.String)).list.join(known.delimiter)
    if kind == pl.Date:
        return (column - _DAY_NOUGHT).dt.total_days()
    return column.dt.replace_time_zone(None) if kind == typed.MOMENT else column


def _writer(sheet: Worksheet, kind: pl.DataType, looks: _Looks) -> Write | None:
    """How values of a kind are written; None for texts."""

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
    if kind == pl.Boolean:
        return cast("Write", sheet.write_boolean)
    return number if kind.is_numeric() else None


def _about(sheet: Worksheet, told: Iterable[tuple[str, str]], looks: _Looks) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    for row, (name, value) in enumerate(told):
        sheet.write_string(row, 0, name, looks.head)
        sheet.write_string(row, 1, _fitted(value), looks.long)


def _told(subject: Subject, records: _Records) -> Iterator[tuple[str, str]]:
    yield from facts.of(subject, records.count).items()
    if records.sheets > 1:
        yield (
            "sheets",
            _("A sheet was not long enough: the records go on, on %(number)s sheets.") % {"number": records.sheets},
        )
    if records.cut:
        yield (
            "cut",
            plural(
                records.cut,
                "%(number)s value is longer than the 32,767 characters of a cell and ends there. CSV has it whole.",
                "%(number)s values are longer than the 32,767 characters of a cell and end there. CSV has them whole.",
            ),
        )


def _meanings(subject: Subject) -> Iterator[tuple[str, str]]:
    for known in subject.fields:
        meaning = f"{known.title}. {known.description}" if known.description else known.title
        yield subject.column(known), meaning


def _sheet(name: str) -> str:
    """Excel takes at most 31 letters."""
    return name[:31]
