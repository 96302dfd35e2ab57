"""Looks at the data folder, the settings and the machine."""

from __future__ import annotations

import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from guildhall.config import health
from guildhall.config.doctor.findings import Finding, look, well, wrong
from guildhall.kit import alive
from guildhall.registers import identity, key_files, last_checkpoints
from guildhall.registers.followers import exports
from guildhall.registers.key_files import LogKeyChangedError, LogKeyLostError
from guildhall.registers.models import HallIdentity, Publication

_GB = 1024**3
_TIGHT, _FULL = 0.10, 0.02  # of the disk
_LARGE_WAL = 512 * 1024**2
_LATE_SECONDS = 60 * 60


def of_settings() -> Iterator[Finding]:
    """That it runs as a hall for others should. Wrong settings stop the start, so none is left to be found here."""
    if not settings.PRODUCTION:
        yield look("settings", "GUILDHALL_MODE is development.", "Set it to production before others use this hall.")
        return
    yield well("settings", "They are those of a hall for others.")
    if not settings.GUILDHALL_CONTACT:
        yield look("settings", "GUILDHALL_CONTACT is empty.", "Say where people can report what is wrong.")


def of_origin() -> Iterator[Finding]:
    stored = HallIdentity.objects.get().origin
    if settings.GUILDHALL_ORIGIN not in {"", stored}:
        told = f"GUILDHALL_ORIGIN is {settings.GUILDHALL_ORIGIN}, and this hall signs as {stored}."
        yield wrong("origin", told, f"Set it to {stored}, or leave it out.")
    elif stored.endswith(".localhost"):
        told = f"This hall signs as {stored}, a name that was made up."
        yield look("origin", told, "That is right for trying it out. For others create a hall with GUILDHALL_ORIGIN.")
    else:
        yield well("origin", f"It signs as {stored}.")


def of_log_key() -> Iterator[Finding]:
    """That the key is there, is the right one, and cannot be read by others."""
    try:
        identity.log_key_seed()
    except (LogKeyLostError, LogKeyChangedError) as error:
        yield wrong("log key", error.problem, error.remedy)
        return
    yield from _open_to_others("log key", key_files.folder() / key_files.KEY)
    yield from _open_to_others("secret key", key_files.folder() / "secret-key")
    if settings.GUILDHALL_LOG_KEY and key_files.public_half(settings.GUILDHALL_LOG_KEY) != bytes(
        HallIdentity.objects.get().public_key
    ):
        told = "GUILDHALL_LOG_KEY is the key before the one in the data folder."
        yield look("log key", told, "Take it out of the environment, or give it the new key.")
    if (key_files.folder() / key_files.NEXT).exists():
        told = "A change of keys was begun and not ended."
        yield look("log key", told, "Run guildhall log-key rotate again: it goes on where it stopped.")


def _open_to_others(about: str, path: Path) -> Iterator[Finding]:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return  # it is given by the environment
    if mode & 0o077:
        yield wrong(about, f"{path} can be read by others (mode {mode:04o}).", f"chmod 600 {path}")
    else:
        yield well(about, f"{path} is there, for its owner alone.")


def of_last_checkpoints() -> Iterator[Finding]:
    """That the hall may sign, and that what it has signed is known outside the database."""
    refusal = health.why_nothing_is_signed()
    if refusal is not None:
        yield wrong("last checkpoints", f"The hall signs nothing. {refusal.problem}", refusal.remedy)
        return
    known = last_checkpoints.read_or_none()
    if known is None:
        told = "They are not kept outside the database yet."
        yield wrong("last checkpoints", told, "Run guildhall migrate.")
        return
    late = Publication.objects.filter(position__gt=known.position).order_by("position").first()
    if late is not None and time.time() - late.time > _LATE_SECONDS:
        told = f"{last_checkpoints.file()} is behind by more than an hour."
        yield wrong("last checkpoints", told, "Start the worker: guildhall worker.")
    else:
        yield well("last checkpoints", f"{last_checkpoints.file()} is up to date.")


def of_disk() -> Iterator[Finding]:
    """The room that is left, for the data folder and on SQLite for the database in it."""
    usage = shutil.disk_usage(settings.GUILDHALL_HOME)
    told = f"{usage.free / _GB:,.1f} GB of {usage.total / _GB:,.1f} GB are free at {settings.GUILDHALL_HOME}."
    if usage.free < usage.total * _FULL:
        yield wrong("disk", told, "Make room now: nothing can be published on a full disk.")
    elif usage.free < usage.total * _TIGHT:
        yield look("disk", told, "Make room before long.")
    else:
        yield well("disk", told)


def of_wal() -> Iterator[Finding]:
    size = health.wal_bytes()
    told = f"SQLite keeps {size / 1024**2:,.0f} MB beside its file."
    if size > _LARGE_WAL:
        yield look("journal", told, "Somebody reads for very long. Start the hall again if it does not shrink.")
    else:
        yield well("journal", told)


def of_worker() -> Iterator[Finding]:
    silent = alive.silent_seconds()
    remedy = "Start it: guildhall worker, or guildhall serve, which starts one beside the web."
    if silent is None:
        yield wrong("worker", "No worker is at work on this machine.", remedy)
    elif silent > alive.SILENT_SECONDS:
        yield wrong("worker", f"Nothing was seen of the worker for {silent:,.0f} seconds.", remedy)
    else:
        yield well("worker", "It is at work.")


def of_exports() -> Iterator[Finding]:
    """Files of large lists that cannot be made."""
    failing = exports.failing()
    if failing:
        told = f"{len(failing):,} files of large lists could not be made, such as {failing[0].name}."
        yield look("files of lists", told, "Run guildhall make-exports and see what it says.")
    else:
        yield well("files of lists", "None has failed.")
