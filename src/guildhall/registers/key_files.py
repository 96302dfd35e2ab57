"""The files that hold the log key, in the data folder: `log-key`, and for a moment the one that will follow it.

Which of them the hall signs with is told by its public half, which stands in the database: so a change of keys is done
when the database says so, and a crash before or after leaves a hall that signs with the right one.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from guildhall.kit.exceptions import ConflictError
from guildhall.kit.kept import kept, sync_folder

SEED_BYTES = 32
KEY, NEXT = "log-key", "log-key.next"


class LogKeyLostError(ConflictError):
    """The file with the log key is gone. A new key would not be the one that readers remember."""

    title = "The hall's log key is not there"


class LogKeyChangedError(ConflictError):
    """The log key is not the one that the hall has signed with."""

    title = "This is not the hall's log key"


def folder() -> Path:
    return Path(settings.GUILDHALL_HOME)


def public_half(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def make(name: str = KEY) -> bytes:
    """A new key in the file of that name, or the one that stands there already. Returns its seed."""
    return _seed_in(kept(folder() / name, lambda: base64.b64encode(secrets.token_bytes(SEED_BYTES)) + b"\n"))


@cache
def seed(home: Path, public_key: bytes) -> bytes:
    """The seed of this public key (empty: of whichever is there). Raises LogKeyLostError, LogKeyChangedError."""
    others = False
    for name in (KEY, NEXT):
        try:
            found = _seed_in((home / name).read_bytes())
        except FileNotFoundError:
            continue
        if not public_key or public_half(found) == public_key:
            return found
        others = True
    if others:
        raise LogKeyChangedError(
            f"The key in {home / KEY} is not the one that this hall signs with.",
            "Put back the key that it signed with last. On a second machine, copy the file from the first.",
        )
    raise LogKeyLostError(
        f"This hall signs with the key in {home / KEY}, and that file is not there.",
        "Put it back from where it is kept safe, or give it as GUILDHALL_LOG_KEY. Nothing is signed without it.",
    )


def take_next(public_key: bytes) -> None:
    """Put the key that follows, once it is the hall's, in the place of the one before it.

    That one is kept beside it under its own name. Nothing happens where it was done before.
    """
    key, following = folder() / KEY, folder() / NEXT
    if not following.exists() or public_half(_seed_in(following.read_bytes())) != public_key:
        return
    if key.exists():
        key.replace(folder() / f"{KEY}.{public_half(_seed_in(key.read_bytes())).hex()[:8]}")
    following.replace(key)
    sync_folder(folder())


def _seed_in(text: bytes) -> bytes:
    try:
        found = base64.b64decode(text.strip(), validate=True)
    except binascii.Error as error:
        raise _no_key() from error
    if len(found) != SEED_BYTES:
        raise _no_key()
    return found


def _no_key() -> LogKeyChangedError:
    return LogKeyChangedError(f"{folder() / KEY} does not hold a log key.", "Put it back from where it is kept safe.")
