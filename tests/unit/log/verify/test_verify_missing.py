"""Values that are not there: accepted only where the hall's own lists, themselves verified, name them."""

from __future__ import annotations

from pathlib import Path

import pytest

from guildhall.log.bundles import ERASED, HELD
from guildhall.log.tiles import bundle_path
from guildhall.log.verify import missing as missing_module
from guildhall.log.verify.missing import ERASURES, HOLDS, Account, Missing, TooManyError
from unit.log.verify.auditor import Auditor
from unit.log.verify.halls import FileList, trees, write_hall

LIST = "registers/ambridge/tree"


def with_missing(state: int, *numbers: int) -> FileList:
    one = trees()
    for number in numbers:
        one.remove(number, state)
    return one


def erasures(*entries: list[str] | str, register: str = "ambridge/tree") -> FileList:
    made = FileList(ERASURES)
    for number, some in enumerate(entries, 1):
        made.add(str(number), erasure=str(number), register=register, entries=some, ground="court-order")
    return made


def holds(**values: str | list[str]) -> FileList:
    made = FileList(HOLDS)
    if values:
        made.add("1", hold="1", register="ambridge/tree", start_date="2026-01-15", **values)
    return made


def test_verify_with_erased_values_that_are_named_holds(auditor: Auditor, tmp_path: Path) -> None:
    one = with_missing(ERASED, 17, 20, 21, 99, 290)
    write_hall(tmp_path, one, erasures(["17", "20-99"], "290"), holds())
    assert "300 changes, all as signed; the values of 5 changes erased by law, as hall/erasure names" in auditor.holds(
        tmp_path / LIST
    )


def test_verify_with_erased_values_that_nobody_names_fails(auditor: Auditor, tmp_path: Path) -> None:
    one = with_missing(ERASED, 17, 100)
    write_hall(tmp_path, one, erasures(["17", "20-99", "101", "x", "0-999"]), holds())
    assert auditor.fails(tmp_path / LIST).splitlines()[0] == (
        "ambridge/tree: the values of change 100 (key T100) are said to be erased, and hall/erasure does not name them."
    )


def test_verify_with_erased_values_named_in_another_list_fails(auditor: Auditor, tmp_path: Path) -> None:
    write_hall(tmp_path, with_missing(ERASED, 17), erasures(["17"], register="ambridge/bench"), holds())
    assert "hall/erasure does not name them" in auditor.fails(tmp_path / LIST)


def test_verify_with_a_later_entry_of_an_erasure_counts_that_one(auditor: Auditor, tmp_path: Path) -> None:
    named = erasures(["17"])
    named.add("1", erasure="1", register="ambridge/tree", entries=["18"], ground="court-order")
    write_hall(tmp_path, with_missing(ERASED, 17), named, holds())
    assert "change 17 (key T17)" in auditor.fails(tmp_path / LIST)


def test_verify_with_erased_values_and_no_account_fails(auditor: Auditor, tmp_path: Path) -> None:
    write_hall(tmp_path, with_missing(ERASED, 17))
    assert auditor.fails(tmp_path / LIST).splitlines()[:1] == [
        "ambridge/tree: the values of change 17 (key T17) are said to be erased, and hall/erasure cannot be relied on."
    ]


def test_verify_with_an_account_that_does_not_hold_fails(auditor: Auditor, tmp_path: Path) -> None:
    write_hall(tmp_path, with_missing(ERASED, 17), erasures(["17"]), holds())
    file = tmp_path / "registers" / ERASURES / bundle_path("items", 0, 1)
    file.write_bytes(file.read_bytes().replace(b"17", b"18"))
    told = auditor.fails(tmp_path / LIST)
    assert "hall/erasure cannot be relied on." in told
    assert "hall/erasure: the values of change 1 (key 1) are not those that were signed." in told


@pytest.mark.parametrize("path", [ERASURES, HOLDS])
def test_verify_with_values_of_an_account_missing_fails(auditor: Auditor, tmp_path: Path, path: str) -> None:
    one = FileList(path)
    one.add("1", register=path, entries=["1"])
    one.remove(1, ERASED)
    write_hall(tmp_path, one)
    assert "the values of change 1 (key 1) are missing, which cannot be here." in auditor.fails(
        tmp_path / "registers" / path
    )


@pytest.mark.parametrize(
    "named", [{"entries": ["17", "18-40"]}, {"entries": "17-17"}, {"key": "T17"}, {"key": "T17", "entries": ["1"]}]
)
def test_verify_with_held_values_that_are_named_says_not_checked(
    auditor: Auditor, tmp_path: Path, named: dict[str, str | list[str]]
) -> None:
    write_hall(tmp_path, with_missing(HELD, 17), erasures(), holds(**named))
    told = auditor.holds(tmp_path / LIST)
    assert "all as signed; the values of 1 change held, not checked, as hall/hold names" in told
    assert auditor.told(tmp_path / LIST)["registers"][0]["held"] == 1


def test_verify_with_held_values_of_a_hold_that_has_ended_fails(auditor: Auditor, tmp_path: Path) -> None:
    ended = holds(key="T17")
    ended.add("1", hold="1", register="ambridge/tree", key="T17", start_date="2026-01-15", end_date="2026-01-20")
    write_hall(tmp_path, with_missing(HELD, 17), erasures(), ended)
    assert "said to be held back, and hall/hold does not name them." in auditor.fails(tmp_path / LIST)


def test_verify_with_held_values_that_an_erasure_names_holds(auditor: Auditor, tmp_path: Path) -> None:
    write_hall(tmp_path, with_missing(HELD, 17), erasures(["17"]), holds())
    assert "erased by law" in auditor.holds(tmp_path / LIST)


def test_verify_with_erased_values_that_only_a_hold_names_fails(auditor: Auditor, tmp_path: Path) -> None:
    """A hold loses nothing, so it cannot account for what is gone."""
    write_hall(tmp_path, with_missing(ERASED, 17), erasures(), holds(key="T17"))
    assert "hall/erasure does not name them" in auditor.fails(tmp_path / LIST)


def test_verify_whole_hall_settles_what_is_missing_in_each_list(auditor: Auditor, tmp_path: Path) -> None:
    bench = trees("ambridge/bench", 5)
    bench.remove(2, ERASED)
    write_hall(tmp_path, bench, with_missing(ERASED, 17), with_missing(HELD), erasures(["17"]), holds())
    told = auditor.fails(tmp_path).splitlines()
    assert told[0].startswith("ambridge/bench: the values of change 2 (key T2) are said to be erased")
    assert told[1].startswith("ambridge/tree: 300 changes, all as signed; seen for the first time")


def test_missing_changes_lie_in_a_file_when_there_are_many() -> None:
    missing = Missing()
    for number in range(1, 60_001):
        missing.add("ambridge/tree", number, ERASED, f"T{number}")
    assert missing._file._rolled
    assert sum(1 for _ in missing) == 60_000
    assert next(iter(missing)) == ("ambridge/tree", 1, ERASED, "T1")
    missing.close()


def test_account_that_grows_without_end_is_refused() -> None:
    account = Account(ERASURES)
    item = b'{"register":"' + b"x" * 60_000 + b'"}'
    for number in range(1_118):
        account.take(str(number % 3), item)
    with pytest.raises(TooManyError, match="hall/erasure"):
        account.take("1", item)


def test_verify_with_an_account_too_large_to_take_up_says_so(
    auditor: Auditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missing_module, "_ACCOUNT_BYTES", 100)
    write_hall(tmp_path, with_missing(ERASED, 17), erasures(["17"], ["18"]), holds())
    assert "hall/erasure has more in it than this program can take up." in auditor.fails(tmp_path / LIST)
