"""A hall that was put back from an old copy: it is read as ever, signs nothing, and says what was lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client, override_settings

from guildhall.log.checkpoint import open_checkpoint
from guildhall.log.notes import Signer, VerifierKey
from guildhall.publishing.registers import Description, add_organisation, open_register
from guildhall.reading import notice
from guildhall.registers import elsewhere, identity, last_checkpoints
from guildhall.registers.bootstrap import ensure_hall
from guildhall.registers.catalogue import current_standard
from guildhall.registers.last_checkpoints import UnreadableCheckpointsError
from guildhall.registers.models import (
    Entry,
    FollowerHead,
    HallIdentity,
    PastOrigin,
    Publication,
    Register,
    RegisterHead,
    Tile,
)
from guildhall.registers.remembering import Remembering, remember
from guildhall.registers.restored import RestoredHallError, differences, refuse_restored
from guildhall.registers.sequencer import sequence
from guildhall.registers.succession import (
    NothingLostError,
    OriginRefusedError,
    published_keys,
    start_new_origin,
)

from .makers import many, plant, tree_register

pytestmark = pytest.mark.usefixtures("hall")

NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
# What stands for the database: put back, it is as a copy of that moment.
TABLES = (Register, RegisterHead, Entry, Tile, Publication)


def copy_of_hall() -> Callable[[], None]:
    """Keep the hall as it is. Calling what is returned puts the database back as it was then."""
    kept = {model: list(model.objects.all()) for model in TABLES}

    def put_back() -> None:
        FollowerHead.objects.all().delete()
        for model in reversed(TABLES):
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608
        for model in TABLES:
            model.objects.bulk_create(kept[model])

    return put_back


@pytest.fixture
def trees() -> Register:
    """A list of three, remembered outside the database."""
    register = tree_register()
    plant(register, {"A": "oak", "B": "ash", "C": "elm"})
    sequence()
    assert remember()
    return register


@pytest.fixture
def old_copy(trees: Register) -> Register:
    """The list was put back as it was with three entries, after five had been signed."""
    put_back = copy_of_hall()
    plant(trees, {"D": "yew", "E": "lime"})
    sequence()
    assert remember()
    put_back()
    return trees


def test_file_holds_the_checkpoint_of_each_list_and_the_last_publication(trees: Register, home: Path) -> None:
    known = last_checkpoints.read()
    assert known is not None
    head = RegisterHead.objects.get(pk=trees.pk)
    assert known.checkpoints[trees.path] == known.note == head.checkpoint
    assert set(known.checkpoints) == set(Register.objects.values_list("path", flat=True))
    assert (home / "last-checkpoints").stat().st_mode & 0o777 == 0o600


def test_worker_writes_the_file_once_after_each_publication(trees: Register) -> None:
    duty, before = Remembering(), last_checkpoints.file().stat().st_ino
    duty.look()
    duty.look()
    once = last_checkpoints.file().stat().st_ino
    plant(trees, {"D": "yew"})
    sequence()
    duty.look()
    known = last_checkpoints.read()
    assert known is not None
    assert known.note.splitlines()[1] == "4"
    assert before != once != last_checkpoints.file().stat().st_ino


def test_hall_that_has_gone_on_since_publishes(trees: Register) -> None:
    for letter in "DEF":
        plant(trees, {letter: "oak"})
    sequence()
    refuse_restored()
    assert remember()


def test_hall_put_back_from_an_old_copy_signs_nothing(old_copy: Register) -> None:
    with pytest.raises(RestoredHallError, match="older than what this hall has signed") as refused:
        plant(old_copy, {"F": "fir"})
    assert "guildhall restore-check" in refused.value.remedy
    assert RegisterHead.objects.get(pk=old_copy.pk).size == 3


def test_hall_put_back_from_an_old_copy_signs_nothing_in_lists_that_lost_nothing(old_copy: Register) -> None:
    with pytest.raises(RestoredHallError):
        tree_register("borchester")


def test_what_was_lost_is_named_entry_by_entry(old_copy: Register) -> None:
    known = last_checkpoints.read()
    assert known is not None
    assert [str(one) for one in differences(known.checkpoints)] == ["ambridge/tree: entries 4 to 5 are lost"]


def test_worker_never_writes_over_what_an_old_copy_lacks(old_copy: Register, caplog: pytest.LogCaptureFixture) -> None:
    before = last_checkpoints.file().read_bytes()
    Remembering().look()
    ensure_hall()
    assert last_checkpoints.file().read_bytes() == before
    assert "signs nothing now" in caplog.text


def test_list_with_another_past_is_found_though_it_is_as_long(trees: Register) -> None:
    put_back = copy_of_hall()
    plant(trees, {"D": "yew"})
    sequence()
    remember()
    put_back()
    last_checkpoints.file().rename(last_checkpoints.file().with_suffix(".away"))
    elsewhere.state_none()
    plant(trees, {"D": "another"})
    sequence()
    last_checkpoints.file().with_suffix(".away").rename(last_checkpoints.file())
    with pytest.raises(RestoredHallError):
        plant(trees, {"E": "oak"})
    known = last_checkpoints.read()
    assert known is not None
    assert "first 4 entries are not those" in str(differences(known.checkpoints)[0])


def test_single_list_that_lost_entries_is_refused_though_the_rest_is_there(trees: Register) -> None:
    before = RegisterHead.objects.get(pk=trees.pk)
    plant(trees, {"D": "yew"})
    add = tree_register_elsewhere()
    plant(add, {"A": "oak"})
    sequence()
    remember()
    RegisterHead.objects.filter(pk=trees.pk).update(size=before.size, root=before.root, checkpoint=before.checkpoint)
    with pytest.raises(RestoredHallError):
        plant(trees, {"E": "fir"})
    assert not remember()


def tree_register_elsewhere() -> Register:
    add_organisation({"organisation": "borchester", "name": "Borchester", "kind": "council"})
    return open_register("borchester/tree", current_standard("tree"), Description())


def test_hall_whose_file_is_lost_signs_nothing_until_it_is_stated_that_there_is_none(trees: Register) -> None:
    last_checkpoints.file().unlink()
    with pytest.raises(RestoredHallError, match="last-checkpoints is not there"):
        plant(trees, {"D": "yew"})
    assert not remember()
    elsewhere.state_none()
    assert plant(trees, {"D": "yew"}).size == 4


def test_hall_whose_file_is_damaged_signs_nothing(trees: Register) -> None:
    for text in (b"", b"{}", b"[]", b'{"version": 2}', last_checkpoints.file().read_bytes()[:-40]):
        last_checkpoints.file().write_bytes(text)
        with pytest.raises(RestoredHallError, match="does not hold the last checkpoints"):
            plant(trees, {"D": "yew"})
        with pytest.raises(UnreadableCheckpointsError):
            remember()


def test_hall_from_a_release_that_kept_no_file_begins_to_when_it_is_brought_up_to_date(trees: Register) -> None:
    last_checkpoints.file().unlink()
    HallIdentity.objects.update(keeps_checkpoints=False, public_key=b"")
    plant(trees, {"D": "yew"})
    ensure_hall()
    assert last_checkpoints.file().exists()
    assert bytes(HallIdentity.objects.get().public_key) == identity.verifier_key().public_key


def test_new_hall_is_not_created_where_another_has_signed(trees: Register) -> None:
    HallIdentity.objects.all().delete()
    with pytest.raises(RestoredHallError, match="has signed from this data folder"):
        ensure_hall()


def test_pages_say_so_and_can_be_read_while_nothing_is_signed(old_copy: Register, client: Client) -> None:
    notice.look = notice._Look()
    page = client.get("/help")
    assert page.status_code == 200
    assert "nothing new is published until that is done" in page.content.decode()
    elsewhere.state_none()
    notice.look = notice._Look()
    assert "nothing new is published" not in client.get("/help").content.decode()


# ---- checkpoints from elsewhere


def lose_file() -> None:
    last_checkpoints.file().unlink()


def test_checkpoint_from_a_mirror_lets_a_whole_hall_sign(trees: Register, tmp_path: Path) -> None:
    lose_file()
    mirrored = tmp_path / "checkpoint"
    mirrored.write_text(RegisterHead.objects.get(pk=trees.pk).checkpoint)
    assert elsewhere.heed(elsewhere.checkpoints_of(str(mirrored))) == []
    assert plant(trees, {"D": "yew"}).size == 4


def test_what_an_auditor_remembers_shows_what_an_old_copy_lacks(old_copy: Register, tmp_path: Path) -> None:
    known = last_checkpoints.read()
    assert known is not None
    memory = tmp_path / "verified.json"
    logs = {identity.log_name(path): note for path, note in known.checkpoints.items()}
    memory.write_text(json.dumps({"version": 1, "halls": {}, "keys": {}, "logs": logs}))
    lose_file()
    missing = elsewhere.heed(elsewhere.checkpoints_of(str(memory)))
    assert [str(one) for one in missing] == ["ambridge/tree: entries 4 to 5 are lost"]
    with pytest.raises(RestoredHallError):
        plant(old_copy, {"F": "fir"})


def test_hall_that_was_put_back_with_its_data_folder_signs_nothing_once_it_is_told(
    trees: Register, tmp_path: Path
) -> None:
    put_back, file = copy_of_hall(), last_checkpoints.file().read_bytes()
    plant(trees, {"D": "yew"})
    sequence()
    mirrored = tmp_path / "checkpoint"
    mirrored.write_text(RegisterHead.objects.get(pk=trees.pk).checkpoint)
    after = copy_of_hall()
    put_back()
    last_checkpoints.file().write_bytes(file)
    refuse_restored()  # it cannot tell by itself
    missing = elsewhere.heed(elsewhere.checkpoints_of(str(mirrored)))
    assert [str(one) for one in missing] == ["ambridge/tree: entry 4 is lost"]
    with pytest.raises(RestoredHallError):
        tree_register("borchester")
    assert not remember()
    # The right copy is found after all.
    after()
    refuse_restored()
    assert remember()
    assert plant(trees, {"E": "fir"}).size == 5


def test_checkpoint_that_this_hall_has_not_signed_is_refused(trees: Register, tmp_path: Path) -> None:
    note = RegisterHead.objects.get(pk=trees.pk).checkpoint
    text = note.partition("\n\n")[0] + "\n"
    forged = tmp_path / "forged"
    forged.write_text(Signer(identity.log_name(trees.path), bytes(32)).sign(text))
    with pytest.raises(elsewhere.CheckpointRefusedError, match="has not signed"):
        elsewhere.checkpoints_of(str(forged))
    other = tmp_path / "other"
    other.write_text(note.replace("hall.example", "other.example"))
    with pytest.raises(elsewhere.CheckpointRefusedError, match="no checkpoint of hall"):
        elsewhere.checkpoints_of(str(other))
    with pytest.raises(elsewhere.CheckpointRefusedError, match="cannot be read"):
        elsewhere.checkpoints_of(str(tmp_path / "none"))


# ---- a new origin


def test_new_origin_lets_the_hall_sign_and_puts_the_old_one_on_the_record(old_copy: Register) -> None:
    old_key = identity.verifier_key().format()
    start_new_origin("hall-2027.example", now=NOW)
    assert plant(old_copy, {"F": "fir"}).checkpoint.startswith("hall-2027.example/registers/ambridge/tree\n4\n")
    told = published_keys()
    assert VerifierKey.parse(told.splitlines()[0]).name == "hall-2027.example"
    assert f"hall-2027.example/log-keys\npast origin\n{old_key}\n2026-11-24T13:00:00Z\n" in told
    # The last checkpoint under the old origin is the one that was lost here, of five entries.
    assert "\nhall.example/registers/ambridge/tree\n5\n" in told


def test_new_origin_signs_every_list_anew(old_copy: Register) -> None:
    start_new_origin("hall-2027.example", now=NOW)
    for head in RegisterHead.objects.select_related("register"):
        body = open_checkpoint(head.checkpoint, identity.signer(head.register.path).verifier_key)
        assert (body.size, body.root) == (head.size, bytes(head.root))
    assert remember()


def test_new_origin_that_was_cut_short_before_the_file_was_written_goes_on(old_copy: Register) -> None:
    before = last_checkpoints.file().read_bytes()
    start_new_origin("hall-2027.example", now=NOW)
    last_checkpoints.file().write_bytes(before)
    with pytest.raises(RestoredHallError):
        refuse_restored()
    assert remember()
    refuse_restored()


def test_new_origin_without_need_is_refused(trees: Register) -> None:
    with pytest.raises(NothingLostError):
        start_new_origin("hall-2027.example", now=NOW)


def test_new_origin_that_was_used_before_is_refused(old_copy: Register) -> None:
    with pytest.raises(OriginRefusedError):
        start_new_origin("hall.example", now=NOW)
    assert not PastOrigin.objects.exists()


def test_other_halls_file_is_refused(trees: Register) -> None:
    HallIdentity.objects.update(origin="other.example")
    with override_settings(GUILDHALL_ORIGIN=""), pytest.raises(RestoredHallError, match=r"hall hall\.example"):
        plant(trees, many(2))
