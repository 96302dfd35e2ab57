"""Every setting that the hall reads from the environment: its name, what it means, its default.

A missing or wrong value stops the start with one clear sentence (`SettingError`). The same tuple feeds
`docs/reference/settings.md`, which a test compares with it.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from guildhall.kit.kept import kept


class SettingError(ImproperlyConfigured):
    """A setting is missing, wrong or unsafe: its name, what is wrong, and what to do."""

    def __init__(self, name: str, problem: str, remedy: str) -> None:
        super().__init__(f"{name}: {problem}. {remedy}.")
        self.name = name


@dataclass(frozen=True)
class Setting:
    """One setting: `read` turns the text into a value or raises ValueError with the reason."""

    name: str
    help: str
    default: str
    read: Callable[[str], Any]


def _text(value: str) -> str:
    return value


def _mode(value: str) -> str:
    if value not in {"development", "production"}:
        raise ValueError("must be development or production")
    return value


def read_origin(value: str) -> str:
    if value and not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(/[a-z0-9._~-]+)*", value):
        raise ValueError("must be a host name, without https:// and without a port, such as hall.example.org")
    return value


def _count(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 64:  # noqa: PLR2004 - said in the message
        raise ValueError("must be a whole number from 1 to 64")
    return int(value)


def _token(value: str) -> str:
    if value and not re.fullmatch(r"[!-~]{16,}", value):
        raise ValueError("must be 16 or more letters, digits and signs, without spaces")
    return value


def _list(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _log_key(value: str) -> bytes:
    try:
        seed = base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise ValueError("must be base64") from error
    if seed and len(seed) != 32:  # noqa: PLR2004 - an Ed25519 seed
        raise ValueError("must be 32 bytes in base64")
    return seed


def _database_url(value: str) -> dict[str, Any]:
    if not value:
        return {}
    scheme = value.partition(":")[0]
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ValueError("must begin with sqlite:///, or postgresql://")
    return dict(environ.Env.db_url_config(value))


def _replica_url(value: str) -> dict[str, Any]:
    if value and value.partition(":")[0] not in {"postgres", "postgresql"}:
        raise ValueError("must begin with postgresql://")
    return _database_url(value)


SETTINGS: tuple[Setting, ...] = (
    Setting("GUILDHALL_MODE", "development, or production: which refuses to start when unsafe", "development", _mode),
    Setting("GUILDHALL_HOME", "The data folder: SQLite's file, the log key, the secret key", "./var", _text),
    Setting(
        "DATABASE_URL",
        "Where the data is kept: sqlite:///path or postgresql://user:password@host/name. "
        "Empty: guildhall.sqlite3 in the data folder",
        "",
        _database_url,
    ),
    Setting(
        "DATABASE_REPLICA_URL",
        "A streaming replica of the PostgreSQL database, from which pages are read: postgresql://user:password@host/name",
        "",
        _replica_url,
    ),
    Setting(
        "SECRET_KEY",
        "Signs cookies and forms; 50 or more random characters. "
        "Empty in development: made at the first run and kept in the data folder",
        "",
        _text,
    ),
    Setting(
        "GUILDHALL_ORIGIN",
        "The name under which this hall signs, such as hall.example.org. Fixed when the hall is created and stored. "
        "Empty: a random name under .localhost",
        "",
        read_origin,
    ),
    Setting(
        "GUILDHALL_LOG_KEY",
        "The Ed25519 seed that signs, 32 bytes in base64. Empty: made at the first run, in the data folder, mode 0600",
        "",
        _log_key,
    ),
    Setting("GUILDHALL_TITLE", "The name of the hall on every page", "Guildhall", _text),
    Setting(
        "GUILDHALL_HOSTS",
        "Host names that may be asked for, with commas between. Needed in production",
        "localhost,127.0.0.1,[::1]",
        _list,
    ),
    Setting("GUILDHALL_CONTACT", "Where people report a problem: an email address or a web address", "", _text),
    Setting("GUILDHALL_WORKERS", "How many web worker processes serve pages", "2", _count),
    Setting(
        "GUILDHALL_METRICS_TOKEN",
        "Lets a monitor read /metrics from elsewhere: 16 or more characters. Empty: from this machine only",
        "",
        _token,
    ),
)


def read_environment(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Read all settings: name -> value. Raises SettingError naming the first that is wrong or unsafe."""
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        try:
            values[setting.name] = setting.read(environment.get(setting.name, "") or setting.default)
        except ValueError as error:
            raise SettingError(setting.name, str(error), "See docs/reference/settings.md") from error
    if values["DATABASE_REPLICA_URL"] and not values["DATABASE_URL"].get("ENGINE", "").endswith("postgresql"):
        raise SettingError(
            "DATABASE_REPLICA_URL", "needs a PostgreSQL database to be the replica of", "Set DATABASE_URL to that"
        )
    if values["GUILDHALL_MODE"] == "production":
        _refuse_unsafe(values, environment)
    return values


def _refuse_unsafe(values: Mapping[str, Any], environment: Mapping[str, str]) -> None:
    key = values["SECRET_KEY"]
    if len(key) < 50 or len(set(key)) < 10:  # noqa: PLR2004 - as Django's own deployment check
        raise SettingError(
            "SECRET_KEY",
            "must be set in production, to at least 50 characters that nobody can guess",
            "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'",
        )
    if not environment.get("GUILDHALL_HOSTS"):
        raise SettingError(
            "GUILDHALL_HOSTS", "must be set in production", "Give the host names that this hall answers to"
        )
    if "*" in values["GUILDHALL_HOSTS"]:
        raise SettingError("GUILDHALL_HOSTS", "must not be * in production", "Name each host")
    if not values["GUILDHALL_ORIGIN"]:
        raise SettingError(
            "GUILDHALL_ORIGIN",
            "must be set in production, because it is signed into every proof and cannot change",
            "Give the host name that people will know this hall by",
        )


def kept_secret(folder: Path, name: str) -> str:
    """A random secret kept in `folder/name` with mode 0600, made the first time it is asked for."""
    make_home(folder)
    try:
        return kept(folder / name, lambda: secrets.token_urlsafe(50).encode()).decode().strip()
    except OSError as error:
        raise _unusable_home(folder, error) from error


def make_home(folder: Path) -> None:
    """Make the data folder, if it is not there. Raises SettingError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable_home(folder, error) from error


def _unusable_home(folder: Path, error: OSError) -> SettingError:
    return SettingError(
        "GUILDHALL_HOME", f"{folder} cannot be used: {error.strerror}", "Give a folder that the hall may write to"
    )
