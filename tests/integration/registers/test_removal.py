"""Erased values are gone from every byte of the data folder."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from guildhall.log.canonical import canonical_json
from guildhall.log.tiles import TreeWriter
from guildhall.publishing.registers import Description, add_organisation, add_standard, open_register
from guildhall.registers.catalogue import current_standard
from guildhall.registers.exports import WRITERS, files, subject
from guildhall.registers.followers import run as followers
from guildhall.registers.hiding import removal
from guildhall.registers.hiding.actions import What, erase, hold, retire
from guildhall.registers.lease import Lease
from guildhall.registers.models import Entry, Register, RegisterHead
from guildhall.registers.publish import publish
from guildhall.registers.queries import registers
from guildhall.registers.rows import ListRows
from guildhall.registers.sequencer import sequence
from guildhall.registers.stage import Stage, StoredTiles
from guildhall.search import index

# Really committed, so that the files of the database hold what was written.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("hall")]

NOTE = {
    "name": "note",
    "title": "Note",
    "version": "1",
    "primaryKey": "note",
    "titleField": "title",
    "fields": [
        {"name": "note", "title": "Note", "type": "string", "constraints": {"required": True}},
        {"name": "title", "title": "Title", "type": "string", "indexed": True},
        {"name": "story", "title": "Story", "type": "string", "format": "text"},
        {"name": "tags", "title": "Tags", "type": "list", "delimiter": ";", "indexed": True},
    ],
}
PATH = "ambridge/note"
# Words of letters that none of the others begins with: an index that leaves out what words share would have them whole.
PERSON = "kzquincunxperson"
PARTS = ("qxvoltwharf", "jzkimberlake", "vyxquillam", "zqwobbleton", "xkgrumbold")


def _secret(number: int) -> dict[str, str | list[str]]:
    title, story, *tags = (f"{part}{number}" for part in PARTS)
    return {"note": f"N{number}", "title": title.capitalize(), "story": f"Of {story} and more. " * 30, "tags": tags}


def _plain(number: int) -> dict[str, str | list[str]]:
    return {"note": f"P{number}", "title": f"Plain {number}", "story": f"ordinary{number} words", "tags": ["common"]}


def _put(register: Register, rows: list[dict[str, str | list[str]]]) -> None:
    publish(register, ListRows.of(current_standard("note"), rows))
    sequence()
    followers.catch_up()


@pytest.fixture
def register(settings: Settings) -> Register:
    """A list in which secrets stand between other records, each changed once, in all of its files."""
    settings.GUILDHALL_HOME.mkdir(parents=True, exist_ok=True)
    index.clear()  # between tests Django empties its own tables, and not the full-text index
    add_organisation({"organisation": "ambridge", "name": "Ambridge", "kind": "council"})
    add_standard(NOTE)
    register = open_register(PATH, current_standard("note"), Description())
    rows = [_secret(number) for number in range(100, 140)] + [_plain(number) for number in range(600)]
    random.Random(1).shuffle(rows)  # noqa: S311 - the same each time
    for start in range(0, len(rows), 160):
        _put(register, rows[start : start + 160])
    # What takes their place is longer, so that the database moves them about.
    _put(register, [_secret(number) | {"title": "Now harmless"} for number in range(100, 120)])
    _put(register, [_plain(number) | {"story": "longer " * 60} for number in range(300)])
    for suffix, write in WRITERS.items():
        for one in (subject.of_register(registers.register(PATH)), subject.of_standard("note")):
            files.make(one, suffix, write)
    return registers.register(PATH)


def _secrets(register: Register) -> list[str]:
    found = Entry.objects.filter(register=register, key__startswith="N").order_by("number")
    return [str(number) for number in found.values_list("number", flat=True)]


def _bytes(home: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of the hall: those of its data folder and of its database, but not PostgreSQL's write-ahead log."""
    folders = [home]
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        for path in database.parent.glob(f"{database.name}*"):
            yield path.name, path.read_bytes()
    else:
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")
            cursor.execute("SHOW data_directory")
            folders.append(Path(cursor.fetchone()[0]) / "base")
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                yield path.name, path.read_bytes()


def _remnants(home: Path) -> set[str]:
    return {f"{part} in {name}" for name, body in _bytes(home) for part in PARTS if part.encode() in body.lower()}


def test_removal_leaves_no_byte_of_what_was_erased(register: Register, home: Path) -> None:
    assert len(_remnants(home)) >= len(PARTS)
    erase(what=What(PATH, entries=_secrets(register)), ground="data-protection")
    assert removal.status().changes == 60
    assert removal.remove()
    assert removal.status() == removal.Status(0, 0)
    assert _remnants(home) == set()


def test_removal_that_was_cut_short_begins_anew(
    register: Register, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies() -> bool:
        raise KeyboardInterrupt

    erase(what=What(PATH, entries=_secrets(register)), ground="safety")
    with monkeypatch.context() as patch:
        patch.setattr("guildhall.registers.hiding.scrub.scrub", dies)
        with pytest.raises(KeyboardInterrupt):
            removal.remove()
    assert removal.status().erasures == 1
    assert removal.remove()
    assert _remnants(home) == set()


def test_removal_clears_what_a_publisher_that_died_left_behind(register: Register, home: Path) -> None:
    head, published = RegisterHead.objects.get(pk=register.pk), _secrets(register)
    lease = Lease.take(register)
    stage = Stage(lease, TreeWriter(head.size, StoredTiles(register.pk)), head.time)
    stage.write(["N900"], [canonical_json(_secret(900))], [])
    erase(what=What(PATH, entries=published), ground="unlawful")
    assert not removal.remove()  # the publisher may still be alive
    lease.release()
    assert removal.remove()
    assert _remnants(home) == set()


def test_removal_does_not_wait_for_a_publisher_that_has_written_nothing(register: Register) -> None:
    Lease.take(register)
    erase(what=What(PATH, entries=_secrets(register)), ground="unlawful")
    assert removal.remove()


def test_removal_takes_nothing_of_what_is_held_or_beside_it(register: Register) -> None:
    first, second, *_ = _secrets(register)
    hold(what=What(PATH, entries=[second]))
    erase(what=What(PATH, entries=[first]), ground="unlawful")
    assert removal.remove()
    emptied = Entry.objects.filter(register=register, item=b"").values_list("number", flat=True)
    assert list(emptied) == [int(first)]


def test_removal_of_a_retired_list_leaves_not_even_its_keys(register: Register, home: Path) -> None:
    rows = [_secret(number) | {"note": f"{PERSON}{number}"} for number in range(200, 205)]
    _put(register, rows)
    assert any(PERSON.encode() in body for _, body in _bytes(home))
    retire(path=PATH, ground="data-protection")
    assert removal.remove()
    assert not Entry.objects.filter(register=register).exists()
    assert [name for name, body in _bytes(home) if PERSON.encode() in body] == []
    assert _remnants(home) == set()


def test_removal_waits_for_a_file_that_is_being_made(register: Register, home: Path) -> None:
    erase(what=What(PATH, entries=_secrets(register)), ground="unlawful")
    part = home / "exports" / ".part-abc.xlsx"
    part.write_bytes(b"")
    assert not removal.remove()
    part.unlink()
    assert removal.remove()
