"""Who this hall is when it signs: its origin, fixed when it was created, and its key."""

from __future__ import annotations

import base64
import secrets
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from guildhall.kit.exceptions import ConflictError
from guildhall.kit.kept import kept
from guildhall.log.checkpoint import CheckpointError, open_checkpoint
from guildhall.log.notes import Signer, VerifierKey
from guildhall.registers.models import HallIdentity

SEED_BYTES = 32


class OriginChangedError(ConflictError):
    """GUILDHALL_ORIGIN differs from the origin that the hall was created with."""

    title = "The hall's origin cannot change"


class LogKeyLostError(ConflictError):
    """The file with the log key is gone. A new key would not be the one that readers remember."""

    title = "The hall's log key is not there"


class LogKeyChangedError(ConflictError):
    """The log key is not the one that the hall has signed with."""

    title = "This is not the hall's log key"


def create_identity() -> str:
    """Fix origin and key at the first run; later only check that the origin is still the same. Returns it."""
    fresh = settings.GUILDHALL_ORIGIN or f"{secrets.token_hex(6)}.localhost"
    # Of two programs that start at once the first creates it.
    fixed, is_new = HallIdentity.objects.get_or_create(pk=1, defaults={"origin": fresh, "created": timezone.now()})
    if is_new and not settings.GUILDHALL_LOG_KEY:
        kept(_key_file(), lambda: base64.b64encode(secrets.token_bytes(SEED_BYTES)) + b"\n")
    if settings.GUILDHALL_ORIGIN not in {"", fixed.origin}:
        raise OriginChangedError(
            f"GUILDHALL_ORIGIN is {settings.GUILDHALL_ORIGIN}, but this hall was created as {fixed.origin}.",
            f"Set GUILDHALL_ORIGIN to {fixed.origin}, or leave it out.",
        )
    return fixed.origin


def check_key(path: str, checkpoint: str) -> None:
    """Check that the key is the one under which a list's last checkpoint was signed. Raises LogKeyChangedError."""
    try:
        open_checkpoint(checkpoint, signer(path).verifier_key)
    except CheckpointError as error:
        raise LogKeyChangedError(
            f"The last checkpoint of {path} does not hold under the log key that is given now. {error}",
            "Put back the key that it was created with: GUILDHALL_LOG_KEY, or the file log-key in the data folder.",
        ) from error


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
    """The Ed25519 seed: GUILDHALL_LOG_KEY, else the file `log-key` in the data folder. Raises LogKeyLostError."""
    return settings.GUILDHALL_LOG_KEY or _kept_seed(_key_file())


def _key_file() -> Path:
    return Path(settings.GUILDHALL_HOME) / "log-key"


@cache
def _kept_seed(path: Path) -> bytes:
    try:
        return base64.b64decode(path.read_bytes())
    except FileNotFoundError as error:
        raise LogKeyLostError(
            f"This hall signs with the key in {path}, and that file is not there.",
            "Put it back from where it is kept safe, or give it as GUILDHALL_LOG_KEY. Nothing is signed without it.",
        ) from error
