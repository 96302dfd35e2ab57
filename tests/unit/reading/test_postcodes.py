"""Postcodes as people write them, and the files that hold them."""

from __future__ import annotations

from pathlib import Path

import pytest

from guildhall.reading.postcodes.layout import PostcodesRefusedError, open_file
from guildhall.reading.postcodes.words import is_like_postcode, part_of_postcode, whole_postcode

OLD = "pcd,pcd2,pcds,dointr,doterm,oscty,oslaua,lat,long\n"
NEW = "pcd7,pcd8,pcds,dointr,doterm,cty25cd,lad25cd,lat,long\n"


@pytest.mark.parametrize("text", ["E8 1EA", "e81ea", " e8  1ea ", "E8-1EA", "E8\u00a01EA"])
def test_whole_postcode_is_read_however_it_is_written(text: str) -> None:
    assert whole_postcode(text) == "E8 1EA"


@pytest.mark.parametrize(
    ("text", "district"),
    [("E8", "E8"), ("e8 1", "E8"), ("sw1a", "SW1A"), ("E8 1E", "E8"), ("hackney", None), ("8", None)],
)
def test_part_of_a_postcode_names_its_district(text: str, district: str | None) -> None:
    assert part_of_postcode(text) == district


@pytest.mark.parametrize("text", ["Hackney", "HCK", "E09000012", "", "E8 1EA E8 1EA", "'; DROP TABLE", "%"])
def test_names_and_codes_are_not_taken_for_postcodes(text: str) -> None:
    assert not is_like_postcode(text)


def rows_of(tmp_path: Path, text: str | bytes) -> list[object]:
    path = tmp_path / "postcodes.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(open_file(path).rows())


@pytest.mark.parametrize("header", [OLD, NEW, OLD.upper(), "\ufeff" + NEW])
def test_file_is_read_by_its_old_column_names_and_by_the_new(tmp_path: Path, header: str) -> None:
    text = (
        header
        + "E8 1EA,,E8 1EA,1980,,E99999999,E09000012,51.54,-0.06\n"
        + "CT1 2AA,,CT1 2AA,,201901,E10000016,E07000106,99.999999,0\n"
    )
    assert rows_of(tmp_path, text) == [
        ("E8 1EA", "E09000012", "", 51.54, -0.06, False),
        ("CT1 2AA", "E07000106", "E10000016", None, None, True),
    ]


def test_postcodes_outside_the_country_are_left_out_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "postcodes.csv"
    path.write_text("pcds,laua\nE8 1EA,E09000012\nJE2 3AB,L99999999\nIM1 1AA,M99999999\nE8 1EB,\n")
    reading = open_file(path)
    assert len(list(reading.rows())) == 1
    assert (reading.kept, reading.elsewhere, reading.bad) == (1, 3, 0)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"PK\x03\x04 and so on", "ZIP"),
        ("name,place\na,b\n", "no column for the postcode (pcds) and council (oslaua)"),
        ("", "no column"),
        ("pcds,laua\n", "no postcodes that can be used"),
        ("pcds,laua\nhello,E09000012\n", "line 2: hello"),
        ("pcds,laua\nE8 1EA,Hackney\nE8 1EB,Hackney\n", "no postcodes"),
        ("pcds,laua\n" + "E8 1EA,E09000012\n" * 10 + "x,y\n" * 3, "3 of its rows make no sense"),
        (b"pcds,laua\nE8 1EA,\xff\xfe\n", "not UTF-8"),
    ],
)
def test_file_that_is_not_what_it_should_be_is_refused(tmp_path: Path, text: str | bytes, says: str) -> None:
    with pytest.raises(PostcodesRefusedError) as caught:
        rows_of(tmp_path, text)
    assert says in caught.value.problem
    assert caught.value.remedy
