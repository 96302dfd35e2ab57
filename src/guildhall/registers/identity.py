"""Who this hall is when it signs: its origin, fixed when it was created, and its key."""

from __future__ import annotations

import base64
import os
import secrets
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from guildhall.kit.exceptions import ConflictError
from guildhall.log.notes import Signer, VerifierKey
from guildhall.registers.models import HallIdentity

SEED_BYTES = 32


class OriginChangedError(ConflictError):
    """GUILDHALL_ORIGIN differs from the origin that the hall was created with."""

    title = "The hall's origin cannot change"


def create_identity() -> str:
    """Fix the origin at the first run; later only check that it is still the same. Returns it."""
    kept = HallIdentity.objects.first()
    if kept is None:
        origin = settings.GUILDHALL_ORIGIN or f"{secrets.token_hex(6)}.localhost"
        HallIdentity.objects.create(origin=origin, created=timezone.now())
        return origin
    if settings.GUILDHALL_ORIGIN not in {"", kept.origin}:
        raise OriginChangedError(
            f"GUILDHALL_ORIGIN is {settings.GUILDHALL_ORIGIN}, but this hall was created as {kept.origin}.",
            f"Set GUILDHALL_ORIGIN to {kept.origin}, or leave it out.",
        )
    return kept.origin


def origin() -> str:
    """The hall's origin, such as `hall.example.org`."""
    return HallIdentity.objects.values_list("origin", flat=True).get()


def log_name(path: str) -> str:
    """The first line of a register's checkpoints, which is also the name of its key."""
    return f"{origin()}/registers/{path}"


def signer(path: str) -> Signer:
    return Signer(log_name(path), log_key_seed())


def verifier_key() -> VerifierKey:
    """The hall's verifier key, under its origin."""
    return Signer(origin(), log_key_seed()).verifier_key


def log_key_seed() -> bytes:
    """The Ed25519 seed: GUILDHALL_LOG_KEY, else the file `log-key` in the data folder, made at the first run."""
    return settings.GUILDHALL_LOG_KEY or _kept_seed(Path(settings.GUILDHALL_HOME) / "log-key")


@cache
def _kept_seed(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(secrets.token_bytes(SEED_BYTES)) + b"\n")
    return base64.b64decode(path.read_bytes())
