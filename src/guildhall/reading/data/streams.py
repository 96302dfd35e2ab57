"""Long answers made a line at a time, with an ETag of the whole hall's state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from guildhall.kit.answers import revalidated
from guildhall.kit.negotiate import Format
from guildhall.reading.data import etags

_LINES = 200


def streamed(request: HttpRequest, chosen: Format, lines: Callable[[], Iterator[str]]) -> HttpResponseBase:
    """What `lines()` gives; addresses in it are of the host that was asked."""

    def make() -> StreamingHttpResponse:
        return StreamingHttpResponse(_pieces(lines()), content_type=chosen.content_type)

    return revalidated(request, etags.of_hall(request, chosen, request.build_absolute_uri()), make)


def _pieces(lines: Iterable[str]) -> Iterator[bytes]:
    waiting: list[str] = []
    for line in lines:
        waiting.append(line)
        if len(waiting) >= _LINES:
            yield "".join(waiting).encode()
            waiting = []
    yield "".join(waiting).encode()
