"""Loading the starter: organisations, data standards and lists, all through `publish()`.

What is there already is left as it is: a list that has been published in, or that the hall no longer keeps, belongs to
whoever did that. So loading again publishes nothing, and after a load that was killed it publishes the rest.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from guildhall.registers import hall, models
from guildhall.registers.catalogue import current_standard
from guildhall.registers.errors import RegisterBusyError
from guildhall.registers.models import Register
from guildhall.registers.publish import Clock, Options, publish
from guildhall.registers.queries import records, registers
from guildhall.registers.rows import ListRows
from guildhall.starter import standards
from guildhall.starter.lists import StarterList, starter_lists
from guildhall.starter.organisations import organisations

REASON = "Starter copy from public data"
# A loader that was killed holds its lease for ten seconds more.
_PATIENCE_SECONDS = 30

Report = Callable[[int, int], None]  # records dealt with, records in all
Items = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Loaded:
    """How many lists and records the starter has in this hall, and how many changes were published just now."""

    lists: int
    records: int
    published: int


def no_report(done: int, total: int) -> None:
    """For callers that show none."""


def load_starter(*, on_progress: Report = no_report, clock: Clock = time.time) -> Loaded:
    """Publish what a new hall opens with, unless it is there.

    Raises RegisterBusyError if someone else goes on publishing to one of the lists.
    """
    lists = starter_lists()
    bodies = organisations()
    descriptors = {name: standards.descriptor(name) for name in standards.NAMES}
    total = len(bodies) + len(descriptors) + len(lists) + sum(len(one.rows) for one in lists)
    run = _Run(on_progress, clock, total)
    run.publish_missing("hall/organisation", bodies)
    run.publish_missing("hall/standard", [hall.standard_item(one) for one in descriptors.values()])
    # A standard that this hall has changed, or had before, may not fit the starter's rows.
    current = registers.standards().filter(name__in=descriptors)
    ours = {row.name for row in current if row.descriptor == descriptors[row.name]}
    lists = [one for one in lists if one.standard in ours]
    today = datetime.datetime.fromtimestamp(clock(), tz=datetime.UTC).date().isoformat()
    run.publish_missing("hall/register", [one.item(today) for one in lists])
    run.fill(lists)
    on_progress(total, total)
    return Loaded(lists=len(lists), records=sum(len(one.rows) for one in lists), published=run.published)


@dataclass
class _Run:
    report: Report
    clock: Clock
    total: int
    done: int = 0
    published: int = field(default=0)

    def publish_missing(self, path: str, items: Items) -> None:
        """Publish those items in one of the hall's own lists whose key has no record there."""
        register = registers.register(path)
        (key,) = current_standard(register.standard_name).key
        known = set(records.at_head(register, register.head.size).values_list("key", flat=True))
        self._publish(register, [item for item in items if item[key] not in known])
        self._advance(len(items))

    def fill(self, lists: Sequence[StarterList]) -> None:
        """Publish the rows of the lists that nobody has published in yet."""
        empty = models.Register.objects.filter(keeper__slug=hall.HALL, head__publications=0, end_date="")
        waiting = {register.path: register for register in empty}
        for one in lists:
            register = waiting.get(one.path)
            if register is not None:
                self._publish(register, one.rows)
            self._advance(len(one.rows))

    def _publish(self, register: Register, items: Items) -> None:
        if not items:
            return
        rows = ListRows.of(current_standard(register.standard_name), items)
        give_up = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                receipt = publish(register, rows, options=Options(reason=REASON), clock=self.clock)
            except RegisterBusyError as busy:
                if time.monotonic() + busy.retry_after > give_up:
                    raise
                time.sleep(busy.retry_after)
            else:
                self.published += receipt.added + receipt.changed
                return

    def _advance(self, count: int) -> None:
        self.done += count
        self.report(self.done, self.total)
