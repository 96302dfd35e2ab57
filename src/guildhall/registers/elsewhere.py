"""Checkpoints from elsewhere: from a mirror, an auditor's memory, or the data folder of another machine."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from guildhall.kit.exceptions import BadRequestError
from guildhall.log.checkpoint import CheckpointError, open_checkpoint
from guildhall.log.notes import VerifierKey
from guildhall.log.verify.sources import HttpPlace, SourceError, http_client
from guildhall.registers import identity, last_checkpoints
from guildhall.registers.last_checkpoints import UNKNOWN, LastCheckpoints, body_of
from guildhall.registers.models import HallIdentity, KeySuccession
from guildhall.registers.remembering import remember_anew
from guildhall.registers.restored import Difference, differences

_MOST_BYTES = 16 * 1024 * 1024


class CheckpointRefusedError(BadRequestError):
    """What was given is no checkpoint that this hall has signed."""

    title = "This is no checkpoint of this hall"


def checkpoints_of(source: str) -> dict[str, str]:
    """Path of a list -> its checkpoint, from a file or an address. Raises CheckpointRefusedError.

    It may be a list's checkpoint, what `guildhall verify` remembers, or a file of last checkpoints. Only what this hall
    has signed itself is taken.
    """
    text = _read(source)
    start = f"{identity.origin()}/registers/"
    keys = [identity.verifier_key(), *_predecessors()]
    found = {}
    for note in _notes(text):
        name = note.partition("\n")[0]
        if name.startswith(start):
            _refuse_unsigned(note, [key.named(name) for key in keys], source)
            found[name.removeprefix(start)] = note
    if not found:
        raise CheckpointRefusedError(
            f"{source} holds no checkpoint of {identity.origin()}.",
            "Give a list's checkpoint, the file that guildhall verify keeps, or a copy of last-checkpoints.",
        )
    return found


def heed(checkpoints: Mapping[str, str]) -> list[Difference]:
    """Sign again, if nothing is missing of what these show; from now on nothing, if something is. Returns what it is.

    So a hall that was put back with its whole data folder, which cannot tell that itself, can be told.
    """
    missing = differences(checkpoints)
    if missing:
        _learn(checkpoints)
    elif not is_known_here():
        remember_anew()
    return missing


def state_none() -> None:
    """Sign again, because the operator has stated that no checkpoint is known anywhere."""
    remember_anew()


def is_known_here() -> bool:
    """Whether the last checkpoints known in the data folder can be read: then those from elsewhere change nothing."""
    return last_checkpoints.read_or_none() is not None


def _learn(checkpoints: Mapping[str, str]) -> None:
    """Add these to what is known. The hall signs again when its database holds all of that."""
    known = last_checkpoints.read_or_none()
    before = dict(known.checkpoints) if known is not None else {}
    later = {
        path: note
        for path, note in checkpoints.items()
        if path not in before or body_of(before[path]).size < body_of(note).size
    }
    last_checkpoints.write(LastCheckpoints(identity.origin(), UNKNOWN, "", "", before | later))
    HallIdentity.objects.update(keeps_checkpoints=True)


def _predecessors() -> list[VerifierKey]:
    return [VerifierKey.parse(line) for line in KeySuccession.objects.values_list("predecessor", flat=True)]


def _read(source: str) -> str:
    try:
        if source.startswith(("https://", "http://")):
            base, _, name = source.rpartition("/")
            with http_client() as client:
                return HttpPlace(client, f"{base}/").read(name, _MOST_BYTES).decode()
        return Path(source).read_text("utf-8")
    except (OSError, SourceError, UnicodeDecodeError) as error:
        raise CheckpointRefusedError(
            f"{source} cannot be read: {error}", "Give a file, or an address that begins with https://."
        ) from error


def _notes(text: str) -> Iterable[str]:
    """The checkpoints in one of the three kinds of file."""
    if not text.lstrip().startswith("{"):
        return [text]
    try:
        told = json.loads(text)
        notes = told.get("logs", told.get("checkpoints", {})).values()
    except (ValueError, AttributeError):
        return []
    return [note for note in notes if isinstance(note, str)]


def _refuse_unsigned(note: str, keys: list[VerifierKey], source: str) -> None:
    for key in keys:
        try:
            open_checkpoint(note, key)
        except CheckpointError as error:
            reason = error
        else:
            return
    raise CheckpointRefusedError(
        f"{source} holds a checkpoint that this hall has not signed. {reason}", "Take it from where you can trust it."
    )
