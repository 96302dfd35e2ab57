"""Postcodes: loaded all at once or not at all, and looked up whole or in part."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client

from guildhall.config.commands.hall import load_postcodes_command
from guildhall.reading.models import Postcode, PostcodeDistrict, PostcodeFile
from guildhall.reading.postcodes import load
from guildhall.reading.postcodes.layout import PostcodesRefusedError
from guildhall.reading.postcodes.load import load_postcodes

from .places import country

pytestmark = pytest.mark.usefixtures("hall")

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
FILE = """pcds,doterm,oscty,oslaua,lat,long
E8 1EA,,E99999999,E09000012,51.545,-0.055
E8 1EB,,E99999999,E09000012,51.546,-0.056
E8 2AA,,E99999999,E09000019,51.547,-0.100
CT1 2AA,,E10000016,E07000106,51.28,1.08
CT1 2AB,201901,E10000016,E07000999,51.28,1.08
SW1A 1AA,,E99999999,E09000019,51.50,-0.14
LL77 7AA,,W99999999,W06000001,53.25,-4.3
ZZ1 1ZZ,,E99999999,E09000999,51.5,0
"""


def no_progress(done: int, total: int) -> None:
    """Nobody watches."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "postcodes.csv"
    path.write_text(FILE)
    return path


@pytest.fixture
def reader(file: Path) -> Client:
    country()
    load_postcodes(file, on_progress=no_progress)
    return Client(headers={"accept": BROWSER})


def found(reader: Client, text: str) -> list[str]:
    return [one["council"] for one in reader.get("/councils.json", {"postcode": text}).json()["results"]]


@pytest.mark.parametrize(
    ("text", "councils"),
    [
        ("E8 1EA", ["hackney"]),
        ("e81ea", ["hackney"]),
        ("CT1 2AA", ["canterbury", "kent"]),
        ("CT1 2AB", ["canterbury", "kent"]),  # its council was replaced
        ("LL77 7AA", ["isle-of-anglesey"]),
        ("E8", ["hackney", "islington"]),
        ("E8 1", ["hackney", "islington"]),
        ("SW1", ["islington"]),
        ("ZZ1 1ZZ", []),
        ("E8 9ZZ", []),
        ("XX9", []),
        ("hello", []),
    ],
)
def test_postcode_names_its_councils(reader: Client, text: str, councils: list[str]) -> None:
    assert found(reader, text) == councils


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("E8 1EA", "One council serves this postcode."),
        ("CT1 2AA", "Two councils serve this postcode: a district and a county."),
        ("CT1 2AB", "The postcode itself is no longer in use."),
        ("E8", "That is part of a postcode."),
        ("E8 9ZZ", "is not in the file that this hall has"),
        ("ZZ1 1ZZ", "is not known in this hall"),
        ("ZZ1 1ZZ", "by its name, in the A to Z"),
        ("hello", "“hello” is not a postcode."),
        ("XX9", "No postcode that begins with XX9"),
    ],
)
def test_page_answers_a_postcode_plainly(reader: Client, text: str, said: str) -> None:
    response = reader.get("/councils", {"postcode": text})
    assert response.status_code == 200
    assert said in response.content.decode()


def test_postcode_in_the_box_for_names_is_taken_as_one(reader: Client) -> None:
    text = reader.get("/councils?q=e8+1ea").content.decode()
    assert "Postcode E8 1EA" in text
    assert "/councils?near=51.545,-0.055" in text


def test_hall_without_postcodes_says_so() -> None:
    country()
    text = Client(headers={"accept": BROWSER}).get("/councils?q=E8+1EA").content.decode()
    assert "This hall does not know postcodes." in text


def test_load_takes_the_place_of_what_was_there(reader: Client, tmp_path: Path) -> None:
    path = tmp_path / "next.csv"
    path.write_text("pcd7,lad25cd\nE8 1EA,E09000019\nE8 1EA,E09000019\n")
    loaded = load_postcodes(path, on_progress=no_progress)
    assert (loaded.postcodes, loaded.councils) == (1, 1)
    assert found(reader, "E8 1EA") == ["islington"]
    assert found(reader, "CT1 2AA") == []
    assert (PostcodeFile.objects.count(), Postcode.objects.count(), PostcodeDistrict.objects.count()) == (1, 1, 1)


def test_answer_that_was_kept_holds_no_longer_once_another_file_is_loaded(reader: Client, file: Path) -> None:
    kept = reader.get("/councils.json?postcode=E8").headers["ETag"]
    asked = {"if-none-match": kept}
    assert reader.get("/councils.json?postcode=E8", headers=asked).status_code == 304
    load_postcodes(file, on_progress=no_progress)
    assert reader.get("/councils.json?postcode=E8", headers=asked).status_code == 200


def test_postcode_that_stands_twice_far_apart_counts_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "_AT_ONCE", 2)
    path = tmp_path / "twice.csv"
    path.write_text("pcds,laua\nE8 1EA,E09000012\nE8 1EB,E09000012\nE8 1EC,E09000012\nE8 1EA,E09000012\n")
    assert load_postcodes(path, on_progress=no_progress).postcodes == 3


def test_load_that_is_refused_leaves_what_was_there(reader: Client, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("pcds,laua\n" + "E8 1EA,E09000019\n" * 5 + "what,is this\n" * 5)
    with pytest.raises(PostcodesRefusedError):
        load_postcodes(path, on_progress=no_progress)
    assert found(reader, "E8 1EA") == ["hackney"]
    assert PostcodeFile.objects.count() == 1


def test_load_clears_what_a_loader_that_died_left(reader: Client, file: Path) -> None:
    dead = PostcodeFile.objects.create(name="dead.csv", loaded=PostcodeFile.objects.get().loaded)
    Postcode.objects.create(file=dead, postcode="E8 1EA", council="E09000012")
    load_postcodes(file, on_progress=no_progress)
    assert PostcodeFile.objects.count() == 1
    assert Postcode.objects.count() == 8


def test_command_says_what_was_loaded(file: Path) -> None:
    country()
    done = CliRunner().invoke(load_postcodes_command, [str(file)])
    assert done.exit_code == 0, done.output
    assert "8 postcodes in 5 councils can be looked up now." in done.output
