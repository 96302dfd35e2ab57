"""Copying a PostgreSQL database while it is in use, by PostgreSQL's own programs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

from guildhall.config.backups.manifest import Query
from guildhall.kit.exceptions import ConflictError

FILE = "database.dump"
_CONNECTING = ("host", "port", "user", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey", "service")


class ProgramError(ConflictError):
    """One of PostgreSQL's programs is not there, or failed."""

    title = "PostgreSQL's own program did not do it"


@contextmanager
def copied(folder: Path) -> Iterator[Query]:
    """Copy the database as it is at one moment: a snapshot that pg_dump and what reads beside it share."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        command = [program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges"]
        command += [f"--snapshot={cursor.fetchone()[0]}", f"--file={folder / FILE}", f"--dbname={_conninfo()}"]
        _run(command)

        def query(sql: str) -> Any:
            cursor.execute(sql)
            return cursor.fetchall()

        yield query


def put_back(folder: Path) -> None:
    """Put a copy in the place of all tables of this database: in one transaction, so whole or not at all."""
    with connection.cursor() as cursor:
        tables = ", ".join(connection.ops.quote_name(name) for name in connection.introspection.table_names(cursor))
    connection.close()
    psql = [program("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    psql += ["--output=/dev/null", f"--dbname={_conninfo()}"]
    psql += [*(["--command", f"DROP TABLE {tables} CASCADE"] if tables else []), "--file=-"]
    restore = [program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(folder / FILE)]
    with tempfile.TemporaryFile() as said:
        reading = subprocess.Popen(restore, stdout=subprocess.PIPE, stderr=said)
        writing = subprocess.Popen(psql, stdin=subprocess.PIPE, stderr=said, env=_environment())
        _pour(reading, writing)
        if reading.wait() or writing.wait():
            raise _failed("pg_restore", said)


def _pour(reading: subprocess.Popen[bytes], writing: subprocess.Popen[bytes]) -> None:
    """Hand over all that is read. Only when it came to a good end may the writer end too: it would commit a part."""
    if reading.stdout is None or writing.stdin is None:
        raise AssertionError("both have a pipe")
    try:
        shutil.copyfileobj(reading.stdout, writing.stdin)
        whole = reading.wait() == 0
    except BrokenPipeError:  # the writer has refused something, and says what
        whole = True
        reading.kill()
    if not whole:
        writing.kill()
    try:
        writing.stdin.close()
    except BrokenPipeError:
        writing.wait()


def program(name: str) -> str:
    """Where a program of PostgreSQL is: the newest, for an older one refuses a newer server. Raises ProgramError."""
    found = [path / name for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / name).exists()]
    newest = max(found, key=lambda path: int(re.sub(r"\D", "", path.parent.parent.name) or 0), default=None)
    path = str(newest) if newest else shutil.which(name)
    if path is None:
        raise ProgramError(f"The program {name} is not on this machine.", "Install PostgreSQL's client programs.")
    return path


def _conninfo() -> str:
    """How to connect, without the password: others can read what a program was started with."""
    given = connection.get_connection_params()
    return make_conninfo(**{name: given[name] for name in _CONNECTING if name in given})


def _environment() -> dict[str, str]:
    password = connection.get_connection_params().get("password")
    return os.environ | ({"PGPASSWORD": password} if password else {})


def _run(command: list[str]) -> None:
    with tempfile.TemporaryFile() as said:
        if subprocess.run(command, env=_environment(), stderr=said, check=False).returncode:
            raise _failed(Path(command[0]).name, said)


def _failed(name: str, said: Any) -> ProgramError:
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    return ProgramError(f"{name} failed: {lines[0] if lines else 'it said nothing'}", "Mend that and try again.")
