"""Where a hall's files are read from: an address, or a folder with copies of the same files.

Nothing that is read is trusted. Every read is bounded in size and time, and nobody is followed to another place.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import httpx

# Requests under way at once.
CONNECTIONS = 4
_TRIES = 3
_LONGEST_WAIT = 10.0  # seconds, whatever Retry-After says
_PATIENCE = 60.0  # seconds for one answer, and longer only while it comes at the rate below
_SLOWEST = 16 * 1024  # bytes a second
_CHUNK = 256 * 1024
_BUSY = {429, 503}


class SourceError(Exception):
    """Something could not be read; the message is a whole sentence."""


class NotThereError(SourceError):
    """The place answers, and has no such file."""


class GoneError(SourceError):
    """The place says that there was such a file and that it is taken away for good (HTTP 410)."""


class Place(Protocol):
    """A hall or one of its lists. `is_live` tells an address, which also answers questions, from a folder of files."""

    @property
    def address(self) -> str: ...

    @property
    def is_live(self) -> bool: ...

    def below(self, path: str) -> Place: ...

    def read(self, path: str, limit: int) -> bytes:
        """A file of at most `limit` bytes. Raises NotThereError, GoneError, SourceError."""
        ...


@dataclass(frozen=True)
class FolderPlace:
    """Copies of a hall's files, at paths like those of its addresses."""

    folder: Path

    @property
    def address(self) -> str:
        return str(self.folder)

    @property
    def is_live(self) -> bool:
        return False

    def below(self, path: str) -> FolderPlace:
        return FolderPlace(self.folder / path)

    def read(self, path: str, limit: int) -> bytes:
        file = self.folder / path
        try:
            with file.open("rb") as stream:
                data = stream.read(limit + 1)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise NotThereError(f"There is no file {file}.") from None
        except OSError as error:
            raise SourceError(f"{file} cannot be read: {error.strerror}.") from error
        return _within(data, limit, str(file))


@dataclass(frozen=True)
class HttpPlace:
    """An address below which a hall answers; it ends in `/`."""

    client: httpx.Client
    base: str

    @property
    def address(self) -> str:
        return self.base

    @property
    def is_live(self) -> bool:
        return True

    def below(self, path: str) -> HttpPlace:
        return HttpPlace(self.client, f"{self.base}{path}/")

    def read(self, path: str, limit: int) -> bytes:
        address = self.base + path
        for wait in [*range(1, _TRIES), None]:
            try:
                with self.client.stream("GET", address) as response:
                    if wait is None or response.status_code not in _BUSY:
                        return _body(response, address, limit)
                    pause = _pause(response, wait)
            except (httpx.RemoteProtocolError, httpx.ReadError) as error:
                # A connection that was kept open and that the other side has closed meanwhile.
                if wait is None:
                    raise SourceError(f"{address} cannot be read: {error}.") from error
                pause = 0.0
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise SourceError(f"{address} cannot be read: {str(error) or type(error).__name__}.") from error
            time.sleep(pause)
        raise AssertionError("the last try returns or raises")


def http_client() -> httpx.Client:
    return httpx.Client(
        timeout=httpx.Timeout(30, connect=10),
        limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
        follow_redirects=False,
        headers={
            "accept": "application/json, */*;q=0.5",
            # What is compressed could be small on its way and fill the memory here.
            "accept-encoding": "identity",
            "user-agent": f"guildhall-verify/{version('guildhall')}",
        },
    )


def _pause(response: httpx.Response, wait: int) -> float:
    """How long a busy server asks us to wait, within bounds."""
    asked = response.headers.get("retry-after", "")
    return min(float(asked), _LONGEST_WAIT) if asked.isascii() and asked.isdigit() else float(wait)


def _body(response: httpx.Response, address: str, limit: int) -> bytes:
    status = response.status_code
    if status == httpx.codes.NOT_FOUND:
        raise NotThereError(f"{address} is not there.")
    if status == httpx.codes.GONE:
        raise GoneError(f"{address} was taken away for good.")
    if response.has_redirect_location:
        raise SourceError(
            f"{address} sends readers on to {response.headers['location'][:200]}. If you trust that, give it."
        )
    if status != httpx.codes.OK:
        raise SourceError(f"{address} answers {status}.")
    if response.headers.get("content-encoding", "identity") != "identity":
        raise SourceError(f"{address} answers in a compressed form that was not asked for.")
    started = time.monotonic()
    parts, size = [], 0
    for part in response.iter_raw(_CHUNK):
        parts.append(part)
        size += len(part)
        if size > limit:
            break
        if time.monotonic() > started + _PATIENCE + size / _SLOWEST:
            raise SourceError(f"{address} answers too slowly.")
    return _within(b"".join(parts), limit, address)


def _within(data: bytes, limit: int, name: str) -> bytes:
    if len(data) > limit:
        raise SourceError(f"{name} is larger than such a file can be ({limit:,} bytes).")
    return data
