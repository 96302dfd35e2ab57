"""Every address of the hall, asked in every way, and what it answers as text, whatever the format."""

from __future__ import annotations

import io
import itertools
import re
import sqlite3
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from guildhall.log.segments import encode_segment

BROWSER = {"accept": "text/html"}
SUFFIXES = ("", ".json", ".csv", ".ndjson", ".geojson", ".xlsx", ".parquet", ".sqlite", ".bib", ".atom")
_PART = re.compile(r"<(?:\w+:)?(\w+)>")
_ZIP, _PARQUET, _SQLITE = b"PK\x03\x04", b"PAR1", b"SQLite format 3\0"


def routes() -> list[str]:
    """The routes of every address, such as `registers/<slug:organisation>/<slug:name>/proof`."""

    def below(resolver: URLResolver, start: str) -> Iterator[str]:
        for one in resolver.url_patterns:
            route = start + str(one.pattern)
            if isinstance(one, URLPattern):
                yield route
            else:
                yield from below(one, route)

    return list(dict.fromkeys(below(get_resolver(), "")))


def addresses(values: Mapping[str, Sequence[object]]) -> Iterator[str]:
    """Every route with every combination of the values of its parts; each part must have some."""
    for route in routes():
        parts = _PART.findall(route)
        for chosen in itertools.product(*(values[part] for part in parts)):
            found = iter(chosen)
            yield "/" + _PART.sub(lambda _part, found=found: str(next(found)), route).replace("^", "").replace("$", "")


def key(text: str) -> str:
    """A key as addresses have it."""
    return encode_segment(text)


def answer(client: Client, address: str) -> tuple[int, str]:
    """The status, and the whole answer with its headers as text."""
    accepted = BROWSER if "." not in address.partition("?")[0].rpartition("/")[2] else {}
    response = client.get(address, headers=accepted)
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return response.status_code, headers + "\n" + _text(_body(response))


def _body(response: HttpResponseBase) -> bytes:
    if response.streaming:
        return b"".join(response.streaming_content)  # type: ignore[attr-defined]
    return bytes(response.content)  # type: ignore[attr-defined]


def _text(body: bytes) -> str:
    if body.startswith(_ZIP):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return "\n".join(book.read(name).decode() for name in book.namelist())
    if body.startswith(_PARQUET):
        return pl.read_parquet(body).write_ndjson() + str(pl.read_parquet_metadata(io.BytesIO(body)))
    if body.startswith(_SQLITE):
        with TemporaryDirectory() as folder:
            path = Path(folder) / "list.sqlite"
            path.write_bytes(body)
            database = sqlite3.connect(path)
            told = "\n".join(database.iterdump())
            database.close()
        return told + body.decode("latin-1")
    return body.decode("utf-8", errors="replace")
