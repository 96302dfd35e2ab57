"""The log key follows another: what is signed when, what is published of it, and what a crash leaves."""

from __future__ import annotations

import stat
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client, override_settings

from guildhall.log.checkpoint import CheckpointError, open_checkpoint
from guildhall.log.notes import VerifierKey
from guildhall.log.successions import CompromisedError, follow
from guildhall.registers import identity, key_files, succession
from guildhall.registers.bootstrap import ensure_hall
from guildhall.registers.last_checkpoints import file
from guildhall.registers.models import KeySuccession, Publication, Register, RegisterHead
from guildhall.registers.restored import RestoredHallError, refuse_restored
from guildhall.registers.succession import change_key, published_keys

from .makers import plant, tree_register
from .test_concurrency import at_once, plant_patiently

pytestmark = pytest.mark.usefixtures("hall")

NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)


def change(*, compromised: bool = False) -> VerifierKey:
    return change_key(compromised=compromised, now=NOW)


def test_new_key_signs_what_is_published_from_then_on() -> None:
    register = tree_register()
    old = identity.verifier_key()
    first = plant(register, {"A": "oak"}).checkpoint
    new = change()
    second = plant(register, {"B": "ash"}).checkpoint
    name = identity.log_name(register.path)
    open_checkpoint(second, new.named(name))
    with pytest.raises(CheckpointError):
        open_checkpoint(second, old.named(name))
    # What was signed before stays valid by the key of its time.
    open_checkpoint(first, old.named(name))
    assert Publication.objects.filter(register=register, checkpoint=first).exists()


def test_newest_checkpoint_of_every_list_is_signed_anew_and_says_the_same() -> None:
    before = {head.pk: (head.size, bytes(head.root)) for head in RegisterHead.objects.all()}
    new = change()
    for head in RegisterHead.objects.select_related("register"):
        body = open_checkpoint(head.checkpoint, new.named(identity.log_name(head.register.path)))
        assert (body.size, body.root) == before[head.pk]
    refuse_restored()


def test_keys_are_published_newest_first_with_what_followed_what(client: Client) -> None:
    first = identity.verifier_key()
    second = change()
    third = change()
    told = client.get("/log-keys").content.decode()
    assert told.splitlines()[:3] == [third.format(), second.format(), first.format()]
    assert follow(told, first) == follow(told, second) == follow(told, third) == third


def test_compromised_key_is_said_to_be_so_and_not_followed() -> None:
    first = identity.verifier_key()
    second = change(compromised=True)
    with pytest.raises(CompromisedError, match="was compromised"):
        follow(published_keys(), first)
    assert follow(published_keys(), second) == second


def test_new_key_can_be_read_by_its_owner_alone_and_the_old_one_is_kept(home: Path) -> None:
    old = (home / "log-key").read_bytes()
    name = f"log-key.{identity.verifier_key().public_key.hex()[:8]}"
    change()
    assert stat.S_IMODE((home / "log-key").stat().st_mode) == 0o600
    assert (home / name).read_bytes() == old
    assert not (home / "log-key.next").exists()


def test_crash_before_the_change_is_announced_leaves_the_old_key(home: Path) -> None:
    waiting = key_files.make(key_files.NEXT)
    key_files.seed.cache_clear()
    old = identity.verifier_key()
    plant(tree_register(), {"A": "oak"})
    assert identity.verifier_key() == old
    # Once more: the key that was made already is taken.
    assert change().public_key == key_files.public_half(waiting)


def test_crash_after_the_change_is_announced_leaves_the_new_key(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    register = tree_register()

    class CrashError(Exception):
        pass

    def crash(_key: bytes) -> None:
        if KeySuccession.objects.exists():
            raise CrashError

    with monkeypatch.context() as patch:
        patch.setattr(key_files, "take_next", crash)
        with pytest.raises(CrashError):
            change()
    key_files.seed.cache_clear()
    assert (home / "log-key.next").exists()
    ensure_hall()
    plant(register, {"A": "oak"})
    between = identity.verifier_key()
    change()
    key_files.seed.cache_clear()
    assert follow(published_keys(), between) == identity.verifier_key() != between
    assert KeySuccession.objects.count() == 2


def test_hall_whose_key_came_from_the_environment_signs_with_the_new_one_from_the_file(home: Path) -> None:
    first = key_files.public_half(identity.log_key_seed())
    given = identity.log_key_seed()
    (home / "log-key").unlink()
    key_files.seed.cache_clear()
    with override_settings(GUILDHALL_LOG_KEY=given):
        assert identity.verifier_key().public_key == first
        new = change()
        ensure_hall()
        assert identity.verifier_key() == new
        plant(tree_register(), {"A": "oak"})
    with override_settings(GUILDHALL_LOG_KEY=bytes(32)), pytest.raises(key_files.LogKeyChangedError):
        identity.verifier_key()


def test_old_key_file_put_back_signs_nothing(home: Path) -> None:
    old = (home / "log-key").read_bytes()
    change()
    (home / "log-key").write_bytes(old)
    key_files.seed.cache_clear()
    with pytest.raises(key_files.LogKeyChangedError, match="not the one"):
        plant(tree_register(), {"A": "oak"})
    (home / "log-key").write_bytes(b"nonsense")
    with pytest.raises(key_files.LogKeyChangedError, match="does not hold"):
        identity.verifier_key()


def test_change_that_another_has_just_made_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    new = change()
    monkeypatch.setattr(key_files, "make", lambda _name: identity.log_key_seed())
    assert change() == new
    assert KeySuccession.objects.count() == 1


def test_hall_that_signs_nothing_changes_no_key() -> None:
    file().unlink()
    with pytest.raises(RestoredHallError):
        change()
    assert not KeySuccession.objects.exists()
    assert succession.published_keys().count("\n") == 1


@pytest.mark.django_db(transaction=True)
def test_key_that_changes_while_others_publish_leaves_every_newest_checkpoint_under_it() -> None:
    registers = [tree_register(slug) for slug in ("ambridge", "borchester")]

    def publisher(register: Register) -> None:
        for turn in range(8):
            plant_patiently(register, {f"T{turn}": "oak"})

    at_once(lambda: publisher(registers[0]), change, lambda: publisher(registers[1]), change_later)  # type: ignore[arg-type]
    new = identity.verifier_key()
    for head in RegisterHead.objects.select_related("register"):
        body = open_checkpoint(head.checkpoint, new.named(identity.log_name(head.register.path)))
        assert (body.size, body.root) == (head.size, bytes(head.root))
    assert [head.size for head in RegisterHead.objects.filter(register__in=registers)] == [8, 8]
    assert KeySuccession.objects.count() == 2


def change_later() -> VerifierKey:
    """A second change, after the first: who begins while another is at it is told so by the database."""
    while not KeySuccession.objects.exists():
        time.sleep(0.01)
    return change()
