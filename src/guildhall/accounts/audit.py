"""The audit trail: who did what, when, for whom."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from guildhall.accounts.models import ApiKey, AuditEvent
from guildhall.registers.models import Publication

KEY_CREATED, KEY_REVOKED, PUBLISHED = "key created", "key revoked", "published"
# Whoever may use the command line runs the hall.
OPERATOR = "operator"


def record(*, actor: str, action: str, organisation: str, subject: str, publication: int | None = None) -> None:
    """Add to the trail, in the transaction of what was done."""
    AuditEvent.objects.create(
        time=timezone.now(),
        actor=actor,
        action=action,
        organisation=organisation,
        subject=subject,
        publication=publication,
    )


def record_publication(key: ApiKey, publication: Publication) -> None:
    """Say which key stands behind a publication."""
    record(
        actor=f"key {key.name}",
        action=PUBLISHED,
        organisation=key.organisation.slug,
        subject=publication.register.path,
        publication=publication.number,
    )


def of_key(name: str) -> QuerySet[AuditEvent]:
    """What was done with a key and to it, the newest first."""
    return AuditEvent.objects.filter(Q(actor=f"key {name}") | Q(subject=name)).order_by("-time", "-pk")


def events(organisation: str) -> QuerySet[AuditEvent]:
    """What was done for an organisation, the newest first."""
    return AuditEvent.objects.filter(organisation=organisation).order_by("-time", "-pk")
