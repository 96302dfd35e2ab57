"""What every answer has in common: domain errors become answers, addresses are read only, and caches ask again."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from guildhall.kit.errors import answer_error
from guildhall.kit.exceptions import GuildhallError, NotAllowedError

READING = ("GET", "HEAD", "OPTIONS")
OK, NO_CONTENT, NOT_MODIFIED = 200, 204, 304


class Answers:
    """Comes last of the middleware, so that it is the first to see what a view raised."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # Anything here may be corrected or erased a moment later: kept copies are asked about before they are used.
        response.headers.setdefault("Cache-Control", "no-cache")
        if isinstance(response, HttpResponse) and response.status_code not in {NO_CONTENT, NOT_MODIFIED}:
            response.headers["Content-Length"] = str(len(response.content))
            return _page_asked_again(request, response) or response
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], _args: Any, _named: Any
    ) -> HttpResponseBase | None:
        """Refuse methods that the view does not take. One that takes more than reading says so in `view.methods`."""
        allowed: tuple[str, ...] = getattr(view, "methods", READING)
        if request.method not in allowed:
            error = NotAllowedError(
                _("This address does not take %(method)s.") % {"method": request.method},
                _("It takes %(methods)s.") % {"methods": ", ".join(allowed)},
                allowed=allowed,
            )
            return answer_error(request, error)
        return _options(allowed) if request.method == "OPTIONS" else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        return answer_error(request, exception) if isinstance(exception, GuildhallError) else None


def _page_asked_again(request: HttpRequest, response: HttpResponse) -> HttpResponseBase | None:
    """Give a page an ETag of its very text; 304 if whoever asks has it. Answers for programs bring their own."""
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    if not is_page or response.status_code != OK or request.method not in {"GET", "HEAD"}:
        return None
    tag = f'"{sha256(response.content).hexdigest()[:32]}"'
    response.headers["ETag"] = tag
    return get_conditional_response(request, etag=tag, response=response)


def _options(allowed: tuple[str, ...]) -> HttpResponse:
    """What may be asked here, for programs and for browsers that ask on behalf of another site."""
    return HttpResponse(
        status=NO_CONTENT,
        headers={
            "Allow": ", ".join(allowed),
            "Access-Control-Allow-Origin": "*",
            # Pages of other sites read. They never hold a key to publish.
            "Access-Control-Allow-Methods": ", ".join(one for one in allowed if one in READING),
            "Access-Control-Allow-Headers": "Accept, If-None-Match",
            "Access-Control-Max-Age": "86400",
        },
    )
