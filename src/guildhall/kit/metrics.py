"""What is counted of requests, for Prometheus: by route, never by address, so that it says nothing of who asked what.

Several processes serve pages. `guildhall serve` gives them a folder in which each keeps its counts
(PROMETHEUS_MULTIPROC_DIR), and whoever is asked adds them up.
"""

from __future__ import annotations

import os

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
# Methods of HTTP. Anyone can send others, and each would be counted on its own.
_METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}

_requests = Counter("guildhall_requests", "Requests answered.", ["route", "method", "status"])
_seconds = Histogram(
    "guildhall_request_seconds", "Time until an answer begins, in seconds.", ["route"], buckets=_BUCKETS
)


def count_request(*, route: str, method: str, status: int, seconds: float) -> None:
    _requests.labels(route, method if method in _METHODS else "other", str(status)).inc()
    _seconds.labels(route).observe(seconds)


def exposition(*collectors: Collector) -> bytes:
    """All counts of all processes, and what these collectors find now, as Prometheus reads it."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # it has no types
    else:
        registry.register(REGISTRY)
    for collector in collectors:
        registry.register(collector)
    return generate_latest(registry)
