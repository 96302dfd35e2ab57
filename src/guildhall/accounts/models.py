"""Who may act for an organisation, and who did what. None of it ever enters a register."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from guildhall.registers.models import Organisation


class ApiKey(models.Model):
    """A program's right to act for an organisation. Of the secret only its hash is kept."""

    name = models.CharField(max_length=12, unique=True)  # the part of the key that may be told
    secret_hash = models.BinaryField(max_length=32)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    registers = models.JSONField(default=list)  # paths of lists; empty: every list that the organisation keeps
    scope = models.CharField(max_length=10)
    label = models.CharField(max_length=100, blank=True)
    created = models.DateTimeField()
    expires = models.DateTimeField()
    revoked = models.DateTimeField(null=True)
    last_used = models.DateTimeField(null=True)  # to the minute, and not waited for

    def __str__(self) -> str:
        return self.name


class AuditEvent(models.Model):
    """One act: when, who, what, to what. Kept beside the publications, which know no people."""

    time = models.DateTimeField()
    actor = models.CharField(max_length=100)
    action = models.CharField(max_length=40)
    organisation = models.CharField(max_length=256)
    subject = models.CharField(max_length=300)  # a key's name, or a list
    publication = models.BigIntegerField(null=True)  # its number within the list

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "time"], name="audit_of_organisation"),
            models.Index(fields=["subject", "publication"], name="audit_of_publication"),
            models.Index(fields=["actor", "time"], name="audit_of_actor"),
        ]
