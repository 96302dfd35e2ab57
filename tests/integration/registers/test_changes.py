"""The latest publications, a week's with the unusual first, and the days of one list."""

from __future__ import annotations

from typing import Any

import pytest

from guildhall.publishing.registers import add_standard
from guildhall.registers.models import Entry
from guildhall.registers.queries import changes, registers
from guildhall.registers.queries.changes import Scope, WeekOfList
from guildhall.registers.queries.versions import versions

from .plans import assert_no_scan, explained
from .stalls import STALL, clock, stall, stalls, trade

pytestmark = pytest.mark.usefixtures("hall")


def seconds(day: str) -> int:
    return int(clock(day, hour=0)())


def paths(page: changes.Publications) -> list[str]:
    return [one.register.path for one in page.rows]


def test_latest_are_the_newest_first_of_hall_organisation_and_standard() -> None:
    ambridge, borchester = stalls(), stalls("borchester")
    trade(ambridge, "2091-01-01", stall(1), reason="First")
    trade(borchester, "2091-01-02", stall(1))
    trade(ambridge, "2091-01-03", stall(2), reason="More")
    everything = changes.latest(Scope(), limit=3)
    assert paths(everything) == ["ambridge/stall", "borchester/stall", "ambridge/stall"]
    assert everything.rows[0].reason == "More"
    assert everything.before == everything.rows[-1].position
    own = changes.latest(Scope(organisation=ambridge.organisation), limit=50)
    assert (paths(own), own.before) == (["ambridge/stall", "ambridge/stall"], None)
    to_standard = changes.latest(Scope(standard_name="stall"), limit=2)
    assert paths(to_standard) == ["ambridge/stall", "borchester/stall"]
    earlier = changes.latest(Scope(standard_name="stall"), limit=2, before=to_standard.before)
    assert (paths(earlier), earlier.before) == (["ambridge/stall"], None)


def test_latest_looks_through_so_many_publications_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    ambridge, borchester = stalls(), stalls("borchester")
    trade(ambridge, "2091-01-01", stall(1))
    for number in range(8):
        trade(borchester, "2091-01-02", stall(number))
    monkeypatch.setattr(changes, "_WINDOW", 2)
    monkeypatch.setattr(changes, "_WINDOWS", 2)
    scope = Scope(organisation=ambridge.organisation)
    found, before, asked = [], None, 0
    while not found:
        page = changes.latest(scope, limit=50, before=before)
        found, before, asked = page.rows, page.before, asked + 1
        assert asked < 10
    assert (paths(page), asked) == (["ambridge/stall"], 3)


def week() -> list[WeekOfList]:
    return changes.week(seconds("2091-05-01"), seconds("2091-05-08"))


def test_week_tells_the_list_first_that_seldom_changes() -> None:
    often, seldom, new = stalls("often"), stalls("seldom"), stalls("new")
    trade(seldom, "2090-06-01", stall(1), stall(2))
    for day in ("2091-01-01", "2091-02-01", "2091-03-01", "2091-03-02"):
        trade(often, day, stall(day))
    trade(new, "2091-05-02", stall(1))
    trade(often, "2091-05-02", stall(1), reason="As always")
    trade(seldom, "2091-05-03", stall(1, "Cheese"), reason="At last")
    trade(seldom, "2091-05-04", stall(3))
    trade(seldom, "2091-05-08", stall(4))  # the next week
    told = [(one.register.path, one.days_before, one.is_new) for one in week()]
    assert told == [("seldom/stall", 1, False), ("often/stall", 4, False), ("new/stall", 0, True)]
    first = week()[0]
    assert (first.publications, first.added, first.changed, first.old, first.new) == (2, 1, 1, 2, 4)


def test_week_tells_of_two_as_seldom_the_one_that_changed_more() -> None:
    little, much = stalls("little"), stalls("much")
    for register in (little, much):
        trade(register, "2090-01-01", stall(1), stall(2), stall(3))
    trade(little, "2091-05-02", stall(1, "Cheese"))
    trade(much, "2091-05-02", stall(1, "Cheese"), stall(2, "Cheese"))
    # A change of more than a year ago is no longer counted.
    assert [(one.register.path, one.days_before) for one in week()] == [("much/stall", 0), ("little/stall", 0)]


def test_days_of_a_list_leave_out_how_it_began() -> None:
    register = trade(stalls(), "2091-01-01", stall(1), stall(2))
    assert changes.days_of(register) == []
    trade(register, "2091-01-03", stall(3))
    trade(register, "2091-01-03", stall(3, "Cheese"))
    trade(register, "2091-02-01", stall(1, "Cheese"), stall(4))
    days = changes.days_of(register)
    assert [(one.added, one.changed) for one in days] == [(1, 1), (1, 1)]
    assert [str(one.day) for one in days] == ["2091-01-03", "2091-02-01"]


def test_day_is_that_of_the_halls_own_clock() -> None:
    register = trade(stalls(), "2091-06-01", stall(1))
    trade(register, "2091-06-01", stall(2), hour=23)  # midnight has passed, by summer time
    assert [str(one.day) for one in changes.days_of(register)] == ["2091-06-02"]


def test_queries_of_changes_read_no_large_table_from_end_to_end() -> None:
    register = trade(stalls(), "2091-05-02", stall(1))
    with explained() as plans:
        changes.latest(Scope(), limit=50)
        changes.latest(Scope(organisation=register.organisation), limit=50)
        changes.latest(Scope(register=register), limit=50, before=100)
        changes.latest(Scope(standard_name="stall"), limit=50, before=100)
        changes.days_of(register)
        week()
    assert_no_scan(plans)


def test_plan_of_a_scan_is_noticed() -> None:
    with explained() as plans:
        list(Entry.objects.filter(item=b"nothing"))
    with pytest.raises(AssertionError, match="registers_entry"):
        assert_no_scan(plans)


# ---- versions of a standard


def changed(**members: Any) -> dict[str, Any]:
    fields = [*STALL["fields"][:3], {"name": "pitch", "title": "Pitch", "type": "string"}]
    fields[1] = fields[1] | {"title": "Trade or craft"}
    return STALL | {"version": "2", "fields": fields} | members


def test_versions_tell_what_changed_from_one_to_the_next() -> None:
    stalls()
    add_standard(changed(updateFrequency="P1Y", description="Stalls of the market."))
    now, first = versions("stall")
    assert (first.version, first.is_first, first.size, first.fields) == ("1", True, 4, [])
    assert (now.version, now.is_first, now.others) == ("2", False, ["description", "update-frequency"])
    steps = {one.name: one for one in now.fields}
    assert {name: one.kind for name, one in steps.items()} == {
        "trade": "changed",
        "pitch": "added",
        "end-date": "removed",
    }
    assert "Trade" in steps["trade"].was
    assert "Trade or craft" in steps["trade"].now


def test_versions_of_a_standard_with_one_are_that_one() -> None:
    stalls()
    assert [one.version for one in versions("stall")] == ["1"]
    assert registers.standard("stall").version == "1"
