"""Publishing by program: what is taken, what is refused and how it is told, and that nothing comes twice."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guildhall.accounts.keys import create_key, revoke_key
from guildhall.accounts.models import AuditEvent
from guildhall.kit.api import document
from guildhall.log.checkpoint import open_checkpoint
from guildhall.publishing import bodies, idempotency
from guildhall.publishing.models import RepeatableRequest
from guildhall.registers import identity
from guildhall.registers.hiding.actions import What, hold
from guildhall.registers.lease import Lease
from guildhall.registers.models import Entry, Register, RegisterHead
from guildhall.registers.queries import records
from guildhall.registers.queries import registers as queries
from integration.registers.makers import plant, tree_register

pytestmark = pytest.mark.usefixtures("hall")

TREES = "/api/v1/registers/ambridge/tree/entries"
OAK = {"tree": "T1", "species": "oak"}
NDJSON, CSV = "application/x-ndjson", "text/csv"


@pytest.fixture
def register(hall: None) -> Register:
    return tree_register()


@pytest.fixture
def key(register: Register) -> str:
    return create_key(organisation="ambridge", scope="publish").secret


def post(key: str, body: object, *, kind: str = "application/json", address: str = TREES, **headers: str) -> Any:
    sent = body if isinstance(body, str | bytes) else json.dumps(body)
    authorization = {"Authorization": f"Bearer {key}"} if key else {}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Client().post(address, sent, content_type=kind, headers=authorization | named)


def size() -> int:
    return RegisterHead.objects.get(register__path="ambridge/tree").size


def assert_problem(answer: Any, status: int, told: str = "") -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status
    assert told in problem["detail"]
    assert problem["remedy"]
    return problem


# ---- what is taken


def test_one_item_is_published_and_the_answer_is_its_receipt(key: str, register: Register) -> None:
    answer = post(key, OAK, address=f"{TREES}?reason=A+new+oak")
    assert answer.status_code == 201
    told = answer.json()
    assert (told["added"], told["changed"], told["unchanged"]) == (1, 0, 0)
    assert (told["publication"], told["first-entry"], told["last-entry"]) == (1, 1, 1)
    signed = open_checkpoint(told["checkpoint"], identity.signer(register.path).verifier_key)
    assert signed.size == 1
    assert Client().get(answer.headers["Location"]).json()["key"] == "T1"
    publication = queries.last_publication(register)
    assert publication is not None
    assert (publication.reason, publication.checkpoint) == ("A new oak", told["checkpoint"])


def test_ndjson_and_csv_are_published_whole(key: str, register: Register) -> None:
    lines = "\n".join(json.dumps({"tree": f"T{n}", "species": "oak"}) for n in range(1, 4))
    assert post(key, lines + "\n\n", kind=NDJSON).json()["added"] == 3
    told = post(key, "Tree,Species\r\nT3,ash\r\nT4,\r\nT1,oak\r\n", kind="text/csv; charset=utf-8").json()
    assert (told["added"], told["changed"], told["unchanged"], told["last-entry"]) == (1, 1, 1, 5)
    assert records.record(register, "T3", 5).item == {"tree": "T3", "species": "ash"}
    assert records.record(register, "T4", 5).item == {"tree": "T4"}


def test_numbers_are_kept_as_they_are_written(key: str, register: Register) -> None:
    assert post(key, '{"tree": 1.50, "species": null, "street": 12345678901234567890}').status_code == 201
    assert records.record(register, "1.50", 1).item == {"tree": "1.50", "street": "12345678901234567890"}


def test_what_is_there_already_is_passed_over(key: str) -> None:
    first = post(key, OAK).json()
    answer = post(key, OAK)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["publication"], told["unchanged"], told["checkpoint"]) == (None, 1, first["checkpoint"])
    assert size() == 1


def test_members_that_the_standard_does_not_have_are_left_out_and_told(key: str, register: Register) -> None:
    told = post(key, OAK | {"colour": "green", "half\ud800": "x"}).json()
    assert "colour" in told["notes"][0]
    assert records.record(register, "T1", 1).item == OAK


def test_dry_run_tells_what_would_change_and_publishes_nothing(key: str) -> None:
    answer = post(key, OAK, address=f"{TREES}?dry-run=yes", Idempotency_Key="x")
    assert (answer.status_code, answer.json()["added"]) == (200, 1)
    assert "publication" not in answer.json()
    assert size() == 0
    assert not RepeatableRequest.objects.exists()
    assert_problem(post(key, {"species": "oak"}, address=f"{TREES}?dry-run=yes"), 422)


def test_who_published_stands_in_the_audit_trail_and_nowhere_else(key: str) -> None:
    post(key, OAK)
    event = AuditEvent.objects.get(action="published")
    name = key.split("_")[1]
    assert (event.actor, event.subject, event.publication) == (f"key {name}", "ambridge/tree", 1)
    assert name.encode() not in Client().get(TREES).content


# ---- what is refused


def test_rows_in_error_are_all_told_by_line_and_field_and_nothing_is_published(key: str) -> None:
    lines = ['{"tree": "T1"}', '{"species": "oak"}', "", '{"tree": "T2", "end-date": "soon"}', '{"tree": "T1"}']
    problem = assert_problem(post(key, "\n".join(lines), kind=NDJSON), 422, "3 rows are in error")
    assert problem["error-count"] == 3
    assert [(one["line"], one["field"]) for one in problem["errors"]] == [(2, "tree"), (4, "end-date"), (5, "tree")]
    assert problem["errors"][1]["problem"] == "“soon” is not a date written YYYY-MM-DD."
    assert problem["errors"][1]["remedy"].startswith("Write it like ")
    assert size() == 0


def test_rows_of_a_csv_in_error_are_told_the_same_way(key: str) -> None:
    body = "tree,species,end-date\nT1,oak,\n,ash,\nT2,elm,soon\n"
    problem = assert_problem(post(key, body, kind=CSV), 422, "2 rows are in error")
    assert [(one["line"], one["field"]) for one in problem["errors"]] == [(3, "tree"), (4, "end-date")]
    assert size() == 0


def test_of_very_many_rows_in_error_the_first_thousand_are_told(key: str) -> None:
    body = "tree,end-date\n" + "".join(f"T{n},soon\n" for n in range(1_500))
    problem = assert_problem(post(key, body, kind=CSV), 422, "1,500 rows")
    assert problem["error-count"] == 1_500
    assert [one["line"] for one in problem["errors"]] == list(range(2, 1_002))


@pytest.mark.parametrize(
    "body",
    ['{"tree": {"a": 1}}', '{"tree": ["a", ["b"]]}', '{"tree": "T1", "tree\\ud800": {"x": 1}}'],
)
def test_values_that_no_item_can_hold_are_refused(key: str, body: str) -> None:
    problem = assert_problem(post(key, body), 422)
    assert len(problem["errors"]) == 1
    assert "neither a text nor a list of texts" in problem["errors"][0]["problem"]


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", " ", 400),
        ("application/json", "[]", 400),
        ("application/json", "{", 400),
        ("application/json", '{"tree": NaN}', 400),
        ("application/json", "[" * 100_000, 400),
        ("application/json", b"\xff", 400),
        (NDJSON, '{"tree": "T1"}\n[]', 400),
        (NDJSON, "\n\n", 400),
        (CSV, "tree,species\n", 422),
        (CSV, "name,price\na,1\n", 422),
        (CSV, b"PK\x03\x04", 422),
        ("application/xml", "<a/>", 415),
        ("", "x", 415),
        ("multipart/form-data; boundary=x", "--x--", 415),
    ],
)
def test_body_that_cannot_be_read_is_refused_in_words(key: str, kind: str, body: str | bytes, status: int) -> None:
    assert_problem(post(key, body, kind=kind), status)
    assert size() == 0


def test_too_many_bytes_or_rows_are_refused(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    many = "".join(json.dumps({"tree": f"T{n}"}) + "\n" for n in range(bodies.MOST_ROWS + 1))
    assert_problem(post(key, many, kind=NDJSON), 413, "10,001 rows")
    assert_problem(post(key, "tree\n" + "x\n" * 10_001, kind=CSV), 413, "rows")
    monkeypatch.setattr(bodies, "MOST_BYTES", 100)
    assert_problem(post(key, OAK | {"street": "x" * 100}), 413, "100 bytes")


def test_body_without_its_length_is_refused_before_it_is_read() -> None:
    with pytest.raises(bodies.BodyLengthError, match="Content-Length"):
        bodies.read_body(lambda _: pytest.fail("it was read"), "")


def test_body_that_comes_too_slowly_is_refused() -> None:
    moments = iter([0.0, 1.0, 31.0])
    with pytest.raises(bodies.BodyTooSlowError):
        bodies.read_body(lambda _: b"x", "10", clock=lambda: next(moments))


def test_without_a_good_key_nothing_is_read_or_published(key: str) -> None:
    other = create_key(organisation="ambridge", scope="publish").secret
    revoke_key(other.split("_")[1])
    for bad in ("", "wrong", other):
        problem = post(bad, "{", kind="application/xml")
        assert_problem(problem, 401)
        assert problem.headers["WWW-Authenticate"].startswith('Bearer realm="guildhall"')


def test_key_of_another_organisation_or_for_reading_is_refused(key: str) -> None:
    tree_register("borchester")
    assert_problem(post(key, OAK, address=TREES.replace("ambridge", "borchester")), 403, "is kept by Borchester")
    reading = create_key(organisation="ambridge", scope="read").secret
    assert_problem(post(reading, OAK), 403, "is for reading")
    assert size() == 0


def test_hall_lists_are_not_written_by_programs(hall: None) -> None:
    key = create_key(organisation="hall", scope="publish").secret
    row = {"hold": "1", "register": "hall/standard", "key": "x", "start-date": "2026-01-01"}
    assert_problem(post(key, row, address="/api/v1/registers/hall/hold/entries"), 403)


def test_list_that_is_not_there_closed_or_busy_is_told(key: str, register: Register) -> None:
    assert_problem(post(key, OAK, address=TREES.replace("tree", "none")), 404)
    lease = Lease.take(register)
    answer = post(key, OAK)
    assert_problem(answer, 409, "Someone else is publishing")
    assert 1 <= int(answer.headers["Retry-After"]) <= 10
    lease.release()
    Register.objects.filter(pk=register.pk).update(end_date="2026-01-01")
    assert_problem(post(key, OAK), 409, "was closed")


def test_record_that_is_held_is_not_brought_back(key: str, register: Register) -> None:
    post(key, OAK)
    hold(what=What("ambridge/tree", key="T1"))
    for address in (TREES, f"{TREES}?dry-run=1"):
        assert_problem(post(key, OAK | {"species": "ash"}, address=address), 409, "T1")
    assert size() == 1


@pytest.mark.parametrize("reason", ["x" * 301, "a\0b", "a\nb"])
def test_reason_that_cannot_be_kept_is_refused(key: str, reason: str) -> None:
    answer = Client().post(
        TREES, OAK, content_type="application/json", query_params={"reason": reason},
        headers={"Authorization": f"Bearer {key}"},
    )  # fmt: skip
    assert_problem(answer, 400, "reason")


def test_other_sites_pages_may_not_publish(key: str) -> None:
    answer = Client().options(TREES)
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert "POST" not in answer.headers["Access-Control-Allow-Methods"]
    assert Client().put(TREES).status_code == 405


# ---- sent again


def test_same_request_sent_again_gets_the_same_answer_once_more(key: str) -> None:
    first = post(key, OAK, Idempotency_Key='"5b1f"')
    post(key, OAK | {"species": "ash"})
    again = post(key, OAK, Idempotency_Key="5b1f")
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Location"] == first.headers["Location"]
    assert "Idempotency-Replayed" not in first.headers
    assert size() == 2


def test_same_key_with_another_request_is_refused(key: str) -> None:
    post(key, OAK, Idempotency_Key="one")
    assert_problem(post(key, OAK | {"species": "ash"}, Idempotency_Key="one"), 422, "Another request")
    assert_problem(post(key, OAK, Idempotency_Key="one", address=f"{TREES}?reason=other"), 422)
    assert size() == 1


def test_keys_of_two_programs_do_not_meet(key: str) -> None:
    other = create_key(organisation="ambridge", scope="publish").secret
    assert post(key, OAK, Idempotency_Key="one").status_code == 201
    assert post(other, OAK | {"species": "ash"}, Idempotency_Key="one").status_code == 201


def test_refused_request_may_be_mended_under_the_same_key(key: str) -> None:
    assert_problem(post(key, {"species": "oak"}, Idempotency_Key="one"), 422)
    assert post(key, OAK, Idempotency_Key="one").status_code == 201


def test_request_under_way_is_told_and_one_that_died_is_taken_over(key: str) -> None:
    post(key, OAK, Idempotency_Key="one")
    RepeatableRequest.objects.update(status=None, attempt="another", started=timezone.now())
    answer = post(key, OAK, Idempotency_Key="one")
    assert_problem(answer, 409, "under way")
    assert answer.headers["Retry-After"] == "2"
    RepeatableRequest.objects.update(started=timezone.now() - idempotency.PATIENCE)
    assert post(key, OAK, Idempotency_Key="one").status_code == 200
    assert RepeatableRequest.objects.get().status == 200


def test_slow_request_that_was_taken_over_publishes_nothing(
    key: str, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = bodies.check_body

    def check_slowly(*given: Any) -> bodies.Checked:
        RepeatableRequest.objects.update(attempt="another")
        return check(*given)

    monkeypatch.setattr("guildhall.publishing.appending.check_body", check_slowly)
    assert_problem(post(key, OAK, Idempotency_Key="one"), 409, "begun again")
    assert size() == 0
    assert not Entry.objects.filter(register=register).exists()
    assert not AuditEvent.objects.filter(action="published").exists()


@pytest.mark.parametrize("name", ["x" * 256, "é", '"', '"a', "a b"])
def test_idempotency_key_that_cannot_be_read_is_refused(key: str, name: str) -> None:
    assert_problem(post(key, OAK, Idempotency_Key=name), 400)


def test_answers_are_forgotten_after_their_time_and_hold_no_values(key: str) -> None:
    post(key, {"tree": "unlikely-key", "species": "unlikely-value"}, Idempotency_Key="one")
    assert "unlikely" not in str(RepeatableRequest.objects.values().get())
    assert idempotency.prune() == 0
    later = timezone.now() + idempotency.KEPT + datetime.timedelta(seconds=1)
    assert idempotency.prune(now=later) == 1
    assert idempotency.prune(now=later) == 0


def test_description_tells_of_keys_bodies_and_problems(key: str) -> None:
    told = document()
    operation = told["paths"]["/api/v1/registers/{organisation}/{name}/entries"]["post"]
    assert set(operation["requestBody"]["content"]) == {"application/json", NDJSON, CSV}
    (scheme,) = (name for one in operation["security"] for name in one)
    assert told["components"]["securitySchemes"][scheme]["scheme"] == "bearer"
    assert {"201", "200", "401", "403", "409", "413", "415", "422", "429"} <= set(operation["responses"])


def test_held_trees_keep_others_going(key: str, register: Register) -> None:
    plant(register, {"T1": "oak", "T2": "oak"})
    hold(what=What("ambridge/tree", key="T1"))
    assert post(key, {"tree": "T2", "species": "ash"}).status_code == 201
