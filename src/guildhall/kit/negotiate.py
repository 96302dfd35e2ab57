"""Which format an answer is given in: the suffix of the address, else `format=`, else the `Accept` header.

Where nothing is asked for, the first format that is offered is given: JSON, at every address that has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from guildhall.kit.exceptions import NotAcceptableError
from guildhall.kit.parameters import refuse_others


@dataclass(frozen=True)
class Format:
    """A format: `name` is its suffix, `media_type` what `Accept` calls it, `content_type` the header of an answer."""

    name: str
    media_type: str
    content_type: str


JSON = Format("json", "application/json", "application/json")
CSV = Format("csv", "text/csv", "text/csv;charset=UTF-8")
HTML = Format("html", "text/html", "text/html; charset=utf-8")

type Answer = HttpResponseBase


def offers[**P](
    *formats: Format,
    takes: Iterable[str] | None = None,
) -> Callable[[Callable[Concatenate[HttpRequest, Format, P], Answer]], Callable[Concatenate[HttpRequest, P], Answer]]:
    """Give a view the format to answer in, as its second argument, and say that the answer varies with `Accept`.

    The route may have a `suffix`, which is then taken out of its arguments. Where the view says which parameters it
    `takes`, programs that give another are told. Raises NotAcceptableError, BadRequestError.
    """

    def decorate(
        view: Callable[Concatenate[HttpRequest, Format, P], Answer],
    ) -> Callable[Concatenate[HttpRequest, P], Answer]:
        @wraps(view)
        def answer(request: HttpRequest, /, *args: P.args, **named: P.kwargs) -> Answer:
            suffix = str(named.pop("suffix", ""))
            chosen = choose(request, suffix, formats)
            if takes is not None and chosen is not HTML:
                refuse_others(request, takes)
            response = view(request, chosen, *args, **named)
            patch_vary_headers(response, ["Accept"])
            return response

        return answer

    return decorate


def choose(request: HttpRequest, suffix: str, formats: tuple[Format, ...]) -> Format:
    """The format to answer in, of those that are offered. Raises NotAcceptableError, which names them."""
    asked = (suffix or request.GET.get("format", "")).lower()
    if asked:
        for known in formats:
            if known.name == asked:
                return known
        raise _not_acceptable(formats, _("This cannot be given as “%(format)s”.") % {"format": asked}, suffix)
    header = request.headers.get("Accept", "").strip()
    best = max(formats, key=lambda one: quality(header, one.media_type)) if header else formats[0]
    if header and quality(header, best.media_type) <= 0:
        raise _not_acceptable(formats, _("This cannot be given in a format that your program accepts."), "")
    return best


def quality(header: str, media_type: str) -> float:
    """How much an `Accept` header wants a media type, from 0 to 1: the most specific range that fits counts (RFC 9110).

    Parameters other than `q`, such as a charset, are passed over.
    """
    wanted, most_specific = 0.0, -1
    for part in header.split(","):
        name, *parameters = (one.strip().lower() for one in part.split(";"))
        specific = _specificity(name, media_type)
        if specific > most_specific:
            wanted, most_specific = _q(parameters), specific
    return wanted


def wants_page(request: HttpRequest, suffix: str = "") -> bool:
    """Whether whoever asks is better served with a page than with JSON: browsers are, programs are not."""
    asked = (suffix or request.GET.get("format", "")).lower()
    if asked in {JSON.name, CSV.name}:
        return False
    header = request.headers.get("Accept", "")
    return quality(header, HTML.media_type) > quality(header, JSON.media_type)


def _specificity(name: str, media_type: str) -> int:
    """How closely a media range fits: 2 the type itself, 1 `text/*`, 0 `*/*`, -1 not at all."""
    if name == media_type:
        return 2
    if name == f"{media_type.partition('/')[0]}/*":
        return 1
    return 0 if name == "*/*" else -1


def _q(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _equals, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 1.0
    return 1.0


def _not_acceptable(formats: tuple[Format, ...], problem: str, suffix: str) -> NotAcceptableError:
    names = ", ".join(known.media_type for known in formats)
    remedy = _("It can be had as %(formats)s.") % {"formats": names}
    if suffix:
        remedy += " " + _("If the dot belongs to a key, write it as ~2.")
    return NotAcceptableError(problem, remedy)
