"""What is written to the log: one JSON object a line, and only what an operator needs, nothing of who asked."""

from __future__ import annotations

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from http import HTTPStatus

# The id of the request that is being answered, empty outside of any.
request_id: ContextVar[str] = ContextVar("request_id", default="")


class Unexpected(logging.Filter):
    """Leaves out the answer 503: it is given on purpose, and says itself when to come again or what to ask instead."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(record, "status_code", None) != HTTPStatus.SERVICE_UNAVAILABLE


class JsonLines(logging.Formatter):
    """A line for programs. A record's own members are given as `extra={"facts": {…}}`."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id.get():
            told["request-id"] = request_id.get()
        told |= getattr(record, "facts", {})
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False, default=str)
