"""What load balancers and monitors ask: whether it is alive, whether it is ready, and how it is.

Answered before anything else looks at the request: a probe asks by the machine's address, which is no name of the hall.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from guildhall.config import health
from guildhall.kit.metrics import exposition

_OK, _FORBIDDEN, _NOT_READY = 200, 403, 503
# What proxies add. A request that bears one comes from elsewhere, though the proxy be on this machine.
_PASSED_ON = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")


class Probes:
    """Answers /healthz, /readyz and /metrics."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = _PROBES.get(request.path_info)
        if answer is None or request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        response = answer(request)
        response.headers["Cache-Control"] = "no-store"
        return response


def _is_alive(_request: HttpRequest) -> HttpResponse:
    """This process answers. Nothing else is asked: a database that is away is no reason to start it again."""
    return JsonResponse({"alive": True})


def _is_ready(_request: HttpRequest) -> HttpResponse:
    """Whether readers and publishers can be sent here; if not, why."""
    try:
        reasons = health.not_ready()
    except DatabaseError:
        reasons = ["The database cannot be reached."]
    status = _NOT_READY if reasons else _OK
    return JsonResponse({"ready": not reasons, "reasons": reasons}, status=status)


def _metrics(request: HttpRequest) -> HttpResponse:
    """Counts and measures, for whoever has the token, or from this machine."""
    if not _may_read(request):
        told = "From elsewhere, metrics need the token of GUILDHALL_METRICS_TOKEN as Authorization: Bearer.\n"
        return HttpResponse(told, status=_FORBIDDEN, content_type="text/plain; charset=utf-8")
    return HttpResponse(exposition(health.Measures()), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    token = settings.GUILDHALL_METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    if token and hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return True
    return _is_loopback(request.META.get("REMOTE_ADDR", "")) and not any(name in request.headers for name in _PASSED_ON)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


_PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": _is_alive,
    "/readyz": _is_ready,
    "/metrics": _metrics,
}
