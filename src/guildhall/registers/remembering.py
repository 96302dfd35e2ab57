"""Keeping the last checkpoints outside the database, as long as it goes on from those that are known."""

from __future__ import annotations

import logging

from guildhall.registers import last_checkpoints
from guildhall.registers.last_checkpoints import LastCheckpoints
from guildhall.registers.models import HallIdentity, PastOrigin, Publication, RegisterHead
from guildhall.registers.restored import differences, has_last
from guildhall.registers.sequencer import latest_position

logger = logging.getLogger("guildhall.worker")


class Remembering:
    """The worker's duty: within a second of each publication its checkpoint is known outside the database."""

    def __init__(self) -> None:
        self._position = -1

    def look(self) -> None:
        """Costs one short query while nothing is published."""
        position = latest_position()
        if position == self._position:
            return
        if not remember():
            logger.error("This hall signs nothing now, and its last checkpoints were left as they are: restore-check")
        self._position = position


def remember() -> bool:
    """Write what is signed now to the file, if it goes on from what stands there. Returns whether it was written."""
    hall = HallIdentity.objects.get()
    known = last_checkpoints.read()
    if known is None:
        if hall.keeps_checkpoints:
            return False
    elif known.origin != hall.origin:
        # Left so where a new origin was begun and the file was not written any more.
        if not PastOrigin.objects.filter(origin=known.origin).exists():
            return False
    elif not has_last(known) or differences(known.checkpoints):
        return False
    remember_anew()
    return True


def remember_anew() -> None:
    """Write what is signed now, whatever was known before: only for an operator who has said so."""
    last_checkpoints.write(now())
    HallIdentity.objects.filter(keeps_checkpoints=False).update(keeps_checkpoints=True)


def now() -> LastCheckpoints:
    """What is signed now. Read in this order, the lists are never behind the last publication."""
    last = Publication.objects.filter(position__isnull=False).order_by("-position").select_related("register").first()
    origin = HallIdentity.objects.values_list("origin", flat=True).get()
    heads = RegisterHead.objects.order_by("register__path").values_list("register__path", "checkpoint")
    if last is None:
        return LastCheckpoints(origin, 0, "", "", dict(heads))
    return LastCheckpoints(origin, last.position or 0, last.register.path, last.checkpoint, dict(heads))
