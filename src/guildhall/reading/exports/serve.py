"""Files over HTTP: whole or in part, so that a download that was cut off goes on from where it was (RFC 9110)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

_PIECE = 256 * 1024
_RANGE = re.compile(r"bytes=(?:(?P<first>\d{1,18})-(?P<last>\d{1,18})?|-(?P<tail>\d{1,18}))", re.ASCII)
WHOLE, PART, OUT_OF_RANGE = 200, 206, 416


def file_answer(request: HttpRequest, path: Path, content_type: str, tag: str) -> HttpResponseBase:
    """The file, or the part of it that is asked for. Raises FileNotFoundError if it has just been replaced."""
    file = path.open("rb")
    length = os.fstat(file.fileno()).st_size
    wanted = _wanted(request, length, tag)
    if wanted is None:
        return _spanned(request, _Span(file, 0, length), content_type, WHOLE)
    first, end = wanted
    if first >= end:
        file.close()
        response = HttpResponse(status=OUT_OF_RANGE, content_type=content_type)
        response.headers["Content-Range"] = f"bytes */{length}"
        return response
    answer = _spanned(request, _Span(file, first, end), content_type, PART)
    answer.headers["Content-Range"] = f"bytes {first}-{end - 1}/{length}"
    return answer


def once_answer(request: HttpRequest, file: BinaryIO, content_type: str) -> HttpResponseBase:
    """A file that was made for this reader alone, whole: it is not there to go on with."""
    length = os.fstat(file.fileno()).st_size
    return _without_parts(_spanned(request, _Span(file, 0, length), content_type, WHOLE))


def streamed_answer(pieces: Iterable[bytes], content_type: str) -> HttpResponseBase:
    """What is sent as it is written: nobody knows yet where its parts will be."""
    return _without_parts(StreamingHttpResponse(pieces, content_type=content_type))


def _without_parts(response: HttpResponseBase) -> HttpResponseBase:
    """Say so, so that whoever was cut off begins afresh and puts no two halves together that do not fit."""
    response.headers["Accept-Ranges"] = "none"
    return response


def _wanted(request: HttpRequest, length: int, tag: str) -> tuple[int, int] | None:
    """From which byte to before which; None for all. Several parts at once, and other units, are answered whole."""
    found = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    # The rest of another file would be worse than all of this one.
    if found is None or request.method != "GET" or request.headers.get("If-Range", tag) != tag:
        return None
    if found["tail"]:
        return max(length - int(found["tail"]), 0), length
    first = int(found["first"])
    last = int(found["last"]) if found["last"] else max(first, length - 1)
    if last < first:
        return None
    return first, min(last + 1, length)


def _spanned(request: HttpRequest, span: _Span, content_type: str, status: int) -> StreamingHttpResponse:
    length = span.left
    if request.method == "HEAD":
        span.close()
    pieces: Iterable[bytes] = () if request.method == "HEAD" else span
    response = StreamingHttpResponse(pieces, status=status, content_type=content_type)
    response.headers["Content-Length"] = str(length)
    response.headers["Accept-Ranges"] = "bytes"
    return response


class _Span:
    """Bytes of a file from `first` to before `end`. Once it is open it can be read, whatever takes its place."""

    def __init__(self, file: BinaryIO, first: int, end: int) -> None:
        self.file = file
        self.file.seek(first)
        self.left = end - first

    def __iter__(self) -> Iterator[bytes]:
        while self.left > 0 and (piece := self.file.read(min(_PIECE, self.left))):
            self.left -= len(piece)
            yield piece

    def close(self) -> None:
        self.file.close()
