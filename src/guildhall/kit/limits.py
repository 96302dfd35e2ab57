"""Limits on how often something may be tried, counted in a table that all web workers share."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.db import connection
from django.utils.crypto import salted_hmac

from guildhall.kit.exceptions import TooManyError
from guildhall.kit.models import Attempts
from guildhall.kit.unhurried import unhurried

_COUNT = (
    "INSERT INTO kit_attempts (name, period, count) VALUES (%s, %s, 1)"
    " ON CONFLICT (name, period) DO UPDATE SET count = kit_attempts.count + 1"
)


@dataclass(frozen=True)
class Limit:
    """So many times in so many seconds. `name` tells limits apart."""

    name: str
    most: int
    seconds: int

    def count(self, who: str, *, now: float | None = None) -> None:
        """Count one more try of `who`, of whom only a keyed hash is kept. Raises TooManyError beyond the limit.

        What is refused is not counted again, so that a flood does not become one of writes.
        """
        moment = time.time() if now is None else now
        ends = (int(moment) // self.seconds + 1) * self.seconds
        name = f"{self.name}:{salted_hmac('limits', who, algorithm='sha256').hexdigest()[:32]}"
        tried = Attempts.objects.filter(name=name, period=ends).values_list("count", flat=True).first() or 0
        if tried >= self.most:
            wait = max(1, ends - int(moment))
            raise TooManyError(
                "This was tried too often.", f"Wait {wait} seconds before you try it again.", retry_after=wait
            )
        with unhurried(), connection.cursor() as cursor:
            cursor.execute(_COUNT, [name, ends])


def prune(*, now: float | None = None) -> int:
    """Forget past periods. Returns how many counts went."""
    past = Attempts.objects.filter(period__lt=time.time() if now is None else now)
    if not past.exists():
        return 0
    with unhurried():
        return past.delete()[0]
