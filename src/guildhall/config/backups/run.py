"""Making a backup, and putting one back."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from guildhall.config import health
from guildhall.config.backups import manifest, postgresql, sqlite
from guildhall.config.backups.manifest import BackupRefusedError, Manifest
from guildhall.kit.exceptions import ConflictError
from guildhall.kit.kept import sync_folder
from guildhall.registers.exports import files
from guildhall.registers.models import RegisterHead
from guildhall.registers.restored import differences


class HallThereError(ConflictError):
    """A backup would be put in the place of a hall that is there."""

    title = "There is a hall already"


class CopyFailedError(ConflictError):
    """The disk or the database did not do it. Whatever was there before is as it was."""

    title = "The copy could not be made"


class FolderTakenError(ConflictError):
    """A backup is a folder of its own, and this one has something in it."""

    title = "There is something in that folder"


def back_up(folder: Path) -> Manifest:
    """Copy the database as it is now into a new folder. It has its name only when it is whole.

    Raises FolderTakenError, BackupRefusedError, ProgramError, CopyFailedError.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderTakenError(f"{folder} is not empty.", "Name a folder that is not there yet.")
    if not health.hall_there():
        raise BackupRefusedError("There is no hall in this database.", "Create it first: guildhall migrate")
    part = folder.with_name(f".{folder.name}.part")
    try:
        with _telling_what_failed():
            folder.parent.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir(mode=0o700)
            copied = sqlite.copied if connection.vendor == "sqlite" else postgresql.copied
            with copied(part) as query:
                made = manifest.write(part, connection.vendor, query)
            _sync(part)
            part.rename(folder)
            sync_folder(folder.parent)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return made


@contextmanager
def _telling_what_failed() -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise CopyFailedError(f"It failed: {error}.", "See whether there is room, and who may write there.") from error


def put_back(folder: Path, *, replace: bool) -> Manifest:
    """Put a backup in the place of what the database holds, and bring its tables up to date.

    The log key, the secret key and the file last-checkpoints are left as they are. Raises BackupRefusedError,
    HallThereError, ProgramError, CopyFailedError.
    """
    found = manifest.read(folder)
    if found.database != connection.vendor:
        raise BackupRefusedError(
            f"{folder} is a backup of a hall on {found.database}, and DATABASE_URL names {connection.vendor}.",
            "Set DATABASE_URL to a database of the same kind.",
        )
    _refuse_later(found)
    there = health.hall_there()
    if there and not replace:
        raise HallThereError(
            f"The hall {there} is in this database.", "Say --replace to put the backup in its place for ever."
        )
    with _telling_what_failed():
        (sqlite if found.database == "sqlite" else postgresql).put_back(folder)
    call_command("migrate", interactive=False, verbosity=0)
    if differences(manifest.checkpoints(folder)):
        raise BackupRefusedError(f"What {folder} holds is not what it says of itself.", "Take another backup.")
    # Whoever was publishing when the copy was made is not any more.
    RegisterHead.objects.update(lease_until=None)
    files.clear()
    return found


def _refuse_later(found: Manifest) -> None:
    """Tables of a later release cannot be used, and nobody can take them back."""
    known = MigrationLoader(None).disk_migrations
    unknown = [f"{app} {name}" for app, name in found.migrations if (app, name) not in known]
    if unknown:
        raise BackupRefusedError(
            f"The backup was made by Guildhall {found.guildhall}, which has tables that this one lacks: {unknown[0]}.",
            "Bring the program up to date first.",
        )


def _sync(folder: Path) -> None:
    """On the disk before it has its name: a backup that a power cut emptied would be worse than none."""
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    sync_folder(folder)
