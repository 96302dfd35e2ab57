"""The hall's own registers and the tables projected from them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from django.test import override_settings

from guildhall.publishing.registers import (
    Description,
    ItemRefusedError,
    RegisterNameError,
    StandardRefusedError,
    add_organisation,
    add_standard,
    open_register,
)
from guildhall.registers import hall as hall_registers
from guildhall.registers import identity, key_files
from guildhall.registers.bootstrap import ensure_hall
from guildhall.registers.catalogue import current_standard
from guildhall.registers.errors import HallEntryError, UnknownOrganisationError
from guildhall.registers.models import Entry, Organisation, Register, Standard

from .makers import TREE, tree_register

pytestmark = pytest.mark.usefixtures("hall")


def test_new_hall_keeps_its_own_five_registers() -> None:
    assert list(Register.objects.order_by("path").values_list("path", flat=True)) == [
        "hall/erasure",
        "hall/hold",
        "hall/organisation",
        "hall/register",
        "hall/standard",
    ]
    assert Entry.objects.filter(register__path="hall/register").count() == 5


def test_ensure_hall_again_changes_nothing() -> None:
    before = Entry.objects.count()
    ensure_hall()
    assert Entry.objects.count() == before


def test_another_origin_is_refused() -> None:
    with override_settings(GUILDHALL_ORIGIN="elsewhere.example"), pytest.raises(identity.OriginChangedError):
        ensure_hall()


def test_log_key_can_be_read_by_its_owner_alone(home: Path) -> None:
    assert len(identity.log_key_seed()) == 32
    assert stat.S_IMODE((home / "log-key").stat().st_mode) == 0o600


def test_lost_log_key_is_never_replaced_by_a_new_one(home: Path) -> None:
    (home / "log-key").unlink()
    key_files.seed.cache_clear()
    with pytest.raises(key_files.LogKeyLostError, match="log-key"):
        ensure_hall()
    assert not (home / "log-key").exists()


def test_another_log_key_is_refused() -> None:
    with override_settings(GUILDHALL_LOG_KEY=bytes(32)), pytest.raises(key_files.LogKeyChangedError, match="GUILDHALL"):
        ensure_hall()


def test_rebuild_gives_the_same_tables() -> None:
    tree_register()
    before = tables()
    Organisation.objects.update(name="wrong")
    Register.objects.update(title="wrong")
    Standard.objects.update(title="wrong")
    hall_registers.rebuild()
    assert tables() == before
    assert not Standard.objects.filter(title="wrong").exists()


def tables() -> tuple[list[dict[str, object]], ...]:
    return tuple(list(table.objects.order_by("pk").values()) for table in (Organisation, Register))


def test_open_register_of_an_unknown_organisation_names_near_ones() -> None:
    add_organisation({"organisation": "ambridge", "name": "Ambridge", "kind": "council"})
    add_standard(TREE)
    with pytest.raises(UnknownOrganisationError, match="Did you mean ambridge"):
        open_register("ambrige/tree", current_standard("tree"), Description())


@pytest.mark.parametrize("path", ["tree", "Ambridge/tree", "ambridge/", "ambridge/a/b", "../tree"])
def test_open_register_with_a_wrong_name_is_refused(path: str) -> None:
    with pytest.raises(RegisterNameError):
        open_register(path, current_standard("register"), Description())


def test_add_organisation_with_a_wrong_value_is_refused() -> None:
    with pytest.raises(ItemRefusedError, match=r"(?i)kind"):
        add_organisation({"organisation": "x", "name": "X", "kind": "borough"})


def test_standard_version_cannot_change_once_published() -> None:
    add_standard(TREE)
    with pytest.raises(HallEntryError, match="Version 1 of the data standard tree"):
        add_standard(TREE | {"title": "Trees and hedges"})
    assert current_standard("tree").title == "Tree"


def test_new_version_of_a_standard_becomes_the_current_one() -> None:
    add_standard(TREE)
    add_standard(TREE | {"title": "Trees and hedges", "version": "2"})
    assert (current_standard("tree").version, current_standard("tree").title) == ("2", "Trees and hedges")


def test_standard_without_a_key_is_refused_and_says_what_to_give() -> None:
    keyless = {name: value for name, value in TREE.items() if name != "primaryKey"}
    with pytest.raises(StandardRefusedError, match="--key"):
        add_standard(keyless)
    assert add_standard(keyless, key=("tree",)).standard.key == ("tree",)
