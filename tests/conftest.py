"""What all tests share: an empty hall, and no way out of this machine."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

ORIGIN = "hall.example"

# How long one example takes says more of the machine than of the code. In CI the examples are the same each time, so
# that a change fails for what it did; whoever develops sees new ones at every run.
hypothesis.settings.register_profile("here", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("here")


class OutsideError(AssertionError):
    """A test tried to reach another machine."""


def _refuse_outside(event: str, arguments: tuple[object, ...]) -> None:
    """Sockets lead to this machine only. An audit hook sees every one that Python opens, from any library."""
    if event in {"socket.connect", "socket.sendto"} and not _is_here(arguments[1]):
        raise OutsideError(f"a test tried to reach {arguments[1]}")
    if event in {"socket.getaddrinfo", "socket.gethostbyname"} and not _is_here((arguments[0],)):
        raise OutsideError(f"a test tried to look up {arguments[0]!r}")


def _is_here(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a socket file
    host = address[0].decode() if isinstance(address[0], bytes) else address[0]
    if host in {None, "", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


sys.addaudithook(_refuse_outside)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite's test database is a file, as a hall's is: WAL and locks are then the real ones."""
    from django.db import connection  # noqa: PLC0415 - after the settings are read

    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "guildhall.sqlite3")


@pytest.fixture
def home(tmp_path: Path, settings: Settings) -> Path:
    """A data folder of the test's own, and the settings of a hall in it, whatever the environment says."""
    folder = tmp_path / "hall-home"
    settings.GUILDHALL_HOME = folder
    settings.GUILDHALL_ORIGIN = ORIGIN
    settings.GUILDHALL_LOG_KEY = b""
    settings.GUILDHALL_TITLE = "Guildhall"
    settings.GUILDHALL_CONTACT = ""
    return folder


@pytest.fixture
def hall(db: None, home: Path) -> Iterator[None]:
    """An empty hall: its identity, its key and its own five lists."""
    from guildhall.registers import catalogue, key_files  # noqa: PLC0415 - after the settings are read
    from guildhall.registers.bootstrap import ensure_hall  # noqa: PLC0415

    catalogue.forget_parsed()
    key_files.seed.cache_clear()
    ensure_hall()
    yield
    catalogue.forget_parsed()
    key_files.seed.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def _own_environment() -> Iterator[None]:
    """Programs that tests start must not find the hall of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GUILDHALL_") or name == "SECRET_KEY"]:
            if name != "GUILDHALL_REAL_DATA":
                patch.delenv(name)
        yield
