"""A hall that has changed its key, as `guildhall verify` meets it: in a folder and over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guildhall.log.notes import Signer
from guildhall.log.successions import Succession
from unit.log.verify.auditor import Auditor
from unit.log.verify.halls import ORIGIN, SEED, key_line, trees, write_hall
from unit.log.verify.serving import Site, serve

LIST = "registers/ambridge/tree"
NEXT, THIEF = bytes(32), bytes([7]) * 32
NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    return write_hall(tmp_path / "hall", trees())


def change_key(
    hall: Path, *, seed: bytes = NEXT, signed_by: bytes = SEED, compromised: bool = False, count: int = 300
) -> None:
    """The hall signs with another key from now on, and says so under the old one, or under that of a thief."""
    changed = trees(count=count)
    changed.seed = seed
    write_hall(hall, changed, seed=seed)
    before, after = Signer(ORIGIN, SEED), Signer(ORIGIN, seed)
    note = Succession(before.verifier_key, after.verifier_key, NOW, compromised=compromised)
    told = [f"{key_line(seed)}\n{key_line()}\n", note.signed(Signer(ORIGIN, signed_by), after)]
    (hall / "log-keys").write_text("\n".join(told))


def test_verify_follows_a_planned_change_of_key(auditor: Auditor, hall: Path) -> None:
    auditor.holds(hall / LIST)
    change_key(hall)
    told = auditor.holds(hall / LIST)
    assert "the same as last time" in told
    assert f"has changed its key, and signed for it with the one before: {key_line(NEXT)}" in told
    # From now on the new key is the one that is known.
    assert "has changed its key" not in auditor.holds(hall / LIST)


def test_verify_follows_from_a_key_that_is_given(auditor: Auditor, hall: Path) -> None:
    change_key(hall)
    assert "has changed its key" in auditor.holds(hall / LIST, "--key", key_line())


def test_verify_does_not_follow_a_successor_that_a_thief_has_signed(auditor: Auditor, hall: Path) -> None:
    auditor.holds(hall / LIST)
    change_key(hall, seed=THIEF, signed_by=THIEF)
    assert "What the hall says of its keys does not hold." in auditor.fails(hall / LIST)
    assert "checkpoint does not hold" in auditor.fails(hall / LIST, "--key", key_line())
    assert key_line(THIEF) not in auditor.known.read_text()


def test_verify_does_not_follow_from_a_compromised_key_until_the_new_one_is_given(auditor: Auditor, hall: Path) -> None:
    auditor.holds(hall / LIST)
    change_key(hall, compromised=True)
    for arguments in ([], ["--key", key_line()]):
        told = auditor.fails(hall / LIST, *arguments)
        assert "was compromised" in told
        assert "give" in told
    assert "the same as last time" in auditor.holds(hall / LIST, "--key", key_line(NEXT))


def test_verify_does_not_go_back_to_an_earlier_key(auditor: Auditor, hall: Path, tmp_path: Path) -> None:
    old = write_hall(tmp_path / "old", trees())
    change_key(hall)
    auditor.holds(hall / LIST)
    assert "shows another key than before" in auditor.fails(old / LIST)


def test_verify_after_a_change_of_key_still_sees_a_hall_that_was_rolled_back(auditor: Auditor, hall: Path) -> None:
    auditor.holds(hall / LIST)
    change_key(hall, count=200)
    assert "it was rolled back" in auditor.fails(hall / LIST)


@pytest.fixture
def site(hall: Path) -> Iterator[Site]:
    with serve(hall) as served:
        yield served


def test_verify_follows_a_change_of_key_over_http(auditor: Auditor, hall: Path, site: Site) -> None:
    auditor.holds(site.list_address("ambridge/tree"))
    change_key(hall)
    assert "has changed its key" in auditor.holds(site.list_address("ambridge/tree"))
    change_key(hall, seed=THIEF, signed_by=THIEF)
    assert "shows another key than before" in auditor.fails(site.list_address("ambridge/tree"))
