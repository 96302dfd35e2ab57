"""Files over HTTP: whole or in part, so that a download that was cut off goes on from where it was (RFC 9110)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

_PIECE = 256 * 1024
_RANGE = re.compile(r"bytes=(?:(?P<first>\d{1,18})-(?P<last>\d{1,18})?|-(?P<tail>\d{1,18}))", re.ASCII)
WHOLE, PART, OUT_OF_RANGE = 200, 206, 416


def file_answer(request: HttpRequest, path: Path, content_type: str, tag: str) -> HttpResponseBase:
    """The file, or the part of it that is asked for. Raises FileNotFoundError if it has just been replaced."""
    length = path.stat().st_size
    wanted = _wanted(request, length, tag)
    if wanted is None:
        return _answer(request, path, content_type, (0, length), WHOLE)
    first, end = wanted
    if first >= end:
        response = HttpResponse(status=OUT_OF_RANGE, content_type=content_type)
        response.headers["Content-Range"] = f"bytes */{length}"
        return response
    answer = _answer(request, path, content_type, wanted, PART)
    answer.headers["Content-Range"] = f"bytes {first}-{end - 1}/{length}"
    return answer


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


def _answer(
    request: HttpRequest, path: Path, content_type: str, span: tuple[int, int], status: int
) -> StreamingHttpResponse:
    first, end = span
    pieces: Iterable[bytes] = () if request.method == "HEAD" else _Span(path, first, end)
    response = StreamingHttpResponse(pieces, status=status, content_type=content_type)
    response.headers["Content-Length"] = str(end - first)
    response.headers["Accept-Ranges"] = "bytes"
    return response


class _Span:
    """Bytes of a file from `first` to before `end`. Once it is open it can be read, whatever takes its place."""

    def __init__(self, path: Path, first: int, end: int) -> None:
        self.file = path.open("rb")
        self.file.seek(first)
        self.left = end - first

    def __iter__(self) -> Iterator[bytes]:
        while self.left > 0 and (piece := self.file.read(min(_PIECE, self.left))):
            self.left -= len(piece)
            yield piece

    def close(self) -> None:
        self.file.close()
