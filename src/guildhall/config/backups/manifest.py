"""What a backup says of itself: from which hall and program it is, and the hashes of its files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import file_digest
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.utils import timezone

from guildhall.kit.exceptions import BadRequestError

FILE, CHECKPOINTS = "manifest.json", "checkpoints.json"
_FORMAT = 1


class BackupRefusedError(BadRequestError):
    """A folder that holds no backup, a damaged one, or one that this hall cannot take."""

    title = "This backup cannot be used"


@dataclass(frozen=True)
class Manifest:
    """`files` has the length and SHA-256 of each file, `migrations` the state of the tables (app, name)."""

    format: int
    guildhall: str  # the version of the program
    made: str
    database: str  # sqlite or postgresql
    origin: str
    position: int
    registers: int
    entries: int
    migrations: list[list[str]]
    files: Mapping[str, Mapping[str, Any]]


# Reads the copy: a query in, its rows out.
Query = Callable[[str], Iterable[tuple[Any, ...]]]


def write(folder: Path, vendor: str, query: Query) -> Manifest:
    """State what was copied into the folder: `query` reads exactly that. Also writes the checkpoints of its lists."""
    checkpoints: dict[str, str] = dict(
        query(
            "SELECT register.path, head.checkpoint FROM registers_registerhead head"
            " JOIN registers_register register ON register.id = head.register_id ORDER BY register.path"
        )
    )
    _write_json(folder / CHECKPOINTS, {"checkpoints": checkpoints})
    manifest = Manifest(
        format=_FORMAT,
        guildhall=version("guildhall"),
        made=timezone.now().isoformat(timespec="seconds"),
        database=vendor,
        origin=_one(query("SELECT origin FROM registers_hallidentity")),
        position=_one(query("SELECT COALESCE(max(position), 0) FROM registers_publication")),
        registers=len(checkpoints),
        entries=int(_one(query("SELECT COALESCE(sum(size), 0) FROM registers_registerhead"))),
        migrations=[[app, name] for app, name in query("SELECT app, name FROM django_migrations ORDER BY id")],
        files={path.name: _facts(path) for path in sorted(folder.iterdir())},
    )
    _write_json(folder / FILE, asdict(manifest))
    return manifest


def read(folder: Path) -> Manifest:
    """What a backup says of itself, after a look at every byte of it. Raises BackupRefusedError."""
    try:
        manifest = Manifest(**json.loads((folder / FILE).read_bytes()))
        format_, names = manifest.format, list(manifest.files)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise BackupRefusedError(
            f"{folder} holds no backup: {error}.", f"Give the folder that guildhall backup made, with {FILE} in it."
        ) from error
    if format_ != _FORMAT:
        raise BackupRefusedError(
            f"{folder} was made by Guildhall {manifest.guildhall}, in a form that this one does not know.",
            "Restore it with that version or a later one.",
        )
    for name in names:
        path = folder / Path(name).name
        if not path.is_file() or _facts(path) != manifest.files[name]:
            raise BackupRefusedError(f"{path} is missing or damaged.", "Take another backup: this one is not whole.")
    return manifest


def checkpoints(folder: Path) -> dict[str, str]:
    """The checkpoint of each list in a backup, by the list's path."""
    told: dict[str, str] = json.loads((folder / CHECKPOINTS).read_bytes())["checkpoints"]
    return told


def _facts(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": file_digest(file, "sha256").hexdigest()}


def _one(rows: Iterable[tuple[Any, ...]]) -> Any:
    ((value,),) = rows
    return value


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False), "utf-8")
