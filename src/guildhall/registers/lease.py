"""The right to write to one register: a lease with a fence.

A lease lasts `LEASE_SECONDS` by the database's clock and carries a number that only grows. Every transaction of a
publication first locks the register's head and stops, having written nothing, unless the number is still its own. So a
publisher that slept through its lease can never write over the one that came after it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models.functions import Now

from guildhall.registers.errors import LeaseLostError, RegisterBusyError
from guildhall.registers.models import Register, RegisterHead
from guildhall.registers.statements import fetch

LEASE_SECONDS = 10
# By the database's clock, as Django writes moments: now, and when a lease that is taken or renewed now runs out.
_CLOCKS = {
    "sqlite": (
        "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f000', 'NOW')",
        f"STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f000', 'NOW', '+{LEASE_SECONDS} seconds')",
    ),
    "postgresql": ("STATEMENT_TIMESTAMP()", f"STATEMENT_TIMESTAMP() + INTERVAL '{LEASE_SECONDS} seconds'"),
}


def brief() -> transaction.Atomic:
    """A transaction of its own, or a part of the one under way, which has no point of return in between.

    Where a part fails, all of it is undone by whoever began it.
    """
    return transaction.atomic(savepoint=False)


@dataclass(frozen=True)
class Lease:
    register_id: int
    path: str
    number: int

    @classmethod
    def take(cls, register: Register) -> Lease:
        """Take the lease, or raise RegisterBusyError with the seconds that the holder still has."""
        now, until = _CLOCKS[connection.vendor]
        taken = fetch(
            f"UPDATE registers_registerhead SET lease_number = lease_number + 1, lease_until = {until}"  # noqa: S608 - of constants
            f" WHERE register_id = %s AND (lease_until IS NULL OR lease_until <= {now}) RETURNING lease_number",
            [register.pk],
        )
        if not taken:
            raise _busy(register)
        return cls(register.pk, register.path, taken[0][0])

    def hold(self) -> None:
        """Lock the head for the rest of this transaction and renew the lease; LeaseLostError if it passed on."""
        _, until = _CLOCKS[connection.vendor]
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE registers_registerhead SET lease_until = {until} WHERE register_id = %s AND lease_number = %s",  # noqa: S608 - of constants
                [self.register_id, self.number],
            )
            is_ours = cursor.rowcount == 1
        if not is_ours:
            raise LeaseLostError(
                f"Another publisher took over {self.path} while this one was at work, so nothing was published.",
                "Publish again: what is already there will not be repeated.",
            )

    def renew(self) -> None:
        with brief():
            self.hold()

    def release(self) -> None:
        """Give the lease up, if it is still ours."""
        RegisterHead.objects.filter(pk=self.register_id, lease_number=self.number).update(lease_until=None)


def _busy(register: Register) -> RegisterBusyError:
    head = RegisterHead.objects.annotate(database_now=Now()).get(pk=register.pk)
    left = (head.lease_until - head.database_now).total_seconds() if head.lease_until else 0
    wait = max(1, math.ceil(left))
    return RegisterBusyError(
        f"Someone else is publishing to {register.path} now.", f"Try again in {wait} seconds.", retry_after=wait
    )
