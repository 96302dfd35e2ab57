"""The ONS Postcode Directory's CSV: its columns by their old names and by the new, which carry a year, and its rows.

The directory gives `99.999999` for a latitude that nobody knows, and codes ending in 99999999 where there is no county.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from guildhall.kit.exceptions import GuildhallError
from guildhall.reading.postcodes.words import whole_postcode

# postcode, council, county, latitude, longitude, has ended
type Row = tuple[str, str, str, float | None, float | None, bool]

_COLUMNS = {
    "postcode": r"pcds|pcd2|pcd8|pcd7|pcd|postcode",
    "council": r"oslaua|laua|lad\d{2}cd|ladcd",
    "county": r"oscty|cty|cty\d{2}cd|ctycd",
    "latitude": r"lat|latitude",
    "longitude": r"long|lon|lng|longitude",
    "ended": r"doterm",
}
_NEEDED = ("postcode", "council")
_COUNCIL = re.compile(r"[ENSW][0-9]{8}")
_NOWHERE, _NO_COUNTY = 90.0, "99999999"
# A file in which more rows than one in so many make no sense is not what it should be.
_ONE_BAD_IN = 20
_ZIP = b"PK\x03\x04"


class PostcodesRefusedError(GuildhallError):
    """A file of postcodes is not what it should be."""

    status = 400
    title = "These postcodes cannot be loaded"


@dataclass
class Reading:
    """What was read so far: bytes of the file, rows that are kept, those outside the country, and those in error."""

    path: Path
    size: int
    position: int = 0
    kept: int = 0
    elsewhere: int = 0
    bad: int = 0
    first_bad: str = ""

    def rows(self) -> Iterator[Row]:
        """The rows, one by one. Raises PostcodesRefusedError."""
        with self.path.open("rb") as stream:
            lines = csv.reader(self._lines(stream))
            try:
                header = next(lines, [])
                places = _places(self.path.name, header)
                for cells in lines:
                    row = _row(cells, places) if cells else None
                    if row is not None:
                        self.kept += 1
                        yield row
                    elif cells:
                        self._left_out(cells, places, lines.line_num)
            except csv.Error as error:
                raise self._refused(f"line {lines.line_num} is no CSV ({error}).") from error
        self._check()

    def _lines(self, stream: BinaryIO) -> Iterator[str]:
        for number, line in enumerate(stream):
            if number == 0 and line.startswith(_ZIP):
                raise PostcodesRefusedError(
                    f"{self.path.name} is a ZIP file.", "Unpack it and give the CSV file in its folder Data."
                )
            self.position += len(line)
            try:
                yield line.decode("utf-8-sig" if number == 0 else "utf-8")
            except UnicodeDecodeError as error:
                raise self._refused(f"line {number + 1} is not UTF-8 text.") from error

    def _left_out(self, cells: Sequence[str], places: dict[str, int], line: int) -> None:
        code = _cell(cells, places, "council")
        if whole_postcode(_cell(cells, places, "postcode")) and (not code or code[0] in "LM" or code.endswith("9" * 8)):
            self.elsewhere += 1  # the Channel Islands, the Isle of Man, or nowhere any more
            return
        self.bad += 1
        self.first_bad = self.first_bad or f"line {line}: {','.join(cells)[:80]}"

    def _check(self) -> None:
        if not self.kept:
            raise self._refused(f"it has no postcodes that can be used{self._such_as()}.")
        if self.bad * _ONE_BAD_IN > self.kept:
            raise self._refused(f"{self.bad:,} of its rows make no sense{self._such_as()}.")

    def _such_as(self) -> str:
        return f", such as {self.first_bad}" if self.first_bad else ""

    def _refused(self, problem: str) -> PostcodesRefusedError:
        return PostcodesRefusedError(
            f"{self.path.name} was not loaded: {problem}",
            "Give the CSV file of the ONS Postcode Directory. The postcodes that were there before are still in use.",
        )


def open_file(path: Path) -> Reading:
    return Reading(path, path.stat().st_size)


def _places(name: str, header: Sequence[str]) -> dict[str, int]:
    """Where each column stands. Raises PostcodesRefusedError, which names what is missing."""
    names = [cell.strip().lower() for cell in header]
    places: dict[str, int] = {}
    for column, pattern in _COLUMNS.items():
        # In the order of the pattern: the form with one space is the best.
        for one in pattern.split("|"):
            place = next((number for number, known in enumerate(names) if re.fullmatch(one, known)), None)
            if place is not None:
                places[column] = place
                break
    missing = [column for column in _NEEDED if column not in places]
    if missing:
        wanted = " and ".join(f"{column} ({_COLUMNS[column].split('|')[0]})" for column in missing)
        raise PostcodesRefusedError(
            f"{name} has no column for the {wanted}. Its columns are: {', '.join(names[:12])[:200] or 'none'}.",
            "Give the CSV file of the ONS Postcode Directory, with its header row.",
        )
    return places


def _row(cells: Sequence[str], places: dict[str, int]) -> Row | None:
    """None if the row names no postcode or no council of the United Kingdom."""
    postcode = whole_postcode(_cell(cells, places, "postcode"))
    council = _cell(cells, places, "council")
    if postcode is None or not _COUNCIL.fullmatch(council) or council.endswith(_NO_COUNTY):
        return None
    county = _cell(cells, places, "county")
    if not _COUNCIL.fullmatch(county) or county.endswith(_NO_COUNTY):
        county = ""
    latitude, longitude = _degrees(cells, places, "latitude"), _degrees(cells, places, "longitude")
    if latitude is None or longitude is None or latitude > _NOWHERE:
        latitude = longitude = None
    return postcode, council, county, latitude, longitude, bool(_cell(cells, places, "ended"))


def _cell(cells: Sequence[str], places: dict[str, int], column: str) -> str:
    place = places.get(column, -1)
    return cells[place].strip() if 0 <= place < len(cells) else ""


def _degrees(cells: Sequence[str], places: dict[str, int], column: str) -> float | None:
    try:
        return float(_cell(cells, places, column))
    except ValueError:
        return None
