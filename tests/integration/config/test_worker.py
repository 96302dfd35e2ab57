"""What the worker does beside the web: one duty after the other, whatever becomes of each."""

from __future__ import annotations

import logging

import pytest

from guildhall.config.commands import serving
from guildhall.registers.followers import run as followers
from guildhall.registers.followers.run import is_behind
from guildhall.registers.sequencer import latest_position, sequence
from integration.registers.makers import many, plant, tree_register

pytestmark = pytest.mark.usefixtures("hall")


def test_duty_that_fails_is_told_and_keeps_no_other_from_its_own(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise LookupError("the item is not JSON")

    done = []
    with caplog.at_level(logging.ERROR, logger="guildhall.worker"):
        for duty in (fail, lambda: done.append("the other")):
            serving._attempt(duty)
    assert done == ["the other"]
    assert "the item is not JSON" in caplog.text


def test_follower_stops_when_the_worker_is_to_end() -> None:
    plant(tree_register(), many(4_500))
    sequence()
    values = followers.follower("values")
    serving._follow(values, lambda: True)
    assert is_behind("values") > 0
    serving._follow(values, lambda: False)
    assert is_behind("values") == 0


def test_publications_get_their_place_while_a_follower_catches_up(monkeypatch: pytest.MonkeyPatch) -> None:
    register = tree_register()
    plant(register, many(2_500))
    sequence()
    placed = latest_position()

    def publish_meanwhile(known: followers.Follower) -> object:
        plant(register, {"X": "yew"})
        yield 1

    monkeypatch.setattr(followers, "steps", publish_meanwhile)
    serving._follow(followers.follower("values"), lambda: False)
    assert latest_position() == placed + 1
