"""What this program saw before, kept for its user: the keys of halls, and the last checkpoint of each log.

Without it a hall could show a changed past to someone who comes back.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guildhall.log.checkpoint import Checkpoint, CheckpointError, parse_body
from guildhall.log.notes import NoteError, VerifierKey
from guildhall.log.successions import SuccessionError, follow

_VERSION = 1


class KnownError(Exception):
    """The file cannot be read or written; the message is a whole sentence."""


class KeyChangedError(Exception):
    """A hall shows another key, or another origin, than the one remembered for it."""


@dataclass
class Known:
    """`halls` has the origin at each address, `keys` the key of each origin, `logs` the last checkpoint of each log."""

    path: Path
    halls: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    logs: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Known:
        """Raises KnownError: what was remembered is never passed over in silence."""
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return cls(path)
        except (OSError, ValueError) as error:
            raise KnownError(f"{path}, which holds what was seen before, cannot be read: {error}.") from error
        if not _is_kept(kept):
            raise KnownError(f"{path} does not hold what was seen before by this version of the program.")
        return cls(path, kept["halls"], kept["keys"], kept["logs"])

    def save(self) -> None:
        """Whole or not at all. Raises KnownError."""
        kept = {"version": _VERSION, "halls": self.halls, "keys": self.keys, "logs": self.logs}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, part = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(kept, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            Path(part).replace(self.path)
        except OSError as error:
            raise KnownError(f"{self.path} cannot be written: {error.strerror}.") from error

    def key_at(self, address: str) -> VerifierKey | None:
        """The key remembered for the hall at an address."""
        origin = self.halls.get(address)
        return VerifierKey.parse(self.keys[origin]) if origin in self.keys else None

    def trust(self, address: str, key: VerifierKey) -> None:
        """Remember a key that was given, or seen for the first time."""
        self.halls[address] = key.name
        self.keys[key.name] = key.format()

    def refuse_other(self, address: str, key: VerifierKey, log_keys: str) -> bool:
        """Raises KeyChangedError if another key is remembered for this address or origin, and this does not follow it.

        `log_keys` is what the hall says of its keys. Returns whether the key is that of a successor.
        """
        origin = self.halls.get(address, key.name)
        if origin != key.name:
            raise KeyChangedError(
                f"At {address} there used to be the hall {origin}; now it signs as {key.name}. "
                "If you know from elsewhere that this is right, give its key."
            )
        remembered = self.keys.get(origin, key.format())
        try:
            follow(log_keys, VerifierKey.parse(remembered))
        except SuccessionError as error:
            raise KeyChangedError(
                f"{error} If you know from elsewhere that the new one is right, give it with --key."
            ) from error
        return remembered != key.format()

    def checkpoint(self, log: str) -> Checkpoint | None:
        """The last checkpoint of a log that was found to hold."""
        note = self.logs.get(log)
        return parse_body(note.rpartition("\n\n")[0] + "\n") if note is not None else None


def default_path() -> Path:
    """A file of the user's own."""
    state = os.environ.get("XDG_STATE_HOME")
    return (Path(state) if state else Path.home() / ".config") / "guildhall" / "verified.json"


def _is_kept(kept: Any) -> bool:
    if not isinstance(kept, dict) or kept.get("version") != _VERSION:
        return False
    parts = [kept.get(name) for name in ("halls", "keys", "logs")]
    if not all(isinstance(part, dict) and all(isinstance(text, str) for text in part.values()) for part in parts):
        return False
    try:
        for name, line in kept["keys"].items():
            if VerifierKey.parse(line).name != name:
                return False
        for name, note in kept["logs"].items():
            if parse_body(note.rpartition("\n\n")[0] + "\n").origin != name:
                return False
    except (NoteError, CheckpointError):
        return False
    return True
