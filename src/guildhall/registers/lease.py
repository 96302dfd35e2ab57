"""The right to write to one register: a lease with a fence.

A lease lasts `LEASE_SECONDS` by the database's clock and carries a number that only grows. Every transaction of a
publication first locks the register's head and stops, having written nothing, unless the number is still its own. So a
publisher that slept through its lease can never write over the one that came after it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Now

from guildhall.registers.errors import LeaseLostError, RegisterBusyError
from guildhall.registers.models import Register, RegisterHead

LEASE_SECONDS = 10


@dataclass(frozen=True)
class Lease:
    register_id: int
    path: str
    number: int

    @classmethod
    def take(cls, register: Register) -> Lease:
        """Take the lease, or raise RegisterBusyError with the seconds that the holder still has."""
        with transaction.atomic():
            head, now = _locked(register.pk)
            if head.lease_until is not None and head.lease_until > now:
                wait = max(1, math.ceil((head.lease_until - now).total_seconds()))
                raise RegisterBusyError(
                    f"Someone else is publishing to {register.path} now.",
                    f"Try again in {wait} seconds.",
                    retry_after=wait,
                )
            head.lease_number += 1
            head.lease_until = now + timedelta(seconds=LEASE_SECONDS)
            head.save(update_fields=["lease_number", "lease_until"])
            return cls(register.pk, register.path, head.lease_number)

    def hold(self) -> RegisterHead:
        """Lock the head for the rest of this transaction and renew the lease; LeaseLostError if it passed on."""
        head, now = _locked(self.register_id)
        if head.lease_number != self.number:
            raise LeaseLostError(
                f"Another publisher took over {self.path} while this one was at work, so nothing was published.",
                "Publish again: what is already there will not be repeated.",
            )
        head.lease_until = now + timedelta(seconds=LEASE_SECONDS)
        head.save(update_fields=["lease_until"])
        return head

    def renew(self) -> None:
        with transaction.atomic():
            self.hold()

    def release(self) -> None:
        """Give the lease up, if it is still ours."""
        RegisterHead.objects.filter(pk=self.register_id, lease_number=self.number).update(lease_until=None)


def _locked(register_id: int) -> tuple[RegisterHead, datetime]:
    head = RegisterHead.objects.select_for_update().annotate(database_now=Now()).get(pk=register_id)
    return head, head.database_now
