"""What several publishers, sequencers and followers do to one another, each with a connection of its own.

Threads are brought to the same point and let go together; where an order matters, one waits at a known place for the
other. No test waits for a clock to be right.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection

from guildhall.publishing.registers import Description, RegisterTakenError, add_standard, open_register
from guildhall.registers.catalogue import current_standard
from guildhall.registers.errors import KeeperChangedError, LeaseLostError, RegisterBusyError
from guildhall.registers.followers import run as followers
from guildhall.registers.followers import values
from guildhall.registers.hiding.states import Hidden
from guildhall.registers.models import Entry, Organisation, Publication, Register, RegisterHead, Value
from guildhall.registers.publish import Receipt, publish
from guildhall.registers.queries.registers import register as register_of
from guildhall.registers.rows import SLICE
from guildhall.registers.sequencer import sequence

from .makers import TREE, many, plant, tree_register, tree_rows
from .test_publish import assert_sound

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("hall")]

PATIENCE = 30  # seconds, until a test that hangs is given up


def at_once[T](*calls: Callable[[], T]) -> list[T]:
    """Start all calls at the same moment, each on a connection of its own. Their results, or the first error."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], T]) -> T:
        try:
            start.wait(PATIENCE)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return [done.result(PATIENCE) for done in [threads.submit(run, call) for call in calls]]


def plant_patiently(register: Register, trees: dict[str, str]) -> Receipt:
    """As a client that gets 409: it tries again."""
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            return plant(register, trees)
        except RegisterBusyError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.01)


def head(register: Register) -> RegisterHead:
    return RegisterHead.objects.get(pk=register.pk)


def current_values(register: Register) -> list[tuple[str, str]]:
    rows = Value.objects.filter(register=register, field="species", superseded_by=None)
    return sorted(rows.values_list("key", "value"))


def test_publishers_of_the_same_list_at_once_lose_and_repeat_nothing() -> None:
    register = tree_register()

    def publisher(letter: str) -> None:
        for turn in range(6):
            plant_patiently(register, {f"{letter}{turn}-{place}": "oak" for place in range(5)})

    at_once(*(lambda letter=letter: publisher(letter) for letter in "ABCD"))  # type: ignore[misc]
    assert head(register).size == 4 * 6 * 5
    numbers = Publication.objects.filter(register=register).order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 25))
    assert_sound(register)


def test_same_rows_published_at_once_are_appended_once() -> None:
    register = tree_register()
    receipts = at_once(*[lambda: plant_patiently(register, many(40))] * 4)
    assert sorted(receipt.added for receipt in receipts) == [0, 0, 0, 40]
    assert_sound(register)


def test_large_publishers_at_once_take_turns() -> None:
    register = tree_register()
    receipts = at_once(
        lambda: plant_patiently(register, many(SLICE + 10, "oak")),
        lambda: plant_patiently(register, many(SLICE + 10, "ash")),
    )
    assert sorted((receipt.added, receipt.changed) for receipt in receipts) == [(0, SLICE + 10), (SLICE + 10, 0)]
    assert_sound(register)


def test_publisher_that_slept_through_its_lease_publishes_nothing() -> None:
    register = tree_register()
    plant(register, {"T00001": "elm"})
    staged, taken_over = threading.Event(), threading.Event()

    def sleep(stage: str, done: int, total: int) -> None:
        if stage == "publish" and not staged.is_set():
            staged.set()
            assert taken_over.wait(PATIENCE)

    def sleeper() -> None:
        with pytest.raises(LeaseLostError):
            publish(register, tree_rows(many(SLICE * 2).items()), on_progress=sleep)

    def other() -> None:
        assert staged.wait(PATIENCE)
        with pytest.raises(RegisterBusyError):
            plant(register, {"T00002": "fir"})
        RegisterHead.objects.filter(pk=register.pk).update(lease_until=None)  # it ran out
        assert plant(register, {"T00002": "fir"}).size == 2
        taken_over.set()

    at_once(sleeper, other)
    assert (head(register).size, head(register).records) == (2, 2)
    assert set(Entry.objects.filter(register=register).values_list("key", flat=True)) == {"T00001", "T00002"}
    assert_sound(register)


def test_one_row_after_a_large_publication_that_died_does_not_keep_writers_waiting() -> None:
    register = tree_register()

    class DiedError(BaseException):
        """As if it were killed."""

    def die(stage: str, done: int, total: int) -> None:
        if stage == "publish" and done == total:
            # What a killed program cannot do is give up its lease.
            RegisterHead.objects.filter(pk=register.pk).update(lease_number=head(register).lease_number + 1)
            raise DiedError

    with pytest.raises(DiedError):
        publish(register, tree_rows(many(SLICE * 3).items()), on_progress=die)
    assert Entry.objects.filter(register=register).count() == SLICE * 3
    RegisterHead.objects.filter(pk=register.pk).update(lease_until=None)
    swept_inside = []

    def watch(execute: Callable[..., object], query: str, *rest: object) -> object:
        if query.startswith("DELETE FROM registers_entry"):
            swept_inside.append(list(connection.savepoint_ids))
        return execute(query, *rest)

    with connection.execute_wrapper(watch):
        plant(register, {"T1": "oak"})
    assert swept_inside == [[], [], []]  # three transactions, none of them within a longer one
    assert head(register).size == 1
    assert_sound(register)


def test_keeper_who_changes_while_a_file_is_staged_stops_it() -> None:
    register = tree_register()
    staged, passed_on = threading.Event(), threading.Event()

    def wait(stage: str, done: int, total: int) -> None:
        if stage == "publish" and done == total:
            staged.set()
            assert passed_on.wait(PATIENCE)

    def publisher() -> None:
        with pytest.raises(KeeperChangedError):
            publish(register, tree_rows(many(SLICE).items()), on_progress=wait)

    def pass_on() -> None:
        assert staged.wait(PATIENCE)
        Register.objects.filter(pk=register.pk).update(keeper=Organisation.objects.get(slug="hall"))
        passed_on.set()

    at_once(publisher, pass_on)
    assert head(register).size == 0


def test_list_opened_by_two_at_once_is_what_the_first_said() -> None:
    tree_register()
    add_standard(TREE | {"name": "hedge"})

    def open_as(title: str) -> str:
        return open_register("ambridge/oaks", current_standard("tree"), Description(title=title)).title

    titles = at_once(lambda: open_as("Oaks"), lambda: open_as("Acorns"))
    assert len(set(titles)) == 1
    path = Register.objects.get(path="hall/register")
    assert Entry.objects.filter(register=path, key="ambridge/oaks").count() == 1
    with pytest.raises(RegisterTakenError, match="to the data standard tree"):
        open_register("ambridge/oaks", current_standard("hedge"), Description())


def test_positions_are_dense_and_kept_whoever_gives_them() -> None:
    tree_register("ambridge")
    registers = [register_of("ambridge/tree")]
    registers += [open_register(f"ambridge/wood-{place}", current_standard("tree"), Description()) for place in "abc"]
    done = threading.Event()
    seen: dict[int, int] = {}

    def publisher(register: Register) -> None:
        for turn in range(10):
            plant_patiently(register, {f"T{turn}": "oak"})

    def publishers() -> None:
        try:
            at_once(*(lambda register=register: publisher(register) for register in registers))  # type: ignore[misc]
        finally:
            done.set()

    def sequencer() -> None:
        while not done.is_set():
            sequence()

    def reader() -> None:
        while not done.is_set():
            now = dict(Publication.objects.exclude(position=None).values_list("position", "id"))
            assert sorted(now) == list(range(1, len(now) + 1))
            assert now.items() >= seen.items()
            seen.update(now)

    at_once(publishers, sequencer, sequencer, reader)
    sequence()
    positions = sorted(Publication.objects.values_list("position", flat=True))
    assert positions == list(range(1, len(positions) + 1))
    for register in registers:
        ordered = Publication.objects.filter(register=register).order_by("position").values_list("number", flat=True)
        assert list(ordered) == list(range(1, 11))


def test_followers_run_by_two_workers_at_once_do_each_entry_once() -> None:
    register = tree_register()
    plant(register, many(2_500))
    for species in ("ash", "elm", "fir"):
        plant(register, {"T00001": species, "T00002": "yew"})
    sequence()
    at_once(followers.catch_up, followers.catch_up, followers.catch_up)
    assert current_values(register) == sorted((many(2_500) | {"T00001": "fir", "T00002": "yew"}).items())
    assert Value.objects.filter(register=register, key="T00001", field="species").count() == 4


def test_rebuild_beside_a_worker_forgets_what_that_one_is_just_making() -> None:
    register = tree_register()
    plant(register, many(20))
    sequence()
    followers.catch_up()
    plant(register, many(40))
    sequence()
    made = threading.Event()

    def apply_slowly(register: Register, entries: list[Entry], hidden: Hidden) -> None:
        values.apply(register, entries, hidden)
        if register.path == "ambridge/tree" and not made.is_set():
            made.set()
            time.sleep(0.3)  # the rebuild now runs into what is not yet committed

    slow = replace(followers.follower(values.NAME), apply=apply_slowly)

    def rebuild() -> None:
        assert made.wait(PATIENCE)
        list(followers.rebuild(followers.follower("values")))

    at_once(lambda: list(followers.steps(slow)), rebuild)
    assert current_values(register) == sorted(many(40).items())
