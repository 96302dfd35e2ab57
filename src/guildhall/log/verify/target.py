"""What an address or folder names: a whole hall, or one list of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx

from guildhall.log.verify.sources import FolderPlace, HttpPlace, NotThereError, Place, SourceError

LIST_PATH = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*/[a-z0-9]+(?:-[a-z0-9]+)*")
_LIST_ADDRESS = re.compile(rf"(?P<hall>.*/)registers/(?P<path>{LIST_PATH.pattern})/?")
_CHECKPOINT_SIZE = 64 * 1024
_PAGE_SIZE = 8 * 1024 * 1024
_PAGE, _INDEX = "registers/?format=json", "registers/index.json"
_MOST_PAGES = 10_000


@dataclass(frozen=True)
class Target:
    """A hall; and the path and place of the one list that is meant, if it is one."""

    hall: Place
    path: str | None = None
    own_place: Place | None = None  # of a folder that holds one list alone

    def place(self, path: str) -> Place:
        if path == self.path and self.own_place is not None:
            return self.own_place
        return self.hall.below(f"registers/{path}")

    def paths(self) -> Iterator[str]:
        """The paths of the lists to check."""
        if self.path is not None:
            yield self.path
        elif isinstance(self.hall, FolderPlace):
            for file in sorted(self.hall.folder.glob("registers/*/*/checkpoint")):
                yield f"{file.parent.parent.name}/{file.parent.name}"
        else:
            yield from _listed(self.hall)


def find_target(address: str, client: httpx.Client) -> Target:
    """Raises SourceError when it is neither an address nor such a folder."""
    if re.match("https?://", address, re.IGNORECASE):
        return _at_address(address, client)
    if "://" in address:
        raise SourceError(f"{address} is no address that can be read: it must begin with https:// or http://.")
    return _in_folder(Path(address))


def _at_address(address: str, client: httpx.Client) -> Target:
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise SourceError(f"{address} is no address: {error}.") from error
    if parts.query or parts.fragment or "@" in parts.netloc or not parts.hostname:
        raise SourceError(f"{address} is not the address of a hall or list. Give it up to the list's name.")
    path = parts.path.rstrip("/") + "/"
    found = _LIST_ADDRESS.fullmatch(path)
    if found:
        path = found["hall"]
    elif path.endswith("/registers/"):
        path = path.removesuffix("registers/")
    elif "/registers/" in path:
        raise SourceError(f"{address} is not the address of a list. It ends in /registers/ORGANISATION/NAME/.")
    hall = HttpPlace(client, urlunsplit((parts.scheme, parts.netloc, path, "", "")))
    return Target(hall, found["path"] if found else None)


def _in_folder(folder: Path) -> Target:
    folder = folder.resolve()
    if (folder / "registers").is_dir():
        return Target(FolderPlace(folder))
    if not (folder / "checkpoint").is_file():
        raise SourceError(
            f"{folder} holds neither a list (a file named checkpoint) nor a hall (a folder named registers)."
        )
    found = _LIST_ADDRESS.fullmatch(f"{folder.as_posix()}/")
    if found:
        return Target(FolderPlace(Path(found["hall"])), found["path"])
    place = FolderPlace(folder)
    return Target(place, _path_in(place), place)


def _path_in(place: FolderPlace) -> str:
    """Where a folder bears no list's name, the checkpoint says whose it is; that is checked with the key."""
    origin = place.read("checkpoint", _CHECKPOINT_SIZE).decode(errors="replace").partition("\n")[0]
    path = origin.partition("/registers/")[2]
    if not LIST_PATH.fullmatch(path):
        raise SourceError(f"{place.folder}/checkpoint is not that of a list.")
    return path


def _listed(hall: Place) -> Iterator[str]:
    """The lists that a hall names, page by page."""
    page, seen = _PAGE, set[str]()
    while page:
        if page in seen or len(seen) >= _MOST_PAGES:
            raise SourceError(f"{hall.address}registers/ never comes to an end.")
        seen.add(page)
        told = _page(hall, page) if page != _PAGE else _first_page(hall)
        yield from told[0]
        page = _next(hall, told[1]) if told[1] else ""


def _first_page(hall: Place) -> tuple[list[str], str | None]:
    """As a hall answers it; a static copy has a file."""
    try:
        return _page(hall, _PAGE)
    except SourceError as error:
        try:
            return _page(hall, _INDEX)
        except SourceError:
            raise error from None


def _page(hall: Place, page: str) -> tuple[list[str], str | None]:
    try:
        told: Any = json.loads(hall.read(page, _PAGE_SIZE))
        paths, following = [one["path"] for one in told["results"]], told.get("next")
    except NotThereError:
        raise SourceError(f"There is no hall at {hall.address}, or it does not list its lists.") from None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise SourceError(f"{hall.address}{page} does not list the lists of a hall.") from None
    if not all(isinstance(path, str) and LIST_PATH.fullmatch(path) for path in paths):
        raise SourceError(f"{hall.address}{page} names a list as no list can be called.")
    return paths, following


def _next(hall: Place, following: object) -> str:
    """The address of the following page, below the hall's own: nobody is followed to another place."""
    own = urlsplit(hall.address)
    parts = urlsplit(urljoin(f"{hall.address}registers/", str(following)))
    if parts.netloc != own.netloc or not parts.path.startswith(own.path):
        raise SourceError(f"{hall.address}registers/ goes on in another place, {str(following)[:200]}.")
    return parts.path.removeprefix(own.path) + (f"?{parts.query}" if parts.query else "")
