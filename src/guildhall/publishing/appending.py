"""Appending to a list by a program that shows a key."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from guildhall.accounts import audit
from guildhall.accounts.keys import refuse_publishing
from guildhall.accounts.models import ApiKey
from guildhall.log.leaf import format_time
from guildhall.publishing.bodies import Checked, check_body
from guildhall.publishing.idempotency import Answer, Attempt, begin, request_hash
from guildhall.registers import catalogue, refusals
from guildhall.registers.compare import compare
from guildhall.registers.models import Publication, Register
from guildhall.registers.publish import Clock, Options, publish
from guildhall.registers.queries import registers
from guildhall.schema.model import Standard

CREATED, OK = 201, 200


@dataclass(frozen=True)
class Wanted:
    """What is to be appended: `read` gives the body when it is certain that it may be."""

    path: str
    kind: str
    read: Callable[[], bytes]
    reason: str = ""


def preview(key: ApiKey, wanted: Wanted) -> Answer:
    """Check everything and publish nothing. Raises what `append` raises."""
    register = _register(key, wanted.path)
    standard = catalogue.current_standard(register.standard_name)
    checked = check_body(standard, wanted.read(), wanted.kind)
    found = compare(register, checked.rows, find_missing=False)
    refusals.refuse_hidden(register, found.hidden)
    return Answer(OK, _told(register, standard, checked, found.added, found.changed))


def append(key: ApiKey, wanted: Wanted, *, repeat_name: str = "", clock: Clock = time.time) -> Answer:
    """Check what was sent, publish it, and answer with the receipt, which under the same `repeat_name` is given again.

    Raises UnknownRegisterError, KeyScopeError, RegisterClosedError, BodyError, BodyTooLargeError, EntriesRefusedError,
    KeyUsedAgainError, UnderWayError, and what `publish` raises.
    """
    register = _register(key, wanted.path)
    body = wanted.read()
    hashed = request_hash(wanted.path.encode(), wanted.kind.encode(), wanted.reason.encode(), body)
    with begin(key, repeat_name, hashed) as (attempt, known):
        if known is not None:
            return known
        standard = catalogue.current_standard(register.standard_name)
        run = _Run(key, register, standard, check_body(standard, body, wanted.kind), attempt)
        receipt = publish(
            register,
            run.checked.rows,
            options=Options(reason=wanted.reason),
            standard=standard,
            clock=clock,
            beside=run.keep,
        )
        return run.answer or run.keep_unchanged(receipt.checkpoint)


@dataclass
class _Run:
    """One request, with what is kept beside its publication."""

    key: ApiKey
    register: Register
    standard: Standard
    checked: Checked
    attempt: Attempt
    answer: Answer | None = None

    def keep(self, publication: Publication) -> None:
        """In the transaction that publishes: who stands behind it, and what is answered."""
        audit.record_publication(self.key, publication)
        told = _told(self.register, self.standard, self.checked, publication.added, publication.changed)
        told |= {
            "publication": publication.number,
            "first-entry": publication.first_entry,
            "last-entry": publication.last_entry,
            "entry-timestamp": format_time(publication.time),
            "checkpoint": publication.checkpoint,
        }
        self.answer = Answer(CREATED, told)
        self.attempt.keep(self.answer)

    def keep_unchanged(self, checkpoint: str) -> Answer:
        """All of it was there already, so nothing was published."""
        told = _told(self.register, self.standard, self.checked, 0, 0)
        answer = Answer(OK, told | {"publication": None, "checkpoint": checkpoint})
        self.attempt.keep(answer)
        return answer


def _register(key: ApiKey, path: str) -> Register:
    register = registers.register(path)
    refuse_publishing(key, register)
    refusals.refuse_closed(register)
    return register


def _told(register: Register, standard: Standard, checked: Checked, added: int, changed: int) -> dict[str, object]:
    return {
        "register": register.path,
        "standard": standard.name,
        "standard-version": standard.version,
        "added": added,
        "changed": changed,
        "unchanged": len(checked.rows) - added - changed,
        "notes": list(checked.notes),
    }
