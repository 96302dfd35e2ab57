"""Holds and erasures: what they name, what they do to publishing, and what followers keep."""

from __future__ import annotations

import pytest

from guildhall.registers.catalogue import current_standard
from guildhall.registers.errors import HallEntryError, HiddenRecordsError, NothingToHideError
from guildhall.registers.followers import run as followers
from guildhall.registers.hiding.actions import What, erase, hold, lift
from guildhall.registers.models import RegisterHead, Value, ValueCount
from guildhall.registers.publish import Options, publish
from guildhall.registers.queries import records, registers
from guildhall.registers.rows import ListRows
from guildhall.registers.sequencer import sequence

from .makers import plant, tree_register, tree_rows

pytestmark = pytest.mark.usefixtures("hall")

PATH = "ambridge/tree"


def _follow() -> None:
    sequence()
    followers.catch_up()


def _species(key: str) -> object:
    register = registers.register(PATH)
    return records.record(register, key, register.head.size).item.get("species")


def test_hold_hides_a_change_until_it_is_lifted() -> None:
    plant(tree_register(), {"T1": "oak", "T2": "ash"})
    done = hold(what=What(PATH, entries=["1"]))
    assert (done.name, done.runs) == ("1", [(1, 1)])
    register = registers.register(PATH)
    held = records.record(register, "T1", 2)
    assert held.is_held
    assert not held.item
    assert _species("T2") == "ash"
    assert lift(what=What(PATH, entries=["1"]))[0].name == "1"
    assert _species("T1") == "oak"
    assert registers.register(PATH).head.hidden_runs == 0


def test_a_held_latest_entry_never_brings_back_the_earlier_one() -> None:
    register = tree_register()
    plant(register, {"T1": "oak"})
    plant(register, {"T1": "ash"})
    hold(what=What(PATH, publication=2))
    assert _species("T1") is None


def test_hold_of_a_key_hides_what_is_published_later() -> None:
    register = tree_register()
    plant(register, {"T1": "oak", "T2": "ash"})
    hold(what=What(PATH, key="T1"))
    with pytest.raises(HiddenRecordsError, match="T1"):
        plant(register, {"T1": "elm"})
    publish(register, tree_rows([("T1", "elm"), ("T2", "yew")]), options=Options(replace_erased=True))
    assert _species("T1") is None
    assert _species("T2") == "yew"
    lift(what=What(PATH, key="T1"))
    assert _species("T1") == "elm"


def test_publishing_the_same_file_leaves_what_is_held_as_it_is() -> None:
    register = tree_register()
    plant(register, {"T1": "oak", "T2": "ash"})
    hold(what=What(PATH, entries=["1"]))
    receipt = plant(register, {"T1": "oak", "T2": "yew"})
    assert (receipt.changed, receipt.unchanged) == (1, 1)
    with pytest.raises(HiddenRecordsError, match="T1"):
        plant(register, {"T1": "elm"})


def test_publishing_the_same_file_never_brings_back_what_was_erased() -> None:
    register = tree_register()
    plant(register, {"T1": "oak", "T2": "ash"})
    erase(what=What(PATH, entries=["1"]), ground="court-order")
    with pytest.raises(HiddenRecordsError, match="T1"):
        plant(register, {"T1": "oak", "T2": "ash"})
    assert plant(register, {"T2": "ash"}).publication is None
    plant(register, {"T1": "oak"}, replace_erased=True)  # type: ignore[arg-type]
    assert _species("T1") == "oak"


def test_publishing_over_what_is_erased_meanwhile_is_refused() -> None:
    register = tree_register()
    plant(register, {"T1": "oak", "T2": "ash"})

    def erase_now(stage: str, _done: int, _total: int) -> None:
        if stage == "publish":
            erase(what=What(PATH, entries=["1"]), ground="unlawful")

    with pytest.raises(HiddenRecordsError, match="T1"):
        publish(register, tree_rows([("T1", "elm")]), on_progress=erase_now)


def test_what_was_erased_is_never_ended() -> None:
    register = tree_register()
    plant(register, {"T1": "oak", "T2": "ash", "T3": "elm"})
    erase(what=What(PATH, entries=["1"]), ground="unlawful")
    hold(what=What(PATH, entries=["2"]))
    receipt = plant(register, {}, close_missing_on="2026-05-01")
    assert receipt.closed == 1


def test_erasing_publishes_what_and_on_which_ground_and_never_the_value() -> None:
    plant(tree_register(), {"T1": "oak", "T2": "ash", "T3": "elm"})
    erase(what=What(PATH, entries=["1", "2-3"]), ground="data-protection")
    home = registers.register("hall/erasure")
    said = records.record(home, "1", home.head.size).item
    assert said.pop("date")
    assert said == {"erasure": "1", "register": PATH, "entries": ["1-3"], "ground": "data-protection"}
    register = registers.register(PATH)
    assert all(change.is_erased and not change.item for change in records.entries(register, 3, limit=3))


@pytest.mark.parametrize(
    "what",
    [
        What(PATH, entries=["3"]),
        What(PATH, entries=["seventeen"]),
        What(PATH, entries=["2-1"]),
        What(PATH, entries=["0"]),
        What(PATH, publication=9),
        What(PATH, key="T9"),
    ],
)
def test_hold_of_what_is_not_there_is_refused(what: What) -> None:
    plant(tree_register(), {"T1": "oak", "T2": "ash"})
    with pytest.raises(NothingToHideError):
        hold(what=what)
    assert not registers.register("hall/hold").head.size


@pytest.mark.parametrize(
    "what",
    [
        What("hall/hold", entries=["1"]),
        What("hall/standard", entries=["1"]),
        What("hall/organisation", entries=["1-2"]),
        What("hall/register", key=PATH),
    ],
)
def test_hold_of_what_the_hall_cannot_do_without_is_refused(what: What) -> None:
    plant(tree_register(), {"T1": "oak"})
    hold(what=What(PATH, entries=["1"]))
    with pytest.raises(HallEntryError):
        hold(what=what)


def test_followers_take_out_what_is_hidden_and_put_back_what_is_shown() -> None:
    register = tree_register()
    plant(register, {"T1": "oak", "T2": "oak", "T3": "ash"})
    _follow()
    hold(what=What(PATH, entries=["1-2"]))
    _follow()
    assert not Value.objects.filter(value="oak").exists()
    assert not ValueCount.objects.filter(value="oak").exists()
    lift(what=What(PATH, entries=["1-2"]))
    _follow()
    assert Value.objects.filter(value="oak").count() == ValueCount.objects.get(value="oak").count == 2


def test_an_erasure_is_for_ever_whatever_is_published_under_its_name() -> None:
    plant(tree_register(), {"T1": "oak", "T2": "ash"})
    erase(what=What(PATH, entries=["1"]), ground="safety")
    home = registers.register("hall/erasure")
    said = records.record(home, "1", home.head.size).item
    for other in ({"entries": ["2"]}, {"end-date": "2026-01-01"}):
        publish(home, ListRows.of(current_standard("erasure"), [said | other]))
    states = [change.is_erased for change in records.entries(registers.register(PATH), 2, limit=2)]
    assert states == [True, True]


def test_a_hold_gets_a_number_that_nobody_has_used() -> None:
    plant(tree_register(), {"T1": "oak", "T2": "ash"})
    home = registers.register("hall/hold")
    by_hand = {"hold": "2", "register": PATH, "entries": ["1"], "start-date": "2026-01-01"}
    publish(home, ListRows.of(current_standard("hold"), [by_hand]))
    assert hold(what=What(PATH, entries=["2"])).name == "3"
    assert all(change.is_held for change in records.entries(registers.register(PATH), 2, limit=2))


def test_the_projection_is_the_same_when_it_is_rebuilt() -> None:
    from guildhall.registers import hall  # noqa: PLC0415 - only here

    register = tree_register()
    plant(register, {"T1": "oak", "T2": "ash", "T3": "elm"})
    hold(what=What(PATH, key="T1"))
    hold(what=What(PATH, entries=["2"]))
    erase(what=What(PATH, entries=["3"]), ground="safety")
    lift(what=What(PATH, entries=["2"]))
    before = [change.state for change in records.entries(registers.register(PATH), 3, limit=3)]
    hall.rebuild()
    assert [change.state for change in records.entries(registers.register(PATH), 3, limit=3)] == before == [2, 0, 1]
    assert RegisterHead.objects.get(register__path=PATH).hidden_runs == 2
