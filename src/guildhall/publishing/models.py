"""What publishing keeps for itself: the answers to requests that may be sent again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from guildhall.accounts.models import ApiKey


class RepeatableRequest(models.Model):
    """A request under an Idempotency-Key. While it is under way there is no status; `attempt` says whose it is."""

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, db_index=False, related_name="+")
    name = models.CharField(max_length=255)  # the Idempotency-Key
    request_hash = models.BinaryField(max_length=32)
    attempt = models.CharField(max_length=32)
    started = models.DateTimeField()
    status = models.SmallIntegerField(null=True)
    body = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "name"], name="repeatable_request_once")]
        indexes: ClassVar = [models.Index(fields=["started"], name="repeatable_request_started")]
