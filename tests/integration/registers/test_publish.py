"""What publishing does to a register, small and large, again and half way."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test import override_settings

from guildhall.log.checkpoint import open_checkpoint
from guildhall.log.leaf import LeafError, entry_leaf
from guildhall.log.merkle import leaf_hash, root_of
from guildhall.log.tiles import TreeWriter, tree_root
from guildhall.registers import identity
from guildhall.registers.errors import (
    AlteredLogError,
    AlteredValuesError,
    KeeperChangedError,
    LeaseLostError,
    NoEndFieldError,
    RegisterBusyError,
    RegisterClosedError,
    RepeatedKeyError,
)
from guildhall.registers.key_files import LogKeyChangedError
from guildhall.registers.lease import Lease
from guildhall.registers.models import Entry, Publication, Register, RegisterHead, Tile
from guildhall.registers.publish import SMALL, Options, publish
from guildhall.registers.queries import records
from guildhall.registers.rows import SLICE, ListRows
from guildhall.registers.stage import Stage, StoredTiles

from .makers import many, plant, tree_register, tree_rows

pytestmark = pytest.mark.usefixtures("hall")


def head(register: Register) -> RegisterHead:
    return RegisterHead.objects.get(pk=register.pk)


def assert_sound(register: Register) -> None:
    """The head covers a run without gaps, its root is over exactly these entries, and the checkpoint says so."""
    now = head(register)
    rows = list(Entry.objects.filter(register=register, number__lte=now.size).order_by("number"))
    assert [row.number for row in rows] == list(range(1, now.size + 1))
    leaves = [leaf_hash(entry_leaf(row.number, row.key, row.time, bytes(row.item_hash))) for row in rows]
    assert bytes(now.root) == root_of(leaves) == tree_root(now.size, StoredTiles(register.pk))
    checkpoint = open_checkpoint(now.checkpoint, identity.signer(register.path).verifier_key)
    assert (checkpoint.origin, checkpoint.size, checkpoint.root) == (
        identity.log_name(register.path),
        now.size,
        bytes(now.root),
    )
    assert now.records == records.at_head(register, now.size).count() == len({row.key for row in rows})


def test_publish_new_rows_makes_entries_and_records() -> None:
    register = tree_register()
    receipt = plant(register, {"T1": "oak", "T2": "ash"}, reason="First survey")
    assert (receipt.added, receipt.changed, receipt.size) == (2, 0, 2)
    assert records.record(register, "T2", 2).item == {"tree": "T2", "species": "ash"}
    assert Publication.objects.get(register=register).reason == "First survey"
    assert_sound(register)


def test_publish_same_rows_again_appends_nothing() -> None:
    register = tree_register()
    plant(register, {"T1": "oak"})
    before = head(register)
    receipt = plant(register, {"T1": "oak"})
    assert receipt.publication is None
    assert (receipt.unchanged, receipt.checkpoint) == (1, before.checkpoint)
    assert head(register).size == before.size


def test_publish_changed_row_supersedes_the_earlier_entry() -> None:
    register = tree_register()
    plant(register, {"T1": "oak", "T2": "ash"})
    receipt = plant(register, {"T1": "elm", "T2": "ash"})
    assert (receipt.added, receipt.changed, receipt.unchanged) == (0, 1, 1)
    assert records.record(register, "T1", 3).item["species"] == "elm"
    assert records.record(register, "T1", 2).item["species"] == "oak"  # as it was recorded then
    assert [change.item["species"] for change in records.record_entries(register, "T1", 3)] == ["oak", "elm"]
    assert_sound(register)


@pytest.mark.parametrize("count", [SMALL, SMALL + 1, SLICE + 3])
def test_publish_any_number_of_rows_is_sound(count: int) -> None:
    register = tree_register()
    plant(register, many(count))
    assert_sound(register)
    changed = many(count) | {"T00002": "elm", "T00400": "yew", "X": "fir"}
    receipt = plant(register, changed)
    assert (receipt.added, receipt.changed, receipt.unchanged) == (1, 2, count - 2)
    assert_sound(register)


def test_publish_repeated_key_is_refused_and_nothing_is_published() -> None:
    register = tree_register()
    with pytest.raises(RepeatedKeyError, match="T1"):
        publish(register, tree_rows([("T1", "oak"), ("T2", "ash"), ("T1", "elm")]))
    assert head(register).size == 0


def test_publish_closing_missing_gives_an_end_date() -> None:
    register = tree_register()
    plant(register, {"T1": "oak", "T2": "ash"})
    receipt = plant(register, {"T1": "oak"}, close_missing_on="2026-05-01")
    assert receipt.closed == 1
    assert records.record(register, "T2", 3).item == {"tree": "T2", "species": "ash", "end-date": "2026-05-01"}
    again = plant(register, {"T1": "oak"}, close_missing_on="2026-06-01")
    assert again.publication is None  # what has ended already is not ended again
    assert_sound(register)


def test_publish_closing_missing_without_an_end_field_is_refused() -> None:
    plant(tree_register(), {"T1": "oak"})
    erasures = Register.objects.get(path="hall/erasure")
    item = {"erasure": "1", "register": "ambridge/tree", "entries": "1", "ground": "unlawful", "date": "2026-01-01"}
    rows = ListRows([("1", json.dumps(item).encode())])
    publish(erasures, rows)
    with pytest.raises(NoEndFieldError, match="erasure"):
        publish(erasures, ListRows([]), options=Options(close_missing_on="2026-01-02"))


@pytest.mark.parametrize("item", [b'{"species":"elm","tree":"T2"}', b"no JSON"])
def test_publish_closing_a_record_that_was_tampered_with_signs_nothing(item: bytes) -> None:
    register = tree_register()
    plant(register, {"T1": "oak", "T2": "ash"})
    Entry.objects.filter(register=register, key="T2").update(item=item)
    with pytest.raises(AlteredValuesError, match="values of T2 in ambridge/tree"):
        plant(register, {"T1": "oak"}, close_missing_on="2026-05-01")
    assert head(register).size == 2
    assert plant(register, {"T1": "elm"}).size == 3  # others can be changed all the same


@pytest.mark.parametrize(
    ("key", "item"), [("", b"{}"), ("..", b"{}"), ("k" * 257, b"{}"), ("T1", b'{"a":"' + b"x" * 65_536 + b'"}')]
)
def test_publish_what_no_auditor_would_take_signs_nothing(key: str, item: bytes) -> None:
    register = tree_register()
    with pytest.raises(LeafError):
        publish(register, ListRows([("T0", b'{"tree":"T0"}'), (key, item)]))
    assert head(register).size == 0
    assert plant(register, {"T0": "oak"}).size == 1


def spoil_tile(register: Register, spoiled: bytes) -> None:
    tile = Tile.objects.get(register=register, level=0, index=0)
    Tile.objects.filter(pk=tile.pk).update(hashes=spoiled + bytes(tile.hashes)[32:])


ALTERATIONS: dict[str, Callable[[Register], object]] = {
    "a stored hash": lambda register: spoil_tile(register, bytes(32)),
    "a hash less": lambda register: spoil_tile(register, b""),
    "no hashes": lambda register: Tile.objects.filter(register=register).delete(),
    "the size": lambda register: RegisterHead.objects.filter(pk=register.pk).update(size=1),
    "the root": lambda register: RegisterHead.objects.filter(pk=register.pk).update(root=bytes(32)),
    "the checkpoint": lambda register: RegisterHead.objects.filter(pk=register.pk).update(checkpoint="none"),
}


@pytest.mark.parametrize("what", ALTERATIONS)
def test_publish_after_the_log_was_tampered_with_signs_nothing(what: str) -> None:
    register = tree_register()
    plant(register, {"T1": "oak", "T2": "ash"})
    ALTERATIONS[what](register)
    before = head(register).checkpoint
    with pytest.raises(AlteredLogError, match="ambridge/tree is not what was signed last"):
        plant(register, {"T3": "elm"})
    assert head(register).checkpoint == before
    assert Entry.objects.filter(register=register).count() == 2


def test_publish_with_another_key_than_the_last_signs_nothing() -> None:
    register = tree_register()
    plant(register, {"T1": "oak"})
    with (
        override_settings(GUILDHALL_LOG_KEY=bytes(32)),
        pytest.raises(LogKeyChangedError, match="not the key that this hall signs with"),
    ):
        plant(register, {"T2": "elm"})


def test_publish_times_never_go_back() -> None:
    register = tree_register()
    publish(register, tree_rows([("T1", "oak")]), clock=lambda: 2_000_000_000.9)
    publish(register, tree_rows([("T1", "ash")]), clock=lambda: 1_900_000_000.0)
    assert list(Entry.objects.filter(register=register).order_by("number").values_list("time", flat=True)) == [
        2_000_000_000,
        2_000_000_000,
    ]


def test_publish_while_another_holds_the_lease_says_when_to_try_again() -> None:
    register = tree_register()
    lease = Lease.take(register)
    with pytest.raises(RegisterBusyError) as caught:
        plant(register, {"T1": "oak"})
    assert 1 <= caught.value.retry_after <= 10
    lease.release()
    assert plant(register, {"T1": "oak"}).added == 1


def test_write_with_a_lost_lease_writes_nothing() -> None:
    register = tree_register()
    sleeper = Lease.take(register)
    RegisterHead.objects.filter(pk=register.pk).update(lease_until=None)  # it ran out
    plant(register, {"T1": "oak"})
    stage = Stage(sleeper, TreeWriter(0, StoredTiles(register.pk)), 1_900_000_000)
    with pytest.raises(LeaseLostError), transaction.atomic():
        stage.write(["T9"], [b'{"tree":"T9"}'], [])
    assert not Entry.objects.filter(register=register, key="T9").exists()
    assert_sound(register)


def test_publish_after_one_that_died_half_way_sweeps_what_it_left() -> None:
    register = tree_register()
    plant(register, many(600))
    dead = Lease.take(register)
    stage = Stage(dead, TreeWriter(600, StoredTiles(register.pk)), 1_900_000_000)
    stage.write(["T00001", "D1"], [b'{"species":"dead","tree":"T00001"}', b'{"tree":"D1"}'], ["T00001"])
    assert head(register).size == 600
    assert records.record(register, "T00001", 600).item["species"] == "oak"  # nobody sees what is staged
    RegisterHead.objects.filter(pk=register.pk).update(lease_until=None)
    receipt = plant(register, many(600) | {"T00003": "elm"})
    assert receipt.size == 601
    assert not Entry.objects.filter(register=register, key="D1").exists()
    assert Tile.objects.filter(register=register, level=0).count() == 3
    assert_sound(register)


def test_publish_to_a_closed_register_is_refused() -> None:
    register = tree_register()
    register.end_date = "2026-01-01"
    with pytest.raises(RegisterClosedError, match="closed on 2026-01-01"):
        plant(register, {"T1": "oak"})


def test_publish_for_a_keeper_who_lost_the_list_meanwhile_is_refused() -> None:
    register = tree_register()
    Register.objects.filter(pk=register.pk).update(keeper=Register.objects.get(path="hall/register").keeper)
    with pytest.raises(KeeperChangedError):
        plant(register, {"T1": "oak"})
    assert head(register).size == 0


def test_staged_rows_of_a_large_publication_stay_unseen_until_the_head_moves() -> None:
    register = tree_register()
    seen: list[int] = []

    def watch(stage: str, done: int, total: int) -> None:
        if stage == "publish":
            seen.append(records.at_head(register, head(register).size).count())

    publish(register, tree_rows(many(SLICE * 2).items()), on_progress=watch)
    assert seen == [0, 0]
    assert head(register).records == SLICE * 2


def test_listing_queries_use_their_indexes_without_statistics() -> None:
    register = tree_register()
    plant(register, many(5))
    queries = {
        "page": records.at_head(register, 5).order_by("key").filter(key__gt="T00002")[:51],
        "record": records.at_head(register, 5).filter(key="T00002"),
        "history": Entry.objects.filter(register=register, key="T00002", number__lte=5).order_by("number"),
    }
    for name, query in queries.items():
        plan = _plan(query)
        assert "entry_by_key" in plan or "registers_entry_pkey" in plan, (name, plan)
        assert "TEMP B-TREE" not in plan, (name, plan)
        if connection.vendor == "postgresql":
            assert "Seq Scan" not in plan, (name, plan)


def _plan(query: QuerySet[Entry]) -> str:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # As at a million rows: a scan must not look cheap because the table is small.
            cursor.execute("SET LOCAL enable_seqscan = off")
    return query.explain()
