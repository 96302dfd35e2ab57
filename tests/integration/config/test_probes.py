"""What monitors ask of a hall, and what is written of each request: enough to run it, and nothing of who asked."""

from __future__ import annotations

import json
import logging
import sys
from typing import TYPE_CHECKING

import pytest
from django.db import OperationalError, connection
from django.test import Client

from guildhall.config import health
from guildhall.kit import alive
from guildhall.kit.logs import JsonLines, request_id
from guildhall.registers import last_checkpoints
from guildhall.registers.sequencer import latest_position
from integration.registers.makers import plant, tree_register

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.usefixtures("hall")

TOKEN = "a-token-of-the-monitor"


def measures(client: Client, **headers: str) -> dict[str, float]:
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.content
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


# ---- alive and ready


def test_hall_is_alive_and_ready_whatever_name_it_is_asked_by(client: Client) -> None:
    for path in ("/healthz", "/readyz"):
        answer = client.get(path, headers={"host": "10.1.2.3:8000"})
        assert answer.status_code == 200, answer.content
        assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("/readyz").json() == {"ready": True, "reasons": []}


def test_hall_whose_database_is_away_is_alive_and_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_arguments: object) -> None:
        raise OperationalError("no route to 10.9.8.7")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", away)
        assert client.get("/healthz").status_code == 200
        answer = client.get("/readyz")
        assert measures(client)["guildhall_database_reachable"] == 0
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "reasons": ["The database cannot be reached."]}


def test_hall_that_signs_nothing_is_not_ready_and_says_why(client: Client) -> None:
    last_checkpoints.file().unlink()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "last-checkpoints is not there" in answer.json()["reasons"][0]
    assert measures(client)["guildhall_signs"] == 0


def test_hall_that_lacks_tables_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "missing_migrations", lambda: ["registers.0099_later"])
    assert "registers.0099_later" in client.get("/readyz").json()["reasons"][0]


# ---- metrics


def test_metrics_tell_how_the_hall_is(client: Client) -> None:
    register = tree_register()
    plant(register, {"A": "oak", "B": "ash"})
    alive.beat()
    found = measures(client)
    assert found["guildhall_registers"] == 6
    assert found["guildhall_signs"] == found["guildhall_database_reachable"] == 1
    assert found["guildhall_position"] == latest_position()
    assert found['guildhall_follower_lag{follower="values"}'] == latest_position()
    assert found["guildhall_database_bytes"] > 0
    assert found["guildhall_disk_free_bytes"] > 0
    assert found["guildhall_worker_silent_seconds"] < 60


def test_metrics_count_requests_by_route_and_never_by_address(client: Client) -> None:
    counted = 'guildhall_requests_total{method="GET",route="log-keys",status="200"}'
    before = measures(client).get(counted, 0)
    client.get("/log-keys")
    client.get("/search?q=ada.lovelace%40example.com")
    client.get("/nothing/of/ada.lovelace@example.com")
    client.generic("INVENTED", "/log-keys")
    after = client.get("/metrics").content.decode()
    assert measures(client)[counted] == before + 1
    assert 'route="(none)",status="404"' in after
    assert 'method="other",route="log-keys",status="405"' in after
    assert 'guildhall_request_seconds_bucket{le="0.1",route="log-keys"}' in after
    assert "ada.lovelace" not in after


@pytest.mark.parametrize(
    "passed_on", [{"x-forwarded-for": "10.1.2.3"}, {"x-forwarded-proto": "https"}, {"forwarded": "for=10.1.2.3"}]
)
def test_metrics_are_not_given_to_what_a_proxy_on_this_machine_passes_on(
    client: Client, passed_on: dict[str, str]
) -> None:
    assert client.get("/metrics", headers=passed_on).status_code == 403


def test_metrics_are_given_elsewhere_to_who_has_the_token_alone(client: Client, settings: Settings) -> None:
    elsewhere = {"REMOTE_ADDR": "192.0.2.1"}
    assert client.get("/metrics", **elsewhere).status_code == 403  # type: ignore[arg-type]
    assert client.get("/metrics", headers={"authorization": "Bearer "}, **elsewhere).status_code == 403  # type: ignore[arg-type]
    settings.GUILDHALL_METRICS_TOKEN = TOKEN
    for given, status in ((f"Bearer {TOKEN}", 200), (f"Bearer {TOKEN}x", 403), (TOKEN, 403), ("Bearer é", 403)):
        answer = client.get("/metrics", headers={"authorization": given}, **elsewhere)  # type: ignore[arg-type]
        assert answer.status_code == status, given


def test_probes_take_reading_alone(client: Client) -> None:
    assert client.post("/metrics").status_code in {403, 404, 405}
    assert client.head("/healthz").status_code == 200


# ---- ids and the log


def test_request_gets_an_id_which_its_answer_and_its_problem_bear(client: Client) -> None:
    answer = client.get("/api/v1/registers/no/such")
    assert len(answer.headers["X-Request-ID"]) == 32
    assert answer.json()["request-id"] == answer.headers["X-Request-ID"]
    assert request_id.get() == ""


@pytest.mark.parametrize("given", ["3f1b6c1e-55aa-4d8e-9c5e-0d1f1a2b3c4d", "proxy.0123456789", "A2345678"])
def test_request_id_that_is_well_formed_is_taken(client: Client, given: str) -> None:
    assert client.get("/log-keys", headers={"x-request-id": given}).headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "with spaces in it", '"quoted-id"', "-starts-with-it"])
def test_request_id_that_is_not_is_replaced(client: Client, given: str) -> None:
    found = client.get("/log-keys", headers={"x-request-id": given}).headers["X-Request-ID"]
    assert found != given
    assert len(found) == 32


def test_line_of_a_request_says_its_route_and_nothing_of_who_asked(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="guildhall.requests"):
        client.get(
            "/search?q=ada.lovelace%40example.com",
            headers={"authorization": "Bearer gh_secret", "user-agent": "Agent/1", "cookie": "session=kept"},
            REMOTE_ADDR="192.0.2.77",
        )
    (record,) = caplog.records
    assert set(record.facts) == {"method", "route", "status", "ms"}  # type: ignore[attr-defined]
    line = JsonLines().format(record)
    for secret in ("ada.lovelace", "gh_secret", "Agent/1", "kept", "192.0.2.77"):
        assert secret not in line


def test_line_is_one_json_object_with_time_id_and_exception() -> None:
    token = request_id.set("proxy.0123456789")
    try:
        {}["it is\nnot there"]
    except LookupError:
        said = ("guildhall.test", logging.ERROR, "a file", 1, "Failed: %s", ("why\n",), sys.exc_info())
        line = JsonLines().format(logging.getLogger("guildhall.test").makeRecord(*said))
    finally:
        request_id.reset(token)
    told = json.loads(line)
    assert "\n" not in line
    assert (told["level"], told["message"], told["request-id"]) == ("error", "Failed: why\n", "proxy.0123456789")
    assert "KeyError" in told["exception"]
    assert told["time"].endswith("+00:00")
