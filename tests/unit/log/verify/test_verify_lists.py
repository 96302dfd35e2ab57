"""Lists in a folder that hold, and what is said of each thing that does not."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from guildhall.log.bundles import decode_entries, decode_items, encode_entries, encode_items
from guildhall.log.leaf import entry_leaf, item_hash
from guildhall.log.notes import Signer
from guildhall.log.tiles import bundle_path, tile_path
from unit.log.verify.auditor import Auditor
from unit.log.verify.halls import ORIGIN, SEED, START, FileList, key_line, trees, write_hall

LIST = "registers/ambridge/tree"


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    return write_hall(tmp_path / "hall", trees())


def change_bytes(file: Path, was: bytes, now: bytes) -> None:
    data = file.read_bytes()
    assert was in data
    file.write_bytes(data.replace(was, now, 1))


def items_file(hall: Path, index: int = 0, width: int = 256) -> Path:
    return hall / LIST / bundle_path("items", index, width)


def entries_file(hall: Path, index: int = 0, width: int = 256) -> Path:
    return hall / LIST / bundle_path("entries", index, width)


# ---- what holds


def test_verify_list_that_holds_says_so_in_one_line(auditor: Auditor, hall: Path) -> None:
    told = auditor.holds(hall / LIST).splitlines()
    assert told[0] == "ambridge/tree: 300 changes, all as signed; seen for the first time."
    assert told[1:] == [
        f"This hall was not known here, so its key was taken on trust and remembered: {key_line()}",
        "Compare it with one from elsewhere, or give that with --key.",
    ]


def test_verify_again_says_what_was_seen_before(auditor: Auditor, hall: Path) -> None:
    auditor.holds(hall / LIST)
    assert auditor.holds(hall / LIST) == "ambridge/tree: 300 changes, all as signed; the same as last time.\n"
    trees(count=700).write(hall)
    # The last of the first 300 was a change of T1, so a longer list of the same kind is another past.
    grown = trees()
    for number in range(301, 701):
        grown.add(f"T{number}", time=START + 60, tree=f"T{number}")
    grown.write(hall)
    assert auditor.holds(hall / LIST) == (
        "ambridge/tree: 700 changes, all as signed; goes on from the 300 changes seen last time.\n"
    )


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, "no changes yet, as signed"), (1, "1 change, as signed"), (1_204, "1,204 changes, all as signed")],
)
def test_verify_list_of_any_size_holds(auditor: Auditor, tmp_path: Path, count: int, told: str) -> None:
    hall = write_hall(tmp_path, trees(count=count))
    assert f"ambridge/tree: {told};" in auditor.holds(hall / LIST)
    assert "the same as last time" in auditor.holds(hall / LIST)


def test_verify_as_json_tells_the_same(auditor: Auditor, hall: Path) -> None:
    told = auditor.told(hall / LIST)
    (found,) = told.pop("registers")
    assert told == {"origin": ORIGIN, "key": key_line(), "key-trust": "first use", "holds": True}
    assert found.pop("checkpoint") == (hall / LIST / "checkpoint").read_text()
    assert found == {
        "path": "ambridge/tree", "holds": True, "total-entries": 300, "seen-entries": None, "retired": False,
        "erased": 0, "held": 0, "problems": [], "more-problems": 0, "unread": "",
    }  # fmt: skip
    assert auditor.told(hall / LIST)["key-trust"] == "remembered"


def test_verify_copy_of_one_list_alone_needs_only_the_key(auditor: Auditor, hall: Path, tmp_path: Path) -> None:
    copy = (hall / LIST).rename(tmp_path / "copy")
    assert "log-keys" in auditor.cannot_tell(copy)
    assert "ambridge/tree: 300 changes, all as signed" in auditor.holds(copy, "--key", key_line())
    assert "the same as last time" in auditor.holds(copy)  # the key that was given is remembered
    (copy / "log-keys").write_text(key_line() + "\n")
    assert "the same as last time" in auditor.holds(copy)


def test_verify_with_the_lists_own_key_holds(auditor: Auditor, hall: Path) -> None:
    assert "all as signed" in auditor.holds(hall / LIST, "--key", key_line(name=f"{ORIGIN}/registers/ambridge/tree"))


def test_verify_list_with_unusual_keys_and_values_holds(auditor: Auditor, tmp_path: Path) -> None:
    odd = FileList("ambridge/odd")
    for key in ('"', "\\", "a/b.csv", "Ŵ" * 256, "\x00", "\U0001f600", "~"):
        odd.add(key, odd=key, note='Line one\nLine "two"\t\\', names=["", "é", "\U0001f600"])
    odd.add("empty")
    write_hall(tmp_path, odd)
    assert "ambridge/odd: 8 changes, all as signed" in auditor.holds(tmp_path / "registers/ambridge/odd")


def test_verify_passes_over_other_signatures(auditor: Auditor, hall: Path) -> None:
    checkpoint = hall / LIST / "checkpoint"
    witness = Signer("witness.example", bytes(32)).sign("x\n").splitlines()[-1]
    checkpoint.write_text(checkpoint.read_text() + witness + "\n")
    auditor.holds(hall / LIST)


def test_verify_list_whose_shorter_files_are_replaced_by_full_ones_holds(auditor: Auditor, hall: Path) -> None:
    """As in a copy that was taken while the list grew."""
    checkpoint = (hall / LIST / "checkpoint").read_text()
    grown = trees()
    for number in range(301, 701):
        grown.add(f"T{number}", time=START + 60, tree=f"T{number}")
    grown.write(hall)
    for kind in ("entries", "items"):
        (hall / LIST / bundle_path(kind, 1, 44)).unlink()
    (hall / LIST / "checkpoint").write_text(checkpoint)
    assert "300 changes, all as signed" in auditor.holds(hall / LIST)


# ---- what was tampered with


def test_verify_with_one_byte_of_an_item_changed_names_the_change(auditor: Auditor, hall: Path) -> None:
    change_bytes(items_file(hall), b'"oak","tree":"T17"', b'"oaK","tree":"T17"')
    assert auditor.fails(hall / LIST).splitlines()[0] == (
        "ambridge/tree: the values of change 17 (key T17) are not those that were signed."
    )


def test_verify_with_a_salt_changed_names_the_change(auditor: Auditor, hall: Path) -> None:
    file = items_file(hall, 1, 44)
    items = decode_items(file.read_bytes(), 44)
    items[-1] = (items[-1][0], bytes(16), items[-1][2])
    file.write_bytes(encode_items(items))
    assert "the values of change 300 (key T1) are not those that were signed." in auditor.fails(hall / LIST)


def test_verify_with_many_items_changed_names_some_and_counts_the_rest(auditor: Auditor, hall: Path) -> None:
    file = items_file(hall)
    file.write_bytes(file.read_bytes().replace(b"oak", b"ash"))
    told = auditor.fails(hall / LIST).splitlines()
    assert told[9] == "ambridge/tree: the values of change 10 (key T10) are not those that were signed."
    assert told[10] == "ambridge/tree: and 246 more like these."


def test_verify_with_an_entry_changed_names_the_change(auditor: Auditor, hall: Path) -> None:
    change_bytes(entries_file(hall), b'"key":"T200"', b'"key":"T299"')
    assert "ambridge/tree: change 200 (key T299) is not the one that was signed." in auditor.fails(hall / LIST)


def test_verify_with_entry_and_item_changed_to_fit_names_the_change(auditor: Auditor, hall: Path) -> None:
    item, salt = b'{"species":"ash","tree":"T5"}', bytes(16)
    entries, items = (
        decode_entries(entries_file(hall).read_bytes(), 256),
        decode_items(items_file(hall).read_bytes(), 256),
    )
    entries[4], items[4] = entry_leaf(5, "T5", START, item_hash(salt, item)), (0, salt, item)
    entries_file(hall).write_bytes(encode_entries(entries))
    items_file(hall).write_bytes(encode_items(items))
    assert "change 5 (key T5) is not the one that was signed." in auditor.fails(hall / LIST)


@pytest.mark.parametrize("spoil", ["remove", "change"])
def test_verify_with_an_entry_changed_and_no_sound_hashes_says_so(auditor: Auditor, hall: Path, spoil: str) -> None:
    change_bytes(entries_file(hall), b'"key":"T200"', b'"key":"T299"')
    tile = hall / LIST / tile_path(0, 0, 256)
    if spoil == "remove":
        tile.unlink()
    else:
        tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    told = auditor.fails(hall / LIST)
    assert "its 300 changes together are not those that were signed." in told
    assert "cannot be told which change is wrong" in told


def test_verify_does_not_need_the_stored_hashes(auditor: Auditor, hall: Path) -> None:
    (hall / LIST / tile_path(0, 0, 256)).unlink()
    auditor.holds(hall / LIST)


def test_verify_with_a_leaf_that_cannot_be_read_names_the_change(auditor: Auditor, hall: Path) -> None:
    change_bytes(entries_file(hall), b'"entry-number":9,', b'"entry-number":x,')
    told = auditor.fails(hall / LIST)
    assert "ambridge/tree: change 9 is not written as changes are: it cannot be read" in told
    assert "ambridge/tree: change 9 (key unreadable) is not the one that was signed." in told


Spoil = Callable[[FileList], None]


def renumber(one: FileList) -> None:
    one.entries[3] = one.entries[3].replace(b'"entry-number":4', b'"entry-number":5')


def go_back(one: FileList) -> None:
    one.add("late", time=START - 1, tree="late")


def empty_entry(one: FileList) -> None:
    one.entries[3] = b""


def add_item(one: FileList, item: bytes) -> None:
    number = one.add("spoiled", time=START + 60)
    one.entries[-1] = entry_leaf(number, "spoiled", START + 60, item_hash(bytes(16), item))
    one.items[-1] = (0, bytes(16), item)


SIGNED_WRONGS = {
    "change 4 (key T4) bears the number 5.": renumber,
    "change 4 is not written as changes are: nothing is there.": empty_entry,
    "change 301 (key late) bears an earlier time than the one before it.": go_back,
    "change 301 is not written as changes are: it cannot be read (its key is none).": lambda one: one.add(
        "k" * 257, time=START + 60
    ),
}


@pytest.mark.parametrize("problem", SIGNED_WRONGS)
def test_verify_with_entries_signed_as_they_never_should_be_says_so(
    auditor: Auditor, tmp_path: Path, problem: str
) -> None:
    """Signed is not enough: the hall itself must have kept the rules."""
    one = trees()
    SIGNED_WRONGS[problem](one)
    write_hall(tmp_path, one)
    assert f"ambridge/tree: {problem}" in auditor.fails(tmp_path / LIST)


@pytest.mark.parametrize(
    "item",
    [
        b"",
        b"[]",
        b"null",
        b'"text"',
        b'{"a":1}',
        b'{"a":{}}',
        b'{"a":null}',
        b'{"a":["x",1]}',
        b'{"a":[["x"]]}',
        b'{"b":"x","a":"x"}',
        b'{"a":"x","a":"y"}',
        b'{"a":"x","a":"x"}',
        b'{"a": "x"}',
        b'{"a":"x"} ',
        b'{"a":"x",}',
        b'{"a":"x""b":"y"}',
        b'{"a":"x":"b":"y"}',
        b'{"a","x","b","y"}',
        b'{"a":"x","b"}',
        b'{"a":"\x01"}',
        b'{"a\x01":"x"}',
        b'{"a":"\\u0041"}',
        b'{"a":"\\/"}',
        b'{"a":"\xff"}',
        b'{"\xff":"x"}',
        b'{"a":"\\ud800"}',
        '{"\ufb33":"x","\U0001f600":"x"}'.encode(),
        b'{"a":"x"',
        b'{"a":"x',
        b'["a":"x"}',
        b"[" * 60_000,
        b"9" * 60_000,
    ],
)
def test_verify_with_values_that_are_not_canonical_names_the_change(
    auditor: Auditor, tmp_path: Path, item: bytes
) -> None:
    one = trees(count=3)
    add_item(one, item)
    write_hall(tmp_path, one)
    assert "the values of change 4 (key spoiled) are not in canonical form." in auditor.fails(tmp_path / LIST)


@pytest.mark.parametrize("kind", ["entries", "items"])
def test_verify_with_a_file_damaged_or_missing_says_from_where(auditor: Auditor, hall: Path, kind: str) -> None:
    file = hall / LIST / bundle_path(kind, 1, 44)
    whole = file.read_bytes()
    start = "ambridge/tree: of the 300 changes that are signed for, change 257 cannot be read. "
    file.write_bytes(whole[:-1])
    assert start + "The file is damaged: it is cut short." in auditor.fails(hall / LIST)
    file.write_bytes(whole + b"\x00")
    assert start + "The file is damaged: there is more in it than its entries." in auditor.fails(hall / LIST)
    file.unlink()
    assert start + "There is no file" in auditor.fails(hall / LIST)


# ---- what was signed by whom


def test_verify_with_a_checkpoint_changed_says_so(auditor: Auditor, hall: Path) -> None:
    change_bytes(hall / LIST / "checkpoint", b"\n300\n", b"\n299\n")
    told = auditor.fails(hall / LIST)
    assert "ambridge/tree: its checkpoint does not hold. The signature under the name" in told


def test_verify_with_a_checkpoint_that_is_no_text_says_so(auditor: Auditor, hall: Path) -> None:
    (hall / LIST / "checkpoint").write_bytes(b"\xff\xfe")
    assert "its checkpoint does not hold" in auditor.fails(hall / LIST)


def test_verify_with_the_checkpoint_of_another_list_says_so(auditor: Auditor, hall: Path) -> None:
    other = trees("ambridge/bench")
    other.write(hall)
    (hall / LIST / "checkpoint").write_bytes((hall / "registers/ambridge/bench/checkpoint").read_bytes())
    assert "its checkpoint does not hold. It is not signed with the key" in auditor.fails(hall / LIST)


def test_verify_with_the_wrong_key_fails(auditor: Auditor, hall: Path) -> None:
    told = auditor.fails(hall / LIST, "--key", key_line(bytes(32)))
    assert (
        "its checkpoint does not hold. It is not signed with the key hall.example.org/registers/ambridge/tree+" in told
    )
    assert not auditor.known.exists() or key_line(bytes(32)) not in auditor.known.read_text()


def test_verify_with_a_key_that_is_none_is_a_mistake_of_use(auditor: Auditor, hall: Path) -> None:
    assert "NAME+ID+KEY" in auditor.cannot_tell(hall / LIST, "--key", "hall.example.org")


def test_verify_when_the_hall_changes_its_key_fails_until_it_is_given(auditor: Auditor, hall: Path) -> None:
    auditor.holds(hall / LIST)
    other = bytes(32)
    changed = trees()
    changed.seed = other
    write_hall(hall, changed, seed=other)
    told = auditor.fails(hall / LIST)
    assert f"The hall {ORIGIN} shows another key than before: {key_line(other)} instead of {key_line()}." in told
    assert "the same as last time" in auditor.holds(hall / LIST, "--key", key_line(other))
    assert "the same as last time" in auditor.holds(hall / LIST)


def test_verify_when_another_hall_answers_at_the_same_place_fails(auditor: Auditor, hall: Path) -> None:
    auditor.holds(hall / LIST)
    other = FileList("ambridge/tree", origin="other.example")
    other.write(hall)
    (hall / "log-keys").write_text(key_line(name="other.example") + "\n")
    assert f"there used to be the hall {ORIGIN}; now it signs as other.example." in auditor.fails(hall / LIST)


def test_verify_when_a_known_hall_moves_keeps_its_key_and_past(auditor: Auditor, hall: Path, tmp_path: Path) -> None:
    auditor.holds(hall / LIST)
    moved = hall.rename(tmp_path / "moved")
    assert "the same as last time" in auditor.holds(moved / LIST)
    other = trees(count=5)
    other.seed = bytes(32)
    pretender = write_hall(tmp_path / "pretender", other, seed=bytes(32))
    assert "shows another key than before" in auditor.fails(pretender / LIST)


def test_verify_with_log_keys_that_holds_no_key_cannot_tell(auditor: Auditor, hall: Path) -> None:
    (hall / "log-keys").write_text("<!doctype html>\n")
    assert "log-keys is no key" in auditor.cannot_tell(hall / LIST)


def test_verify_reads_the_first_line_of_log_keys_only(auditor: Auditor, hall: Path) -> None:
    (hall / "log-keys").write_text(f"{key_line()}\n{key_line(bytes(32))}\nand more\n")
    auditor.holds(hall / LIST)


# ---- what was seen before


def test_verify_shorter_list_than_before_is_a_rollback(auditor: Auditor, hall: Path) -> None:
    auditor.holds(hall / LIST)
    trees(count=299).write(hall)
    assert auditor.fails(hall / LIST) == (
        "ambridge/tree: it was rolled back: it had 300 changes when it was seen last, and has 299 now.\n"
    )
    trees().write(hall)
    assert "the same as last time" in auditor.holds(hall / LIST)  # what was remembered is kept


@pytest.mark.parametrize("count", [300, 301, 900])
def test_verify_another_past_than_before_is_a_fork(auditor: Auditor, hall: Path, count: int) -> None:
    auditor.holds(hall / LIST)
    forked = trees()
    forked.entries[7] = entry_leaf(8, "T8", START, sha256(b"other").digest())
    forked.items.clear()
    forked.entries.clear()
    for number in range(1, count + 1):
        forked.add(f"T{number}", tree=f"T{number}", species="ash")
    forked.write(hall)
    assert auditor.fails(hall / LIST) == (
        "ambridge/tree: its past was changed: its first 300 changes are not those "
        "that were signed when it was seen last.\n"
    )


def test_verify_list_whose_values_fail_is_remembered_all_the_same(auditor: Auditor, hall: Path) -> None:
    """The tree was as signed: a later fork must not go unseen."""
    change_bytes(items_file(hall), b'"oak","tree":"T17"', b'"oaK","tree":"T17"')
    auditor.fails(hall / LIST)
    trees(count=299).write(hall)
    assert "rolled back" in auditor.fails(hall / LIST)


def test_verify_list_whose_entries_fail_is_not_remembered(auditor: Auditor, hall: Path) -> None:
    change_bytes(entries_file(hall), b'"key":"T200"', b'"key":"T299"')
    auditor.fails(hall / LIST)
    trees(count=299).write(hall)
    assert "seen for the first time" in auditor.holds(hall / LIST)


def test_verify_shows_a_hostile_key_without_obeying_it(auditor: Auditor, tmp_path: Path) -> None:
    one = FileList("ambridge/tree", seed=SEED)
    one.add("\x1b[2J" + "k" * 200, tree="x")
    write_hall(tmp_path, one)
    change_bytes(tmp_path / LIST / bundle_path("items", 0, 1), b'"x"', b'"y"')
    told = auditor.fails(tmp_path / LIST)
    assert "\x1b" not in told
    assert "(key \\x1b[2Jkkk" in told
    assert "k" * 100 not in told
