"""Cursors of the changes API: opaque to whoever follows, and of one hall and one origin only."""

from __future__ import annotations

import base64
import binascii
import struct
import zlib
from hashlib import sha256

from django.utils.translation import gettext as _

from guildhall.kit.exceptions import BadRequestError, GuildhallError
from guildhall.registers.queries.following import Place

START = "/api/v1/changes"
_VERSION = 1
# The version, the beginning of the origin's hash, a position, the number of an entry; then a check of these bytes.
_PARTS, _CHECK = struct.Struct(">B6sqq"), struct.Struct(">I")
_LENGTH = (_PARTS.size + _CHECK.size) * 4 // 3


class CursorError(BadRequestError):
    """A cursor that this hall never gave."""

    title = "This cursor cannot be used"


class CursorGoneError(GuildhallError):
    """A cursor of a hall with another origin: its positions mean nothing here."""

    status = 410
    title = "This cursor is of another origin"
    more = {"start": START}


def write_cursor(origin: str, place: Place) -> str:
    parts = _PARTS.pack(_VERSION, _tag(origin), place.position, place.entry)
    return base64.urlsafe_b64encode(parts + _CHECK.pack(zlib.crc32(parts))).decode()


def read_cursor(origin: str, written: str) -> Place:
    """The place that a cursor stands for; an empty one for the beginning. Raises CursorError, CursorGoneError."""
    if not written:
        return Place()
    version, tag, position, entry = _unpacked(written)
    if version != _VERSION or position < 0 or entry < 0:
        raise _unknown()
    if tag != _tag(origin):
        raise CursorGoneError(
            _("This hall has another origin now, %(origin)s, and its changes are numbered afresh.")
            % {"origin": origin},
            _("Start again at %(address)s, and keep by list and number what you had before.") % {"address": START},
        )
    return Place(position, entry)


def _unpacked(written: str) -> tuple[int, bytes, int, int]:
    try:
        whole = base64.b64decode(written, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _unknown() from None
    parts, check = whole[: _PARTS.size], whole[_PARTS.size :]
    # Of the ways to write the same bytes only one was given.
    if len(written) != _LENGTH or check != _CHECK.pack(zlib.crc32(parts)):
        raise _unknown()
    version, tag, position, entry = _PARTS.unpack(parts)
    return version, tag, position, entry


def _tag(origin: str) -> bytes:
    return sha256(origin.encode()).digest()[:6]


def _unknown() -> CursorError:
    return CursorError(
        _("What was given as after is no cursor of this hall."),
        _("Give the cursor of the last answer, as it was, or none to start at %(address)s.") % {"address": START},
    )
