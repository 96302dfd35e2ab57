from __future__ import annotations

import pytest

from guildhall.registers.followers import run as followers
from guildhall.registers.models import Entry, FollowerHead, Value
from guildhall.registers.queries.links import organisations_by_value, records_with
from guildhall.registers.sequencer import sequence

from .makers import many, plant, tree_register

pytestmark = pytest.mark.usefixtures("hall")


def catch_up() -> None:
    sequence()
    followers.catch_up()


def current(register_id: int) -> set[tuple[str, str]]:
    rows = Value.objects.filter(register_id=register_id, field="species", superseded_by=None)
    return set(rows.values_list("key", "value"))


def test_values_follow_changes() -> None:
    register = tree_register()
    plant(register, {"T1": "oak", "T2": "ash"})
    catch_up()
    assert current(register.pk) == {("T1", "oak"), ("T2", "ash")}
    plant(register, {"T1": "elm", "T2": "ash"})
    catch_up()
    assert current(register.pk) == {("T1", "elm"), ("T2", "ash")}
    assert FollowerHead.objects.get(follower="values", register=register).size == 3


def test_catching_up_in_one_go_gives_the_same_as_step_by_step() -> None:
    register = tree_register()
    plant(register, {"T1": "oak"})
    plant(register, {"T1": "elm"})
    plant(register, {"T1": "yew"})
    catch_up()
    assert current(register.pk) == {("T1", "yew")}


def test_follower_says_how_far_behind_it_is() -> None:
    register = tree_register()
    catch_up()
    assert followers.is_behind("values") == 0
    plant(register, {"T1": "oak"})
    sequence()
    assert followers.is_behind("values") == 1


def test_rebuild_gives_the_same_values() -> None:
    register = tree_register()
    plant(register, many(2_500))
    plant(register, many(2_500) | {"T00007": "elm"})
    catch_up()
    before = set(Value.objects.values_list("register", "field", "value", "key", "number", "superseded_by"))
    assert sum(followers.rebuild(followers.follower("values"))) >= 2_501
    assert set(Value.objects.values_list("register", "field", "value", "key", "number", "superseded_by")) == before


def test_follower_passes_over_values_that_were_tampered_with() -> None:
    register = tree_register()
    plant(register, {"T1": "oak", "T2": "ash"})
    Entry.objects.filter(register=register, key="T1").update(item=b"no JSON")
    catch_up()
    assert current(register.pk) == {("T2", "ash")}


def test_unknown_follower_is_named_with_those_that_there_are() -> None:
    with pytest.raises(followers.UnknownFollowerError, match=r"no follower called moods.*values"):
        followers.follower("moods")


def test_records_with_a_value_and_their_counts() -> None:
    register = tree_register()
    plant(register, {"T1": "oak", "T2": "ash", "T3": "oak"})
    catch_up()
    assert [record.key for _, record in records_with("tree", "species", "oak")] == ["T1", "T3"]
    assert organisations_by_value("tree", "species", end_field=None, today="2026-01-01") == {"oak": 1, "ash": 1}
