"""Who this hall is when it signs: its origin and its key."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.utils import timezone

from guildhall.kit.exceptions import ConflictError
from guildhall.log.checkpoint import CheckpointError, open_checkpoint
from guildhall.log.notes import Signer, VerifierKey
from guildhall.registers import key_files
from guildhall.registers.key_files import LogKeyChangedError
from guildhall.registers.models import HallIdentity, KeySuccession


class OriginChangedError(ConflictError):
    """GUILDHALL_ORIGIN differs from the origin that the hall was created with."""

    title = "The hall's origin cannot change"


def create_identity() -> str:
    """Fix origin and key at the first run; later only check that the origin is still the same. Returns it."""
    fresh = settings.GUILDHALL_ORIGIN or f"{secrets.token_hex(6)}.localhost"
    # Of two programs that start at once the first creates it.
    fixed, is_new = HallIdentity.objects.get_or_create(pk=1, defaults={"origin": fresh, "created": timezone.now()})
    if is_new and not settings.GUILDHALL_LOG_KEY:
        key_files.make()
    if settings.GUILDHALL_ORIGIN not in {"", fixed.origin}:
        raise OriginChangedError(
            f"GUILDHALL_ORIGIN is {settings.GUILDHALL_ORIGIN}, but this hall signs as {fixed.origin}.",
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


def note_key() -> None:
    """Note which key the hall signs with, in a hall that is new or from a release that did not."""
    HallIdentity.objects.filter(public_key=b"").update(public_key=key_files.public_half(log_key_seed()))


def origin() -> str:
    """The hall's origin, such as `hall.example.org`."""
    return HallIdentity.objects.values_list("origin", flat=True).get()


def log_name(path: str) -> str:
    """The first line of a register's checkpoints, which is also the name of its key."""
    return log_of(origin(), path)


def log_of(hall_origin: str, path: str) -> str:
    return f"{hall_origin}/registers/{path}"


def signer(path: str) -> Signer:
    """Signs checkpoints of one register with the key of today. Raises LogKeyLostError, LogKeyChangedError."""
    hall = HallIdentity.objects.get()
    return Signer(log_of(hall.origin, path), _seed_of(hall))


def verifier_key() -> VerifierKey:
    """The hall's verifier key, under its origin."""
    hall = HallIdentity.objects.get()
    return Signer(hall.origin, _seed_of(hall)).verifier_key


def log_key_seed() -> bytes:
    """The Ed25519 seed that the hall signs with today. Raises LogKeyLostError, LogKeyChangedError."""
    return _seed_of(HallIdentity.objects.get())


def _seed_of(hall: HallIdentity) -> bytes:
    public_key = bytes(hall.public_key)
    given: bytes = settings.GUILDHALL_LOG_KEY
    if not given:
        return key_files.seed(key_files.folder(), public_key)
    if not public_key or key_files.public_half(given) == public_key:
        return given
    # After a change of keys the new one stands in a file, until the environment is given it.
    if not KeySuccession.objects.filter(predecessor__endswith=f"+{key_part(given)}").exists():
        raise LogKeyChangedError(
            "GUILDHALL_LOG_KEY is not the key that this hall signs with.", "Put back the key that it signed with last."
        )
    return key_files.seed(key_files.folder(), public_key)


def key_part(seed: bytes) -> str:
    """The last part of the verifier key of a seed, which is the same under every name."""
    return Signer("hall", seed).verifier_key.format().rpartition("+")[2]
