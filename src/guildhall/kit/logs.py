"""What is written to the log of errors, so that an operator who reads it reads only what needs them."""

from __future__ import annotations

import logging
from http import HTTPStatus


class Unexpected(logging.Filter):
    """Leaves out the answer 503: it is given on purpose, and says itself when to come again or what to ask instead."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(record, "status_code", None) != HTTPStatus.SERVICE_UNAVAILABLE
