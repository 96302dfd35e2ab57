"""Answers for programs: JSON and CSV, whole or as a stream, open to every site, with an ETag to ask again by."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.encoding import escape_uri_path

from guildhall.kit.negotiate import CSV, JSON

# A stream goes out in pieces of about so many bytes.
_PIECE = 64 * 1024
OPEN = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Link, ETag, Content-Disposition"}


def etag(*parts: object) -> str:
    """A strong ETag of what an answer depends on. Another release of the program may say the same otherwise."""
    told = "\0".join([_release(), *(str(part) for part in parts)])
    return f'"{sha256(told.encode()).hexdigest()[:32]}"'


def revalidated(request: HttpRequest, tag: str, make: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """What `make()` answers, or 304 without making it if whoever asks has it already."""
    response = get_conditional_response(request, etag=tag) or make()
    for name, value in (OPEN | {"ETag": tag, "Cache-Control": "no-cache"}).items():
        response.headers[name] = value
    return response


def json_answer(data: Any) -> HttpResponse:
    return HttpResponse(json.dumps(data, ensure_ascii=False), content_type=JSON.content_type, headers=OPEN)


def csv_answer(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    return HttpResponse(csv_pieces(columns, rows), content_type=CSV.content_type, headers=OPEN)


def csv_stream(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    return StreamingHttpResponse(csv_pieces(columns, rows), content_type=CSV.content_type, headers=OPEN)


def json_stream(rows: Iterable[Any]) -> StreamingHttpResponse:
    """An array, one row a line."""
    return StreamingHttpResponse(json_pieces(rows), content_type=JSON.content_type, headers=OPEN)


def csv_pieces(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Lines end in CRLF, as RFC 4180 has it."""
    buffer = io.StringIO()
    write = csv.writer(buffer, lineterminator="\r\n").writerow
    write(columns)
    for row in rows:
        write(row)
        if buffer.tell() > _PIECE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def json_pieces(rows: Iterable[Any]) -> Iterator[bytes]:
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    lines: list[str] = []
    size, start = 0, "[\n"
    for row in rows:
        lines.append(encode(row))
        size += len(lines[-1])
        if size > _PIECE:
            yield (start + ",\n".join(lines)).encode()
            lines, size, start = [], 0, ",\n"
    yield (start + ",\n".join(lines) + "\n]\n").encode() if lines else (b"[]\n" if start == "[\n" else b"\n]\n")


def as_download(response: HttpResponseBase, filename: str) -> HttpResponseBase:
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def link_header(links: Iterable[tuple[str, str]]) -> str:
    """RFC 8288: pairs of address and relation."""
    return ", ".join(f'<{address}>; rel="{relation}"' for address, relation in links)


def same_address(request: HttpRequest, **parameters: object) -> str:
    """This address with some of its parameters changed (`_` in a name stands for `-`); None takes one out."""
    kept = {name: value for name, value in request.GET.items() if name in {"format", "total-entries"}}
    changed = {name.replace("_", "-"): value for name, value in parameters.items()}
    query = urlencode({name: value for name, value in (kept | changed).items() if value is not None})
    return f"{escape_uri_path(request.path)}?{query}"


@cache
def _release() -> str:
    return version("guildhall")
