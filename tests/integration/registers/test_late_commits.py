"""On PostgreSQL a transaction can commit long after one that began later. Nobody may miss it, or see it twice."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction

from guildhall.publishing.registers import Description, open_register
from guildhall.registers.catalogue import current_standard
from guildhall.registers.followers import run as followers
from guildhall.registers.lease import Lease
from guildhall.registers.models import Publication, Register, RegisterHead, Value
from guildhall.registers.queries.following import Place, Scope, following, now
from guildhall.registers.sequencer import sequence

from .makers import plant, tree_register
from .test_concurrency import PATIENCE, at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("hall"),
]


@pytest.fixture
def on_postgres() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("commits of SQLite are serial")


def wood(letter: str) -> Register:
    return open_register(f"ambridge/wood-{letter}", current_standard("tree"), Description())


class Reader:
    """Follows `changes` from where it last was."""

    def __init__(self) -> None:
        self.place = Place()
        self.seen: list[tuple[int, str, int]] = []

    def read(self) -> None:
        found = following(self.place, now().position, scope=Scope(), limit=3)
        self.place = found.place
        self.seen += [(one.position, one.register.path, one.change.number) for one in found.rows]

    def read_to_the_end(self) -> None:
        while self.place.position < now().position:
            self.read()


def published() -> list[tuple[int, str, int]]:
    ordered = Publication.objects.order_by("position").select_related("register")
    return [
        (one.position or 0, one.register.path, number)
        for one in ordered
        for number in range(one.first_entry, one.last_entry + 1)
    ]


@pytest.mark.usefixtures("on_postgres")
def test_publication_that_commits_late_is_followed_once_and_after_those_before_it() -> None:
    tree_register()
    late, prompt = wood("late"), wood("prompt")
    reader, made, seen = Reader(), threading.Event(), threading.Event()

    def commit_late() -> None:
        with transaction.atomic():
            plant(late, {"L1": "oak", "L2": "ash"})
            made.set()
            assert seen.wait(PATIENCE)

    def commit_meanwhile() -> None:
        try:
            assert made.wait(PATIENCE)
            plant(prompt, {"P1": "elm"})
            sequence()
            followers.catch_up()
            reader.read_to_the_end()
            assert [path for _, path, _ in reader.seen][-1] == prompt.path
            assert late.path not in {path for _, path, _ in reader.seen}
        finally:
            seen.set()

    at_once(commit_late, commit_meanwhile)
    ids = {one.register_id: (one.id, one.position) for one in Publication.objects.filter(register__in=[late, prompt])}
    assert ids[late.pk][0] < ids[prompt.pk][0]
    sequence()
    followers.catch_up()
    reader.read_to_the_end()
    assert reader.seen == published()
    assert Publication.objects.get(register=late).position > Publication.objects.get(register=prompt).position  # type: ignore[operator]
    assert Value.objects.filter(register=late, field="species").count() == 2


@pytest.mark.usefixtures("on_postgres")
def test_publications_that_commit_in_any_order_are_followed_once_in_one_order() -> None:
    tree_register()
    woods = [wood(letter) for letter in "abcd"]
    reader, done = Reader(), threading.Event()

    def publisher(place: int) -> None:
        for turn in range(8):
            with transaction.atomic():
                plant(woods[place], {f"T{turn}": "oak", f"U{turn}": "ash"})
                time.sleep(((turn * 7 + place * 5) % 11) / 500)

    def publishers() -> None:
        try:
            at_once(*(lambda place=place: publisher(place) for place in range(len(woods))))  # type: ignore[misc]
        finally:
            done.set()

    def follow() -> None:
        while not done.is_set():
            sequence()
            reader.read()
            followers.catch_up()

    at_once(publishers, follow)
    sequence()
    followers.catch_up()
    reader.read_to_the_end()
    assert reader.seen == published()
    assert [Value.objects.filter(register=each, field="species").count() for each in woods] == [16] * 4


@pytest.mark.usefixtures("on_postgres")
def test_taking_a_lease_waits_for_another_transaction_and_then_sees_what_it_did() -> None:
    register = tree_register()
    RegisterHead.objects.filter(pk=register.pk).update(lease_until=None)
    holding, numbers = threading.Event(), []

    def first() -> None:
        with transaction.atomic():
            lease = Lease.take(register)
            numbers.append(lease.number)
            lease.release()
            holding.set()
            time.sleep(0.3)  # the other now runs into what is not yet committed

    def second() -> None:
        assert holding.wait(PATIENCE)
        numbers.append(Lease.take(register).number)

    at_once(first, second)
    assert numbers == [1, 2]


@pytest.mark.usefixtures("on_postgres")
def test_holding_a_lease_keeps_it_from_others_until_the_transaction_ends() -> None:
    register = tree_register()
    lease = Lease.take(register)
    held, committed = threading.Event(), threading.Event()

    def writer() -> None:
        with transaction.atomic():
            lease.hold()
            held.set()
            time.sleep(0.3)  # the other would take it over now, and this one still write
            committed.set()

    def usurper() -> None:
        assert held.wait(PATIENCE)
        RegisterHead.objects.filter(pk=register.pk).update(lease_until=None)
        assert Lease.take(register).number == lease.number + 1
        assert committed.is_set()

    at_once(writer, usurper)
