"""Pages are read from a real streaming replica; whoever has written, and everyone when it is away, from the primary."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import psycopg
import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from guildhall.config.environment import SettingError, read_environment
from guildhall.kit import replica as reading
from guildhall.kit.replica import ReadsFromReplica
from postgres import Server, server

from .halls import TREES, Hall, own_hall

PRIMARY = os.environ.get("DATABASE_URL", "")
needs_postgresql = pytest.mark.skipif(not PRIMARY, reason="a streaming replica is PostgreSQL's")
PATIENCE = 30
# Whether a connection to the replica was asked last for the head of a list.
_ASKED = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND query LIKE '%registers_registerhead%'"
)


class Served:
    """A hall that is served from a primary and its replica."""

    def __init__(self, hall: Hall, standby: Server, port: int) -> None:
        self.hall, self.standby = hall, standby
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20)

    def size(self, **headers: str) -> int:
        answer = self.client.get(f"/registers/{TREES}/checkpoint", headers=headers)
        assert answer.status_code == 200, answer.text
        return int(answer.text.splitlines()[1])

    def on(self, url: str, sql: str) -> object:
        with psycopg.connect(url, autocommit=True) as asked:
            row = asked.execute(sql).fetchone()  # type: ignore[arg-type]
            return row[0] if row else None

    @property
    def replica_url(self) -> str:
        return self.hall.environment["DATABASE_REPLICA_URL"]

    def until(self, size: int) -> bool:
        """Whether readers see so many entries before long."""
        give_up = time.monotonic() + PATIENCE
        while self.size() != size:
            if time.monotonic() > give_up:
                return False
            time.sleep(0.2)
        return True


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    (folder,) = parse_qs(urlsplit(PRIMARY).query)["host"]
    with own_hall(tmp_path_factory.mktemp("replica") / "home") as hall:
        hall.create()
        hall.plant("A")
        with server(Path(folder)) as standby, closing(socket.socket()) as found:
            found.bind(("127.0.0.1", 0))
            port = found.getsockname()[1]
            found.close()
            hall.environment["DATABASE_REPLICA_URL"] = hall.environment["DATABASE_URL"].replace(
                folder, str(standby.folder)
            )
            program = hall.start("serve", "--port", str(port), GUILDHALL_WORKERS="1")
            try:
                one = Served(hall, standby, port)
                with one.client:
                    _wait_until_open(one)
                    yield one
            finally:
                program.terminate()
                program.wait(PATIENCE)


def _wait_until_open(one: Served) -> None:
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            one.client.get("/healthz")
        except httpx.TransportError:
            assert time.monotonic() < give_up
            time.sleep(0.2)
        else:
            return


@needs_postgresql
def test_pages_are_read_from_the_replica_and_writers_read_what_they_wrote(served: Served) -> None:
    before = served.size()
    served.hall.plant("A", f"N{before}")
    written = str(served.on(served.hall.environment["DATABASE_URL"], "SELECT pg_current_wal_insert_lsn()::text"))
    assert served.size(cookie=f"written={written}") == before + 1
    assert served.size(authorization="Bearer of-a-program") == before + 1
    assert served.until(before + 1)
    give_up = time.monotonic() + PATIENCE
    while not served.on(served.replica_url, _ASKED):
        served.size()
        assert time.monotonic() < give_up, "nothing was read from the replica"


@needs_postgresql
def test_pages_are_read_from_the_primary_while_the_replica_is_behind(served: Served) -> None:
    before = served.size()
    served.on(served.replica_url, "SELECT pg_wal_replay_pause()")
    try:
        served.hall.plant("A", f"N{before}")
        started = time.monotonic()
        assert served.until(before + 1)
        assert time.monotonic() - started < 2 * PATIENCE / 10
    finally:
        served.on(served.replica_url, "SELECT pg_wal_replay_resume()")


@needs_postgresql
def test_pages_are_read_from_the_primary_while_the_replica_is_down(served: Served) -> None:
    before = served.size()
    served.standby.stop()
    try:
        served.hall.plant("A", f"N{before}")
        assert served.until(before + 1)
        told = served.hall.json("doctor", status=1)
        assert "guildhall_replica_reachable 0.0" in served.client.get("/metrics").text
        (found,) = [one for one in told["findings"] if one["about"] == "replica"]
        assert "cannot be reached" in found["told"]
    finally:
        served.standby.run_on()
    assert "guildhall_replica_bytes_behind" in _metrics_when_back(served)


def _metrics_when_back(served: Served) -> str:
    give_up = time.monotonic() + PATIENCE
    while True:
        told = served.client.get("/metrics").text
        if "guildhall_replica_bytes_behind" in told or time.monotonic() > give_up:
            return told
        time.sleep(0.3)


@needs_postgresql
def test_command_writes_to_the_primary_though_there_is_a_replica(served: Served) -> None:
    before = served.size()
    assert "1 new" in served.hall.plant("A", f"N{before}")
    assert served.hall.json("status")["registers"] == 6


# ---- the parts


@pytest.mark.usefixtures("hall")
class TestChoosing:
    """Which database a request is given, without a server of its own."""

    @pytest.fixture
    def asked(self, monkeypatch: pytest.MonkeyPatch) -> ReadsFromReplica:
        """The middleware over a view that fails on the replica and is well on the primary."""
        self.places: list[str] = []
        on_replica = [False]

        class Swap:
            def __enter__(self) -> None:
                on_replica[0] = True

            def __exit__(self, *_told: object) -> None:
                on_replica[0] = False

        def view(request: HttpRequest) -> HttpResponse:
            place = "replica" if on_replica[0] else "primary"
            self.places.append(place)
            return HttpResponse(place, status=500 if place == "replica" and "fail" in request.path else 200)

        monkeypatch.setattr(reading, "has_replica", lambda: True)
        monkeypatch.setattr(reading, "_instead_of_primary", Swap)
        monkeypatch.setattr(reading, "_is_there", lambda: True)
        monkeypatch.setattr(reading, "has_replayed", lambda written: written in {"0/1", "0/A1"})
        monkeypatch.setattr(reading, "written_until", lambda: "0/A1")
        return ReadsFromReplica(view)

    def test_reading_goes_to_the_replica(self, asked: ReadsFromReplica) -> None:
        assert asked(RequestFactory().get("/")).content == b"replica"  # type: ignore[attr-defined]
        assert asked(RequestFactory().head("/")).content == b"replica"  # type: ignore[attr-defined]

    def test_writing_goes_to_the_primary_and_is_noted(self, asked: ReadsFromReplica) -> None:
        answer = asked(RequestFactory().post("/"))
        assert answer.content == b"primary"  # type: ignore[attr-defined]
        cookie = answer.cookies["written"]
        assert (cookie.value, cookie["max-age"], cookie["httponly"], cookie["samesite"]) == ("0/A1", 60, True, "Lax")

    def test_writing_with_a_key_needs_no_cookie(self, asked: ReadsFromReplica) -> None:
        assert "written" not in asked(RequestFactory().post("/", headers={"authorization": "Bearer k"})).cookies

    def test_what_fails_on_the_replica_is_asked_of_the_primary(self, asked: ReadsFromReplica) -> None:
        assert asked(RequestFactory().get("/fail")).content == b"primary"  # type: ignore[attr-defined]
        assert self.places == ["replica", "primary"]
        # And for a while everything else.
        assert asked(RequestFactory().get("/")).content == b"primary"  # type: ignore[attr-defined]

    def test_reader_whose_writing_is_not_there_yet_goes_to_the_primary(self, asked: ReadsFromReplica) -> None:
        for written, place in (("0/1", b"replica"), ("0/FF", b"primary"), ("'; DROP", b"primary")):
            request = RequestFactory().get("/")
            request.COOKIES["written"] = written
            assert asked(request).content == place  # type: ignore[attr-defined]


def test_hall_without_a_replica_is_not_asked_about_one() -> None:
    if "replica" not in connection.settings_dict:
        with pytest.raises(MiddlewareNotUsed):
            ReadsFromReplica(lambda _request: HttpResponse())


@pytest.mark.parametrize(
    "given",
    [
        {"DATABASE_REPLICA_URL": "postgresql://replica/hall"},
        {"DATABASE_REPLICA_URL": "sqlite:///x", "DATABASE_URL": "postgresql://primary/hall"},
    ],
)
def test_replica_of_what_is_not_postgresql_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(SettingError, match="DATABASE_REPLICA_URL"):
        read_environment(given)
