"""Followers from outside see every entry once, in one order, whatever is published and commits meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.db import transaction

from guildhall.publishing.registers import Description, open_register
from guildhall.registers.catalogue import current_standard
from guildhall.registers.models import Entry, Publication, Register, RegisterHead
from guildhall.registers.queries import following as queries
from guildhall.registers.queries.following import Place, Scope, following, now
from guildhall.registers.sequencer import latest_position, sequence

from .makers import many, plant, tree_register
from .plans import assert_no_scan, explained
from .test_concurrency import PATIENCE, at_once, plant_patiently

Seen = tuple[int, str, int]  # position, list, number of the entry


def follow(scope: Scope = Scope(), *, place: Place = Place(), limit: int = 500) -> Iterator[Seen]:  # noqa: B008 - frozen
    """Everything that is there now, answer by answer."""
    while True:
        found = following(place, now().position, scope=scope, limit=limit)
        assert len(found.rows) <= limit
        yield from ((one.position, one.register.path, one.change.number) for one in found.rows)
        if not found.has_more:
            assert following(found.place, now().position, scope=scope, limit=limit).rows == []
            return
        assert found.place > place
        place = found.place


def everything() -> list[Seen]:
    """As the tables have it."""
    told = []
    for publication in Publication.objects.exclude(position=None).order_by("position").select_related("register"):
        numbers = range(publication.first_entry, publication.last_entry + 1)
        told += [(publication.position or 0, publication.register.path, number) for number in numbers]
    return told


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100, 1000])
@pytest.mark.usefixtures("hall")
def test_every_entry_comes_once_and_in_order_in_answers_of_any_size(limit: int) -> None:
    register = tree_register()
    other = open_register("ambridge/hedge", current_standard("tree"), Description())
    for species in ("oak", "ash", "elm"):
        plant(register, many(5, species))
        plant(other, {"H1": species})
    sequence()
    assert list(follow(limit=limit)) == everything()
    assert len(everything()) == Entry.objects.count()


@pytest.mark.usefixtures("hall")
def test_many_entries_come_in_pieces_with_their_values() -> None:
    register = tree_register()
    plant(register, many(650))
    sequence()
    found = following(Place(latest_position() - 1), latest_position(), scope=Scope(), limit=640)
    assert [one.change.number for one in found.rows] == list(range(1, 641))
    assert found.rows[299].change.item == {"tree": "T00300", "species": "oak"}
    assert found.place == Place(latest_position() - 1, 640)
    assert [one.change.number for one in following(found.place, latest_position(), scope=Scope(), limit=99).rows] == [
        *range(641, 651)
    ]


@pytest.mark.usefixtures("hall")
def test_answer_ends_before_it_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    register = tree_register()
    plant(register, many(9))
    sequence()
    monkeypatch.setattr(queries, "MOST_TEXT", 20)
    found = following(Place(), latest_position(), scope=Scope(register=register.path), limit=500)
    assert [one.change.number for one in found.rows] == [1, 2, 3]
    assert found.has_more
    assert list(follow(Scope(register=register.path))) == everything()[-9:]


@pytest.mark.parametrize(
    ("scope", "paths"),
    [
        (Scope(register="ambridge/tree"), {"ambridge/tree"}),
        (Scope(organisation="ambridge"), {"ambridge/tree"}),
        (Scope(organisation="hall"), {"hall/organisation", "hall/register", "hall/standard"}),
        (Scope(standard="tree"), {"ambridge/tree", "borchester/tree"}),
        (Scope(standard="tree", organisation="borchester"), {"borchester/tree"}),
    ],
    ids=str,
)
@pytest.mark.parametrize("window", [1, 10_000])
@pytest.mark.usefixtures("hall")
def test_only_lists_that_were_asked_for_come(
    scope: Scope, paths: set[str], window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "WINDOW", window)
    for slug in ("ambridge", "borchester"):
        plant(tree_register(slug), many(3))
        sequence()
    told = list(follow(scope, limit=2))
    assert told == [one for one in everything() if one[1] in paths]
    assert {path for _, path, _ in told} == paths


@pytest.mark.usefixtures("hall")
def test_nothing_new_takes_one_statement_and_reads_no_table(django_assert_num_queries: object) -> None:
    plant(tree_register(), many(3))
    sequence()
    with django_assert_num_queries(1):  # type: ignore[operator]
        here = now()
        found = following(Place(here.position), here.position, scope=Scope(), limit=500)
    assert (found.rows, found.place, found.has_more) == ([], Place(here.position), False)


@pytest.mark.usefixtures("hall")
def test_following_reads_no_large_table_from_end_to_end() -> None:
    plant(tree_register(), many(3))
    sequence()
    with explained() as plans:
        for scope in (Scope(), Scope(register="ambridge/tree"), Scope(organisation="ambridge"), Scope(standard="tree")):
            following(Place(2), now().position, scope=scope, limit=500)
    assert_no_scan(plans)


@pytest.mark.usefixtures("hall")
def test_place_beyond_the_end_is_kept() -> None:
    """A replica may be behind the hall that gave it."""
    ahead = Place(latest_position() + 5, 7)
    assert following(ahead, latest_position(), scope=Scope(), limit=5).place == ahead


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("hall")
def test_followers_beside_publishers_miss_and_repeat_nothing() -> None:
    registers = [tree_register()]
    registers += [open_register(f"ambridge/wood-{place}", current_standard("tree"), Description()) for place in "abc"]
    done = threading.Event()

    def publisher(register: Register) -> None:
        for turn in range(8):
            plant_patiently(register, {f"T{turn}-{place}": "oak" for place in range(3)})

    def publishers() -> None:
        try:
            at_once(*(lambda register=register: publisher(register) for register in registers))  # type: ignore[misc]
        finally:
            done.set()

    def follower(limit: int) -> list[Seen]:
        seen: list[Seen] = []
        place, is_last = Place(), False
        while True:
            found = following(place, now().position, scope=Scope(), limit=limit)
            seen += [(one.position, one.register.path, one.change.number) for one in found.rows]
            place = found.place
            if is_last and not found.has_more:
                return seen
            if done.is_set() and not is_last:
                sequence()
                is_last = True

    _, *told = at_once(publishers, lambda: follower(1), lambda: follower(500))  # type: ignore[list-item]
    assert told[0] == told[1] == everything()
    assert sum(path.startswith("ambridge/") for _, path, _ in everything()) == 4 * 8 * 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("hall")
def test_publication_that_commits_late_is_not_missed() -> None:
    """On PostgreSQL it has the lower id and is seen after the other; on SQLite the other waits for it."""
    slow = tree_register()
    quick = open_register("ambridge/hedge", current_standard("tree"), Description())
    sequence()
    begun, followed = threading.Event(), threading.Event()
    start = Place(latest_position())
    is_postgresql = transaction.get_connection().vendor == "postgresql"
    first: list[Seen] = []

    def publish_late() -> None:
        with transaction.atomic():
            plant(slow, {"S1": "oak"})
            begun.set()
            if is_postgresql:
                assert followed.wait(PATIENCE)

    def publish_and_follow() -> None:
        assert begun.wait(PATIENCE)
        plant(quick, {"Q1": "oak"})
        sequence()
        first.extend(follow(place=start))
        followed.set()

    at_once(publish_late, publish_and_follow)
    sequence()
    if is_postgresql:
        assert [path for _, path, _ in first] == ["ambridge/hedge"]
    told = list(follow(place=start))
    assert sorted(path for _, path, _ in told) == ["ambridge/hedge", "ambridge/tree"]
    assert told[: len(first)] == first
    assert RegisterHead.objects.get(register=slow).size == 1
