"""How much is made into a file while somebody waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
from django.utils.translation import gettext as _

from guildhall.kit.exceptions import GuildhallError


class TooLargeError(GuildhallError):
    """A file of more records than are written while somebody waits, or of records that take too long to find."""

    status = 422
    title = "Too large to be made while you wait"


@dataclass(frozen=True)
class Bound:
    """At most so many records, and for so long they are looked for."""

    records: int
    seconds: float

    def held(self, frames: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        """The same frames. Raises TooLargeError where they go on for too long."""
        records = 0
        for frame in frames:
            records += frame.height
            if records > self.records:
                raise too_large(
                    _("This has more than the %(number)s records that are made into such a file while you wait.")
                    % {"number": f"{self.records:,}"}
                )
            yield frame


def too_large(problem: str) -> TooLargeError:
    return TooLargeError(
        problem, _("Take it as CSV, which can be of any length and opens in Excel too, or ask for fewer records.")
    )
