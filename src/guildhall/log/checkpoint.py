"""Checkpoints (https://c2sp.org/tlog-checkpoint): a log's name, size and root, as a signed note."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from guildhall.log.notes import NoteError, Signer, VerifierKey

_ROOT_SIZE = 32
_LARGEST = 2**63 - 1
_BODY = re.compile(r"(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,18})\n(?P<root>[A-Za-z0-9+/]+=)\n")


class CheckpointError(ValueError):
    """A checkpoint that is malformed, of another log, or not signed by its key."""


@dataclass(frozen=True)
class Checkpoint:
    """What a log had at one moment: `root` over its first `size` entries. `origin` is the log's name."""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def sign_checkpoint(signer: Signer, checkpoint: Checkpoint) -> str:
    return signer.sign(checkpoint.body())


def open_checkpoint(text: str, key: VerifierKey) -> Checkpoint:
    """Read a checkpoint that `key` has signed under its log's name. Raises CheckpointError."""
    try:
        checkpoint = parse_body(key.verify(text))
    except NoteError as error:
        raise CheckpointError(str(error)) from error
    if checkpoint.origin != key.name:
        raise CheckpointError(f"It is that of another log, {checkpoint.origin}.")
    return checkpoint


def parse_body(body: str) -> Checkpoint:
    """Read the three lines, in their one right form. Says nothing of who signed them. Raises CheckpointError."""
    found = _BODY.fullmatch(body)
    if not found:
        raise CheckpointError("It does not consist of a name, a size and a root.")
    try:
        root = base64.b64decode(found["root"], validate=True)
    except binascii.Error as error:
        raise CheckpointError("Its root is no base64.") from error
    checkpoint = Checkpoint(found["origin"], int(found["size"]), root)
    if len(root) != _ROOT_SIZE or checkpoint.size > _LARGEST or checkpoint.body() != body:
        raise CheckpointError("Its size or root is not in its one right form.")
    return checkpoint
