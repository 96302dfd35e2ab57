"""A list in the format that is asked for: sent as it is written, or from its file."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _

from guildhall.kit.answers import as_download, etag, link_header, revalidated
from guildhall.kit.exceptions import NotAcceptableError, NotReadyError
from guildhall.kit.negotiate import CSV, JSON, Format
from guildhall.reading.exports import formats, offers
from guildhall.reading.exports.serve import file_answer, once_answer, streamed_answer
from guildhall.registers.exports import WRITERS, files, geometry, texts
from guildhall.registers.exports.subject import Subject

_TRIES = 3


def export(request: HttpRequest, chosen: Format, subject: Subject, tag: str) -> HttpResponseBase:
    """The answer; `tag` is the ETag of what is made for it.

    Raises NotAcceptableError, NotReadyError, TooLargeError, TooLongError.
    """
    ready = _ready(request, chosen, subject)
    if ready is not None:
        return ready
    if formats.is_file(chosen):
        if subject.excerpt is None:
            return _from_file(request, chosen, subject)
        return _made_now(request, chosen, replace(subject, excerpt=replace(subject.excerpt, bound=subject.bound)), tag)
    make = _stream(request, chosen, subject)

    def answer() -> HttpResponseBase:
        return _saved(streamed_answer(make(), chosen.content_type), chosen, subject, subject.time)

    return revalidated(request, tag, answer)


def _stream(request: HttpRequest, chosen: Format, subject: Subject) -> Callable[[], Iterator[bytes]]:
    if chosen is CSV:
        for_excel = _is_for_excel(request)
        return lambda: texts.csv_pieces(subject, for_excel=for_excel)
    if chosen is JSON:
        return lambda: texts.json_array(subject)
    if chosen is formats.NDJSON:
        return lambda: texts.ndjson(subject)
    place = geometry.reader(subject.standard)
    if place is None:
        raise NotAcceptableError(
            _("The records of this list have no place on a map."), _("Take it in another format, such as CSV.")
        )
    return lambda: texts.geojson(subject, place)


def _from_file(request: HttpRequest, chosen: Format, subject: Subject) -> HttpResponseBase:
    """A file of a list of which none is kept that shows it as it is now: made, or, of a large one, that before it."""
    for _try in range(_TRIES):
        with suppress(FileNotFoundError):  # a newer one has just taken its place
            return _given(request, chosen, subject, _kept(chosen, subject))
    raise _not_ready()


def _ready(request: HttpRequest, chosen: Format, subject: Subject) -> HttpResponseBase | None:
    """The file that is kept of just what is asked for, if there is one: it has a length, and can be gone on with."""
    if chosen.name not in WRITERS or _is_for_excel(request) or not subject.is_whole:
        return None
    kept = files.current(subject, chosen.name)
    with suppress(FileNotFoundError):  # a newer one has just taken its place
        return _given(request, chosen, subject, kept) if kept else None
    return None


def _given(request: HttpRequest, chosen: Format, subject: Subject, kept: files.Kept) -> HttpResponseBase:
    """A file that is kept. Raises FileNotFoundError if it has just been replaced."""
    # A file may show no erased value, so its tag changes when something is erased.
    tag = etag(kept.stamp, chosen.name, kept.hidden_version)

    def answer() -> HttpResponseBase:
        return _saved(file_answer(request, kept.path, chosen.content_type, tag), chosen, subject, kept.time)

    return revalidated(request, tag, answer)


def _is_for_excel(request: HttpRequest) -> bool:
    return request.GET.get("for", "") == "excel"


def _made_now(request: HttpRequest, chosen: Format, subject: Subject, tag: str) -> HttpResponseBase:
    """A file of what was asked for, made while whoever asked waits, and not kept."""

    def answer() -> HttpResponseBase:
        file = files.once(subject, chosen.name, WRITERS[chosen.name])
        return _saved(once_answer(request, file, chosen.content_type), chosen, subject, subject.time)

    return revalidated(request, tag, answer)


def _kept(chosen: Format, subject: Subject) -> files.Kept:
    if not subject.is_large:
        return files.make(subject, chosen.name, WRITERS[chosen.name])
    kept = files.newest(subject, chosen.name)
    if kept is None:
        raise _not_ready()
    return kept


def _saved(response: HttpResponseBase, chosen: Format, subject: Subject, time: int) -> HttpResponseBase:
    """What it is called when it is saved, when the list last changed, and where it is described."""
    response.headers["Link"] = link_header([(offers.package_address(subject), "describedby")])
    day = ""
    if time:
        response.headers["Last-Modified"] = http_date(time)
        day = f"-{timezone.localdate(datetime.datetime.fromtimestamp(time, tz=datetime.UTC))}"
    return as_download(response, f"{subject.stem}{day}.{chosen.name}")


def _not_ready() -> NotReadyError:
    return NotReadyError(
        _("This file is large and is being made. It will be ready in a few minutes."),
        _("Take the CSV, which is always ready, or try again in a while."),
    )
