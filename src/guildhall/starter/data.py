"""The facts that the starter lists are made from, and where each came from: the files in `data/`."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass
from functools import cache
from importlib import resources

Row = dict[str, str]


@dataclass(frozen=True)
class Source:
    """Where facts came from. `date` (YYYY, YYYY-MM or YYYY-MM-DD) is when they were true or collected."""

    title: str
    address: str
    licence: str
    date: str

    @property
    def citation(self) -> str:
        return f"{self.title}, {self.address}"


def rows(name: str) -> list[Row]:
    """Rows of the file `name`.csv or `name`.csv.gz, without their empty values."""
    reader = csv.DictReader(io.StringIO(_content(name).decode("utf-8"), newline=""))
    return [{column: value for column, value in row.items() if value} for row in reader]


def _content(name: str) -> bytes:
    folder = resources.files("guildhall.starter").joinpath("data")
    plain = folder.joinpath(f"{name}.csv")
    if plain.is_file():
        return plain.read_bytes()
    return gzip.decompress(folder.joinpath(f"{name}.csv.gz").read_bytes())


@cache
def sources() -> dict[str, Source]:
    return {
        row["source"]: Source(row["title"], row["address"], row["licence"], row["source-date"])
        for row in rows("sources")
    }
