"""The files that auditors read: checkpoint, tiles, bundles and keys. A full check asks for hundreds a second."""

from __future__ import annotations

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from guildhall.kit.access import anyone
from guildhall.kit.answers import revalidated
from guildhall.log.tiles import TILE_WIDTH, TilePath, TilePathError, parse_tile_path
from guildhall.registers import succession
from guildhall.registers.queries import proofs

_TEXT = "text/plain; charset=utf-8"
_BINARY = "application/octet-stream"
_OPEN = {"Access-Control-Allow-Origin": "*"}
# Full tiles and bundles never change, and partial ones neither; but those are soon asked for no more.
_FOR_EVER = _OPEN | {"Cache-Control": "public, max-age=31536000, immutable"}
_FOR_A_WHILE = _OPEN | {"Cache-Control": "public, max-age=3600"}
_FOR_SECONDS = _OPEN | {"Cache-Control": "public, max-age=2"}


@anyone
def checkpoint(request: HttpRequest, organisation: str, name: str) -> HttpResponse:  # noqa: ARG001 - every view is given it
    """The list's signed size and root."""
    return HttpResponse(proofs.checkpoint(f"{organisation}/{name}"), content_type=_TEXT, headers=_FOR_SECONDS)


@anyone
def tile(request: HttpRequest, organisation: str, name: str, rest: str) -> HttpResponseBase:
    """A tile of hashes, a bundle of entries or one of items, of any width up to the head."""
    try:
        asked = parse_tile_path(f"tile/{rest}")
    except TilePathError as error:
        raise proofs.UnknownTileError(
            str(error), "They are named as C2SP tlog-tiles has it: tile/0/000 or tile/entries/x001/234.p/5."
        ) from error
    read = proofs.of_path(f"{organisation}/{name}")
    if asked.kind == "items":
        # An item can be erased, so its bundle is asked about each time; the tag is of its very bytes.
        body = read.items(asked.index, asked.width)
        tag = f'"{sha256(body).hexdigest()[:32]}"'
        return revalidated(request, tag, lambda: HttpResponse(body, content_type=_BINARY))
    body = _fixed(read, asked)
    headers = _FOR_EVER if asked.width == TILE_WIDTH else _FOR_A_WHILE
    return HttpResponse(body, content_type=_BINARY, headers=headers)


@anyone
def log_keys(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - every view is given it
    """The keys under which this hall signs, a line each, today's first; then what followed what, as signed notes."""
    return HttpResponse(succession.published_keys(), content_type=_TEXT, headers=_FOR_SECONDS)


def _fixed(read: proofs.Proofs, asked: TilePath) -> bytes:
    if asked.kind == "entries":
        return read.entries(asked.index, asked.width)
    return read.tile(asked.level, asked.index, asked.width)
