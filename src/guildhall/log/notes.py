"""Signed notes (https://c2sp.org/signed-note) with Ed25519 keys."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_ID_SIZE = 4
_KEY_SIZE = 32
_MOST_SIGNATURES = 100
_SIGNATURE = re.compile(r"— (?P<name>[^\s+]+) (?P<bytes>[A-Za-z0-9+/]+={0,2})")
_KEY = re.compile(r"(?P<name>[^\s+]+)\+(?P<id>[0-9a-f]{8})\+(?P<bytes>[A-Za-z0-9+/]+={0,2})")
_NAME = re.compile(r"[^\s+]+")
# A note's text: whole lines, and no control character but the line feed.
_TEXT = re.compile(r"(?:[^\x00-\x1f\x7f]*\n)+")


class NoteError(ValueError):
    """A note or key that is malformed, or a signature that is missing or does not hold."""


@dataclass(frozen=True)
class VerifierKey:
    """A public key and the name that it signs under. Its id is worked out from both."""

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or not self.name.isprintable():
            raise NoteError(f"A key cannot be called {self.name!r}: a name has no spaces, no + and nothing invisible.")
        if len(self.public_key) != _KEY_SIZE:
            raise NoteError("An Ed25519 key has 32 bytes.")

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read `name+hex id+base64`. Raises NoteError."""
        found = _KEY.fullmatch(text.strip())
        if not found:
            raise NoteError("A verifier key is written NAME+ID+KEY, as in example.org+1a2b3c4d+AbCd…")
        data = _decoded(found["bytes"])
        if data[:1] != _ED25519:
            raise NoteError("This verifier key is not an Ed25519 key.")
        key = cls(found["name"], data[1:])
        if key.id.hex() != found["id"]:
            raise NoteError("The parts of this verifier key do not belong together. Copy it again, whole.")
        return key

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public_key).digest()[:_ID_SIZE]

    def named(self, name: str) -> VerifierKey:
        """The same key under another name: a hall's one key signs each of its logs under the log's own name."""
        return VerifierKey(name, self.public_key)

    def format(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(_ED25519 + self.public_key).decode()}"

    def verify(self, note: str) -> str:
        """The text of a note that this key has signed; the signatures of others are passed over. Raises NoteError."""
        text, signatures = _parts(note)
        own = [data for name, data in signatures if name == self.name and data[:_ID_SIZE] == self.id]
        if not own:
            raise NoteError(f"It is not signed with the key {self.format()}.")
        public_key = Ed25519PublicKey.from_public_bytes(self.public_key)
        for data in own:
            try:
                public_key.verify(data[_ID_SIZE:], text.encode())
            except InvalidSignature:
                raise NoteError(f"The signature under the name {self.name} does not hold.") from None
        return text


class Signer:
    """Signs under one name with an Ed25519 seed of 32 bytes."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._private_key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier_key = VerifierKey(name, self._private_key.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The note: the text, which must consist of whole lines, a blank line, and the signature. Raises NoteError."""
        if not _TEXT.fullmatch(text):
            raise NoteError("A note consists of whole lines without control characters.")
        key = self.verifier_key
        signature = base64.b64encode(key.id + self._private_key.sign(text.encode())).decode()
        return f"{text}\n— {key.name} {signature}\n"


def _parts(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Text and signatures, each with its name and the bytes of id and signature."""
    text, blank, below = note.rpartition("\n\n")
    text += "\n"
    if not blank or not below.endswith("\n") or not _TEXT.fullmatch(text):
        raise NoteError("It is not a signed note.")
    lines = below.removesuffix("\n").split("\n")
    if len(lines) > _MOST_SIGNATURES:
        raise NoteError("It has more signatures than anyone could want.")
    signatures = []
    for line in lines:
        found = _SIGNATURE.fullmatch(line)
        if not found:
            raise NoteError("One of its signature lines is malformed.")
        signatures.append((found["name"], _decoded(found["bytes"])))
    return text, signatures


def _decoded(text: str) -> bytes:
    """Base64 in its one right form."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise NoteError("It has base64 that cannot be read.") from error
    if base64.b64encode(data).decode() != text:
        raise NoteError("It has base64 that is not in its one right form.")
    return data
