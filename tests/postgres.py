"""Run a command beside a PostgreSQL server of its own: `python tests/postgres.py pytest tests/integration`.

The server lives in a temporary folder and listens on a socket file there and nowhere else. It is stopped and
removed when the command ends, whatever happens. Exit status: the command's own, or 3 where there is no
PostgreSQL on this machine.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NO_POSTGRES = 3
# A test database may be lost in a power cut, so it need not wait for the disk.
OPTIONS = {
    "listen_addresses": "''",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_connections": "50",
}
# Texts sort as in an English dictionary, which is not how Python compares them: whoever forgets that will see it.
ORDER = ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-GB"]


class NoPostgresError(Exception):
    """There is no PostgreSQL server to start on this machine, and why."""


def programs() -> Path:
    """The folder with `initdb` and `pg_ctl`, the newest where there are several. Raises NoPostgresError."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    found = shutil.which("initdb")
    if found:
        folders.append(Path(found).resolve().parent)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise NoPostgresError("PostgreSQL's server is not on this machine")


def _version(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdecimal() else 0


class Server:
    """A PostgreSQL server in `folder`. It refuses to run as root, so root runs it as another user."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._programs = programs()
        self._as_user: dict[str, int] = {}
        if os.geteuid() == 0:
            user = _unprivileged_user()
            os.chown(folder, user.pw_uid, user.pw_gid)
            self._as_user = {"user": user.pw_uid, "group": user.pw_gid}

    @property
    def url(self) -> str:
        """As DATABASE_URL wants it: the host is the folder of the socket file."""
        return f"postgresql://guildhall@/postgres?host={self.folder}"

    def start(self) -> None:
        data = str(self.folder / "data")
        own = ["-U", "guildhall", "-A", "trust", "-E", "UTF8", "-N", *ORDER]
        self._run("initdb", "-D", data, *own)
        self.run_on()

    def follow(self, primary: Path) -> None:
        """Become a streaming replica of the server in the folder `primary`."""
        data = str(self.folder / "data")
        self._run("pg_basebackup", "-h", str(primary), "-U", "guildhall", "-D", data, "-R", "-c", "fast", "-N")
        self.run_on()

    def run_on(self) -> None:
        options = " ".join(f"-c {name}={value}" for name, value in OPTIONS.items())
        data, log = str(self.folder / "data"), str(self.folder / "log")
        self._run("pg_ctl", "-D", data, "-w", "-l", log, "-o", f"-k {self.folder} {options}", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        # Output goes to a file: a pipe would stay open in the server that pg_ctl leaves running.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [str(self._programs / program), *arguments],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=False,
                **self._as_user,
            )  # type: ignore[call-overload]
            if done.returncode:
                output.seek(0)
                raise SystemExit(f"{program} failed:\n{output.read().decode(errors='replace')}")


def _unprivileged_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgresError("PostgreSQL does not run as root, and there is no user who could run it")


@contextmanager
def server(primary: Path | None = None) -> Iterator[Server]:
    """A running server, gone afterwards; a replica of the one in the folder `primary`. Raises NoPostgresError."""
    folder = Path(tempfile.mkdtemp(prefix="guildhall-pg-"))
    try:
        own = Server(folder)
        own.follow(primary) if primary else own.start()
        try:
            yield own
        finally:
            own.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    # A plain SIGTERM would end this program without stopping the server.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with server() as own:
            return subprocess.run(sys.argv[1:], env=os.environ | {"DATABASE_URL": own.url}, check=False).returncode
    except NoPostgresError as error:
        print(f"{error}.", file=sys.stderr)
        return NO_POSTGRES


if __name__ == "__main__":
    sys.exit(main())
