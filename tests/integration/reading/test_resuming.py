"""Files that are fetched in parts, asked about again, kept while the list changes, and made afresh when values go."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from guildhall.publishing.registers import Description, add_organisation, open_register
from guildhall.registers.catalogue import current_standard
from guildhall.registers.exports import WRITERS, files, subject
from guildhall.registers.followers import exports
from guildhall.registers.models import Register
from guildhall.registers.queries import registers

from .halls import ODD_ROWS, odd_list, put

pytestmark = pytest.mark.usefixtures("hall")

LIST = "/registers/hackney/odd/list"


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every list counts as a large one."""
    monkeypatch.setattr(subject, "CELLS_ON_DEMAND", 10)
    monkeypatch.setattr(exports, "_FEWEST", 1)


def whole(client: Client, suffix: str) -> tuple[bytes, str]:
    response = client.get(f"{LIST}.{suffix}")
    assert response.status_code == 200
    return b"".join(response), response.headers["ETag"]


@pytest.mark.parametrize(
    ("asked", "start", "end"), [("bytes=100-", 100, None), ("bytes=0-9", 0, 10), ("bytes=-20", -20, None)]
)
def test_part_of_a_file_is_given_as_it_was_asked(client: Client, asked: str, start: int, end: int | None) -> None:
    odd_list()
    body, tag = whole(client, "xlsx")
    response = client.get(f"{LIST}.xlsx", headers={"range": asked, "if-range": tag})
    wanted = body[start:end]
    assert response.status_code == 206
    assert b"".join(response) == wanted
    assert response.headers["Content-Length"] == str(len(wanted))
    first = start % len(body)
    assert response.headers["Content-Range"] == f"bytes {first}-{first + len(wanted) - 1}/{len(body)}"


def test_download_that_was_cut_off_goes_on_from_there(client: Client) -> None:
    odd_list()
    body, tag = whole(client, "sqlite")
    rest = client.get(f"{LIST}.sqlite", headers={"range": "bytes=5000-", "if-range": tag})
    assert body[:5000] + b"".join(rest) == body


def test_csv_of_a_large_list_goes_on_from_where_it_was_cut_off(client: Client, large: None) -> None:
    register = odd_list()
    streamed, _ = whole(client, "csv")
    exports.make_due()
    response = client.get(f"{LIST}.csv")
    assert response.headers["Content-Length"] == str(len(streamed))
    assert b"".join(response) == streamed
    tag = response.headers["ETag"]
    rest = client.get(f"{LIST}.csv", headers={"range": "bytes=100-", "if-range": tag})
    assert (rest.status_code, b"".join(rest)) == (206, streamed[100:])
    assert whole(client, "csv?for=excel")[0].startswith(b"\xef\xbb\xbf")
    # It is never older than the list.
    put(register, [{"odd": "new", "title": "New"}])
    changed = client.get(f"{LIST}.csv", headers={"range": "bytes=100-", "if-range": tag})
    assert (changed.status_code, changed.headers["Accept-Ranges"]) == (200, "none")
    assert b"\r\nnew,New," in b"".join(changed)


def test_rest_of_a_list_that_has_changed_is_given_whole(client: Client) -> None:
    register = odd_list()
    _, tag = whole(client, "xlsx")
    put(register, [{"odd": "new", "title": "New"}])
    response = client.get(f"{LIST}.xlsx", headers={"range": "bytes=100-", "if-range": tag})
    assert response.status_code == 200
    assert b"".join(response) == whole(client, "xlsx")[0]


@pytest.mark.parametrize("asked", ["bytes=9999999-", "bytes=9999999-99999999", "bytes=-0"])
def test_part_beyond_the_end_is_refused(client: Client, asked: str) -> None:
    odd_list()
    body, _ = whole(client, "xlsx")
    response = client.get(f"{LIST}.xlsx", headers={"range": asked})
    assert (response.status_code, response.headers["Content-Range"]) == (416, f"bytes */{len(body)}")


@pytest.mark.parametrize("asked", ["bytes=9-3", "bytes=0-1,5-6", "lines=1-2", "bytes=", "nonsense"])
def test_range_that_makes_no_sense_is_passed_over(client: Client, asked: str) -> None:
    odd_list()
    response = client.get(f"{LIST}.xlsx", headers={"range": asked})
    assert response.status_code == 200
    assert b"".join(response) == whole(client, "xlsx")[0]


def test_file_is_told_of_before_it_is_fetched(client: Client) -> None:
    odd_list()
    body, tag = whole(client, "parquet")
    head = client.head(f"{LIST}.parquet")
    assert head.status_code == 200
    assert head.headers["Content-Length"] == str(len(body))
    assert (head.headers["Accept-Ranges"], head.headers["ETag"]) == ("bytes", tag)
    assert client.get(f"{LIST}.parquet", headers={"if-none-match": tag}).status_code == 304


def test_large_list_without_a_file_says_so_and_offers_csv(client: Client, large: None) -> None:
    odd_list()
    response = client.get(f"{LIST}.xlsx")
    assert (response.status_code, response.json()["title"]) == (503, "Not ready yet")
    assert "CSV" in response.json()["remedy"]
    assert int(response.headers["Retry-After"]) > 0
    assert b"".join(client.get(f"{LIST}.csv"))


def test_large_list_is_given_from_the_file_that_was_made(client: Client, large: None) -> None:
    register = odd_list()
    assert files.newest(subject.of_register(register), "parquet") is None
    assert exports.make_due() >= 3
    assert list(exports.waiting()) == []
    kept = files.newest(subject.of_register(registers.register(register.path)), "parquet")
    assert kept is not None
    assert (kept.path.read_bytes(), kept.size) == (whole(client, "parquet")[0], 18)


def test_file_of_a_large_list_is_given_until_the_next_is_made(client: Client, large: None) -> None:
    register = odd_list()
    exports.make_due()
    before = whole(client, "xlsx")
    put(register, [{"odd": "new", "title": "New"}])
    assert whole(client, "xlsx") == before
    # Not at every change: a list that changes all the time would have its files made all the time.
    assert list(exports.due()) == []
    later = max(exports.PAUSE_SECONDS.values()) + 60
    folder = Path(files._folder(subject.of_register(register)))
    due = {one.suffix for one in exports.due(max(path.stat().st_mtime for path in folder.iterdir()) + later)}
    assert due == set(WRITERS)
    for suffix, write in WRITERS.items():
        files.make(subject.of_register(registers.register(register.path)), suffix, write)
    assert whole(client, "xlsx") != before
    assert len(list(folder.iterdir())) == len(WRITERS)


def test_file_made_before_something_was_hidden_is_not_given(client: Client, large: None) -> None:
    odd_list()
    exports.make_due()
    _, tag = whole(client, "xlsx")
    hall_hold = Register.objects.get(path="hall/hold")
    put(hall_hold, [{"hold": "1", "register": "hackney/odd", "entries": ["1"], "start-date": "2026-11-24"}])
    assert client.get(f"{LIST}.xlsx").status_code == 503
    exports.make_due()
    assert whole(client, "xlsx")[1] != tag


def test_file_that_could_not_be_written_leaves_nothing_behind(client: Client) -> None:
    register = odd_list()
    known = subject.of_register(registers.register(register.path))

    def fail(_subject: subject.Subject, path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space left"):
        files.make(known, "xlsx", fail)
    assert list(Path(files._folder(known)).iterdir()) == []


def test_what_is_sent_as_it_is_written_says_that_it_has_no_parts(client: Client) -> None:
    odd_list()
    for suffix in ("csv", "json", "ndjson"):
        response = client.get(f"{LIST}.{suffix}", headers={"range": "bytes=10-"})
        assert (response.status_code, response.headers["Accept-Ranges"]) == (200, "none")


def test_list_as_it_was_is_not_given_as_a_file_of_today(client: Client, large: None) -> None:
    odd_list()
    exports.make_due()
    assert client.get(f"{LIST}.xlsx?total-entries=3").status_code == 422
    # The state that is cited today is the list of today.
    assert b"".join(client.get(f"{LIST}.xlsx?at=18")) == whole(client, "xlsx")[0]
    assert b"".join(client.get(f"{LIST}.ndjson?total-entries=3")).count(b"\n") == 3


def test_other_description_makes_another_file(client: Client) -> None:
    register = odd_list()
    before = subject.of_register(registers.register(register.path)).stamp
    Register.objects.filter(pk=register.pk).update(licence="Another licence")
    assert subject.of_register(registers.register(register.path)).stamp != before


def test_two_lists_whose_names_run_together_have_files_of_their_own(client: Client) -> None:
    odd_list("a")
    add_organisation({"organisation": "a-odd", "name": "Other", "kind": "council"})
    other = open_register("a-odd/odd", current_standard("odd"), Description())
    put(other, ODD_ROWS[:1])
    first = subject.of_register(registers.register("a/odd"))
    assert first.folder != subject.of_register(registers.register("a-odd/odd")).folder
