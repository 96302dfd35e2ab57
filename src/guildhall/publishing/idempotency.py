"""Requests that may safely be sent again: the same Idempotency-Key with the same request gets the same answer.

The answer is stored in the transaction that publishes, so that whatever is killed when, either both are there or
neither. What was refused is not kept: mend it and send it under the same key.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from guildhall.accounts.models import ApiKey
from guildhall.kit.exceptions import BadRequestError, BusyError, ConflictError, GuildhallError
from guildhall.kit.unhurried import unhurried
from guildhall.publishing.models import RepeatableRequest

KEPT = timedelta(days=7)
# A request that has taken longer than this was killed, and may be taken over.
PATIENCE = timedelta(seconds=60)
_RETRY_SECONDS = 2
# RFC 9651 writes a string in quotation marks; many programs leave them out.
_NAME = re.compile(r'"([ !#-\[\]-~]{1,255})"|([!#-\[\]-~]{1,255})')


class IdempotencyKeyError(BadRequestError):
    """An Idempotency-Key that cannot be read."""

    title = "This Idempotency-Key cannot be used"


class KeyUsedAgainError(GuildhallError):
    """The same Idempotency-Key with another request."""

    status = 422
    title = "This Idempotency-Key stands for another request"


class UnderWayError(BusyError):
    """The first request with this Idempotency-Key has no answer yet."""

    title = "This request is under way"


class TakenOverError(ConflictError):
    """The same request was sent again while this one seemed dead; nothing of this one's is published."""

    title = "This request was sent again"


@dataclass(frozen=True)
class Answer:
    """`is_repeated` says that it was given before."""

    status: int
    body: Mapping[str, Any]
    is_repeated: bool = False


def read_name(header: str) -> str:
    """The name in the header `Idempotency-Key`; empty where there is none. Raises IdempotencyKeyError."""
    if not header:
        return ""
    found = _NAME.fullmatch(header.strip())
    if found is None:
        raise IdempotencyKeyError(
            "The Idempotency-Key cannot be read.", "Give 1 to 255 ordinary characters, such as those of a random UUID."
        )
    return found[1] or found[2]


def request_hash(*parts: bytes) -> bytes:
    """Keyed, so that nobody who reads the table can find out by trying what was sent."""
    told = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    return salted_hmac("guildhall.publishing.idempotency", told, algorithm="sha256").digest()


class Attempt:
    """One request under way. Without a name nothing is kept of it."""

    def __init__(self, row: RepeatableRequest | None) -> None:
        self._row = row

    def keep(self, answer: Answer) -> None:
        """Store the answer, in the transaction of what it tells. Raises TakenOverError."""
        if self._row is None:
            return
        body = json.dumps(dict(answer.body), ensure_ascii=False)
        if not _under_way_as(self._row).update(status=answer.status, body=body):
            raise TakenOverError(
                "This request took so long that it was begun again, so this one published nothing.",
                "Send it once more with the same Idempotency-Key, to get the answer of the other.",
            )

    def give_up(self) -> None:
        """It was refused, so the same name may be used again."""
        if self._row is not None and not connection.needs_rollback:
            with unhurried():
                _under_way_as(self._row).delete()


def _under_way_as(row: RepeatableRequest) -> QuerySet[RepeatableRequest]:
    """The row, as long as it is of this very attempt and has no answer."""
    return RepeatableRequest.objects.filter(pk=row.pk, attempt=row.attempt, status=None)


@contextmanager
def begin(
    key: ApiKey, name: str, hashed: bytes, *, now: datetime | None = None
) -> Iterator[tuple[Attempt, Answer | None]]:
    """Yield the attempt, and the answer if it was given before. What the block raises ends the attempt.

    Raises KeyUsedAgainError, UnderWayError.
    """
    row, answer = _begun(key, name, hashed, now or timezone.now()) if name else (None, None)
    attempt = Attempt(row)
    try:
        yield attempt, answer
    except GuildhallError:
        attempt.give_up()
        raise


def _begun(key: ApiKey, name: str, hashed: bytes, now: datetime) -> tuple[RepeatableRequest | None, Answer | None]:
    """Not waited for: whatever is published later is on the disk after it, or neither is."""
    attempt = secrets.token_hex(16)
    fresh = RepeatableRequest(key=key, name=name, request_hash=hashed, attempt=attempt, started=now)
    with unhurried():
        RepeatableRequest.objects.bulk_create([fresh], ignore_conflicts=True)
        row = RepeatableRequest.objects.select_for_update().filter(key=key, name=name).first()
        if row is None:  # the first was refused just now
            raise _under_way()
        if bytes(row.request_hash) != hashed:
            raise KeyUsedAgainError(
                "Another request was sent with this Idempotency-Key, so nothing was published.",
                "Give each request a key of its own.",
            )
        if row.status is not None:
            return None, Answer(row.status, json.loads(row.body), is_repeated=True)
        if row.attempt != attempt:
            if row.started > now - PATIENCE:
                raise _under_way()
            row.attempt, row.started = attempt, now
            row.save(update_fields=["attempt", "started"])
    return row, None


def _under_way() -> UnderWayError:
    return UnderWayError(
        "The same request is under way.",
        f"Send it again in {_RETRY_SECONDS} seconds, with the same Idempotency-Key, to get its answer.",
        retry_after=_RETRY_SECONDS,
    )


def prune(*, now: datetime | None = None) -> int:
    """Forget answers that were kept long enough. Returns how many."""
    old = RepeatableRequest.objects.filter(started__lt=(now or timezone.now()) - KEPT)
    if not old.exists():
        return 0
    with transaction.atomic():
        return old.delete()[0]
