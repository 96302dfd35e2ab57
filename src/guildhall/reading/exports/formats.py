"""The formats in which a list can be had, beside those of every answer."""

from __future__ import annotations

from guildhall.kit.negotiate import CSV, JSON, Format
from guildhall.registers.exports import WHOLE
from guildhall.registers.exports.geometry import reader
from guildhall.schema.model import Standard

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

XLSX = Format("xlsx", _WORKBOOK, _WORKBOOK)
NDJSON = Format("ndjson", "application/x-ndjson", "application/x-ndjson; charset=utf-8")
PARQUET = Format("parquet", "application/vnd.apache.parquet", "application/vnd.apache.parquet")
SQLITE = Format("sqlite", "application/vnd.sqlite3", "application/vnd.sqlite3")
GEOJSON = Format("geojson", "application/geo+json", "application/geo+json")

ALL = (JSON, CSV, XLSX, NDJSON, PARQUET, SQLITE, GEOJSON)


def of(standard: Standard) -> tuple[Format, ...]:
    """The formats of a list to a standard: a map only where its records have a place."""
    return tuple(known for known in ALL if known is not GEOJSON or reader(standard) is not None)


def is_file(known: Format) -> bool:
    """It is given as a file; the others can be sent as they are written."""
    return known.name in WHOLE
