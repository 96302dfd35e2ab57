"""Every request has an id, is counted, and leaves one line in the log. None of these says who asked, or for what."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from secrets import token_hex

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from guildhall.kit.logs import request_id
from guildhall.kit.metrics import count_request

logger = logging.getLogger("guildhall.requests")

_HEADER = "X-Request-ID"
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{7,63}")
# A route of ours, never the address: that may hold what somebody was looking for.
_NO_ROUTE = "(none)"


class Watched:
    """Comes before all that answers people and programs, so that nothing is answered unseen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(_HEADER, "")
        token = request_id.set(given if _WELL_FORMED.fullmatch(given) else token_hex(16))
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            seconds = time.perf_counter() - started
            route = request.resolver_match.route if request.resolver_match else _NO_ROUTE
            method = request.method or ""
            count_request(route=route, method=method, status=response.status_code, seconds=seconds)
            facts = {"method": method, "route": route, "status": response.status_code, "ms": round(seconds * 1000, 1)}
            logger.info("Answered", extra={"facts": facts})
            response.headers[_HEADER] = request_id.get()
            return response
        finally:
            request_id.reset(token)
