"""What all web workers share: counts of what may not be tried too often."""

from __future__ import annotations

from django.db import models


class Attempts(models.Model):
    """How often something was tried in one period. Rows of past periods mean nothing and are pruned."""

    name = models.CharField(max_length=100)
    period = models.BigIntegerField()  # seconds since 1970 at which it ends
    count = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "period"], name="attempts_once")]
        indexes = [models.Index(fields=["period"], name="attempts_period")]
