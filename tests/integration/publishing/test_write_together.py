"""Programs that publish at the same time, each with a connection of its own, and those that are cut off."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from django.test import Client

from guildhall.accounts.keys import create_key
from guildhall.accounts.models import ApiKey, AuditEvent
from guildhall.publishing.appending import Wanted, append
from guildhall.publishing.bodies import JSON
from guildhall.publishing.models import RepeatableRequest
from guildhall.registers.models import Publication, Register, RegisterHead
from integration.registers.makers import tree_register
from integration.registers.test_concurrency import PATIENCE, at_once
from integration.registers.test_publish import assert_sound

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("hall")]

TREES = "/api/v1/registers/ambridge/tree/entries"


class KilledError(BaseException):
    """As if the program were killed: nothing that follows is done."""


@pytest.fixture
def register(hall: None) -> Register:
    return tree_register()


def post(secret: str, item: dict[str, str], name: str) -> Any:
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": name}
    return Client().post(TREES, json.dumps(item), content_type="application/json", headers=headers)


def post_patiently(secret: str, item: dict[str, str], name: str) -> Any:
    """As a good client: after 409 it sends the same again."""
    give_up = time.monotonic() + PATIENCE
    while True:
        answer = post(secret, item, name)
        if answer.status_code != 409 or time.monotonic() > give_up:
            return answer
        time.sleep(0.02)


def test_same_request_sent_by_many_at_once_is_published_once(register: Register) -> None:
    secret = create_key(organisation="ambridge", scope="publish").secret
    answers = at_once(*[lambda: post_patiently(secret, {"tree": "T1", "species": "oak"}, "one")] * 6)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers) == 1
    assert Publication.objects.filter(register=register).count() == 1
    assert AuditEvent.objects.filter(action="published").count() == 1
    assert_sound(register)


def test_many_programs_at_once_all_get_a_receipt_of_their_own(register: Register) -> None:
    secrets = [create_key(organisation="ambridge", scope="publish").secret for _ in range(4)]

    def publisher(place: int) -> list[int]:
        told = [post_patiently(secrets[place], {"tree": f"{place}-{turn}"}, f"turn-{turn}").json() for turn in range(5)]
        return [one["first-entry"] for one in told]

    numbers = at_once(*(lambda place=place: publisher(place) for place in range(4)))  # type: ignore[misc]
    assert sorted(number for own in numbers for number in own) == list(range(1, 21))
    assert all(own == sorted(own) for own in numbers)
    assert_sound(register)


STOPS = (
    "guildhall.publishing.appending.check_body",
    "guildhall.registers.publish.Stage.write",
    "guildhall.accounts.audit.record_publication",
    "guildhall.publishing.idempotency.Attempt.keep",
    "guildhall.registers.publish._Run._receipt",
)


def kill(*_given: object, **_named: object) -> None:
    raise KilledError


def test_request_that_was_cut_off_anywhere_is_published_once_when_it_is_sent_again(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = create_key(organisation="ambridge", scope="publish")
    key = ApiKey.objects.select_related("organisation").get()
    for turn, where in enumerate(STOPS, 1):
        item = json.dumps({"tree": f"T{turn}"}).encode()
        monkeypatch.setattr(where, kill)
        with pytest.raises(KilledError):
            append(key, Wanted("ambridge/tree", JSON, lambda item=item: item), repeat_name=where)  # type: ignore[misc]
        monkeypatch.undo()
        # What a killed program cannot do is to give up its lease and its attempt: both run out.
        RegisterHead.objects.filter(pk=register.pk).update(lease_until=None)
        RepeatableRequest.objects.filter(status=None).update(started="2020-01-01T00:00:00Z")
        answer = post(made.secret, {"tree": f"T{turn}"}, where)
        assert answer.status_code == 201, (where, answer.content)
        assert (answer.json()["first-entry"], answer.json()["last-entry"]) == (turn, turn), where
    events = AuditEvent.objects.filter(action="published").order_by("publication")
    assert list(events.values_list("publication", flat=True)) == [1, 2, 3, 4, 5]
    assert_sound(register)
