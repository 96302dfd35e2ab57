from __future__ import annotations

from dataclasses import replace

import pytest

from guildhall.publishing.registers import add_standard
from guildhall.registers.catalogue import current_standard
from guildhall.registers.followers import run as followers
from guildhall.registers.models import Entry, FollowerHead, Value, ValueCount
from guildhall.registers.publish import publish
from guildhall.registers.queries import indexed, registers, scopes
from guildhall.registers.queries.links import organisations_by_value, records_with
from guildhall.registers.rows import ListRows
from guildhall.registers.sequencer import sequence
from guildhall.search.models import Document

from .makers import TREE, many, plant, tree_register

pytestmark = pytest.mark.usefixtures("hall")


def catch_up() -> None:
    sequence()
    followers.catch_up()


def current(register_id: int, field: str = "species") -> set[tuple[str, str]]:
    rows = Value.objects.filter(register_id=register_id, field=field, superseded_by=None)
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


@pytest.mark.parametrize(
    ("ended", "today", "is_counted"),
    [
        ("2026", "2026-11-24", True),
        ("2026", "2027-01-01", False),
        ("2026-11", "2026-11-24", True),
        ("2026-11", "2026-12-01", False),
        ("2026-11-24", "2026-11-24", True),
        ("2026-11-23", "2026-11-24", False),
    ],
)
def test_year_or_month_has_ended_when_its_last_day_has(ended: str, today: str, *, is_counted: bool) -> None:
    register = tree_register()
    plant(register, {"T1": "oak"})
    catch_up()
    Value.objects.create(register=register, field="end-date", value=ended, key="T1", number=1)
    counted = organisations_by_value("tree", "species", end_field="end-date", today=today)
    assert counted == ({"oak": 1} if is_counted else {})


def _tree_standard(version: str, *indexed: str, **other: str) -> None:
    fields = [field | {"indexed": field["name"] in indexed} for field in TREE["fields"]]  # type: ignore[call-overload]
    add_standard(TREE | {"version": version, "fields": fields} | other)


def test_new_version_of_a_standard_lets_followers_take_anew_what_it_changes() -> None:
    register = tree_register()
    standard = current_standard("tree")
    rows = [{"tree": f"T{number}", "species": "oak", "street": f"Road {number % 2}"} for number in range(7)]
    publish(register, ListRows.of(standard, rows))
    publish(register, ListRows.of(standard, [rows[0] | {"street": "Lane"}]))
    catch_up()
    small = replace(followers.follower("values"), at_once=3)

    def streets() -> dict[str, int]:
        return dict(ValueCount.objects.filter(register=register, field="street").values_list("value", "count"))

    _tree_standard("2", "street")
    sequence()
    assert followers.is_behind("values") > 0
    known = registers.register(register.path)
    assert indexed.heads(scopes.of_register(known, current_standard("tree"))) == {}
    assert sum(followers.steps(small)) > 8
    assert indexed.heads(scopes.of_register(known, current_standard("tree"))) == {register.pk: 8}
    assert current(register.pk, "street") == {
        (row["tree"], row["street"]) for row in [rows[0] | {"street": "Lane"}, *rows[1:]]
    }
    assert streets() == {"Lane": 1, "Road 0": 3, "Road 1": 3}
    _tree_standard("3")
    catch_up()
    _tree_standard("4", "street")
    catch_up()
    assert streets() == {"Lane": 1, "Road 0": 3, "Road 1": 3}


def test_new_version_that_changes_nothing_for_a_follower_is_only_noted() -> None:
    register = tree_register()
    plant(register, many(5))
    catch_up()
    before = list(Value.objects.filter(register=register).values_list("pk", flat=True))
    _tree_standard("2", "species", description="Trees that stand in the street.")
    known = registers.register(register.path)
    assert indexed.heads(scopes.of_register(known, current_standard("tree"))) == {register.pk: 5}
    catch_up()
    assert list(Value.objects.filter(register=register).values_list("pk", flat=True)) == before
    heads = FollowerHead.objects.filter(register=register).values_list("follower", "standard_version")
    assert dict(heads) == {"values": "2", "hashes": "2", "search": "2"}


def test_new_title_field_is_found_by() -> None:
    plant(tree_register(), {"T1": "oak"})
    catch_up()
    assert Document.objects.get(key="T1", kind="record").title == "oak"
    _tree_standard("2", "species", titleField="tree")
    catch_up()
    assert Document.objects.get(key="T1", kind="record").title == "T1"
