"""From a CSV file to entries: preview, publish, publish again, and every way it can be refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from guildhall.publishing.files import (
    FileRefusedError,
    RowsRefusedError,
    WrongStandardError,
    preview_file,
    publish_file,
)
from guildhall.publishing.registers import RegisterNameError, add_organisation, add_standard
from guildhall.registers.errors import NoEndFieldError, UnknownOrganisationError, UnknownStandardError
from guildhall.registers.models import Entry, Publication, Register
from guildhall.registers.queries import records, registers

TREE = {
    "name": "tree",
    "title": "Tree",
    "version": "1",
    "primaryKey": "tree",
    "fields": [
        {"name": "tree", "title": "Tree", "type": "string", "constraints": {"required": True}},
        {"name": "species", "title": "Species", "type": "string", "constraints": {"required": True}},
        {"name": "planted", "title": "Planted", "type": "date"},
        {"name": "end-date", "title": "Felled", "type": "date", "format": "%d/%m/%Y"},
    ],
}
SURVEY = "tree,species,planted\nT1,oak,2001-02-03\nT2,ash,\n"


@pytest.fixture(autouse=True)
def ambridge(hall: None) -> None:
    add_organisation({"organisation": "ambridge", "name": "Ambridge", "kind": "council"})
    add_standard(TREE)


def write(folder: Path, text: str) -> Path:
    path = folder / "trees.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_preview_of_a_new_list_writes_nothing(tmp_path: Path) -> None:
    before = Entry.objects.count()
    preview = preview_file(write(tmp_path, SURVEY), path="ambridge/tree")
    assert (preview.comparison.added, preview.report.row_count, preview.report.error_count) == (2, 2, 0)
    assert Entry.objects.count() == before
    assert not Register.objects.filter(path="ambridge/tree").exists()


def test_publication_names_the_version_that_its_file_was_checked_against(tmp_path: Path) -> None:
    preview = preview_file(write(tmp_path, SURVEY), path="ambridge/tree")
    add_standard(TREE | {"title": "Trees and hedges", "version": "2"})
    publish_file(preview)
    assert Publication.objects.get(register__path="ambridge/tree").standard_version == "1"


def test_preview_with_a_wrong_name_says_so_before_all_else(tmp_path: Path) -> None:
    with pytest.raises(RegisterNameError, match="in lower case"):
        preview_file(write(tmp_path, SURVEY), path="Ambridge/moods")


def test_publish_opens_the_list_and_the_records_can_be_read(tmp_path: Path) -> None:
    receipt = publish_file(preview_file(write(tmp_path, SURVEY), path="ambridge/tree"), reason="Survey")
    register = registers.register("ambridge/tree")
    assert (receipt.added, receipt.size, register.keeper.slug) == (2, 2, "ambridge")
    assert records.record(register, "T1", 2).item == {"tree": "T1", "species": "oak", "planted": "2001-02-03"}
    assert records.record(register, "T2", 2).item == {"tree": "T2", "species": "ash"}


def test_publish_the_same_file_again_appends_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, SURVEY)
    publish_file(preview_file(path, path="ambridge/tree"))
    before = Entry.objects.count()
    again = publish_file(preview_file(path, path="ambridge/tree"))
    assert (again.publication, again.unchanged) == (None, 2)
    assert Entry.objects.count() == before


def test_publish_closing_missing_writes_today_in_the_standards_own_way(tmp_path: Path) -> None:
    publish_file(preview_file(write(tmp_path, SURVEY), path="ambridge/tree"))
    preview = preview_file(write(tmp_path, "tree,species\nT2,ash\n"), path="ambridge/tree")
    assert preview.comparison.missing == ["T1"]
    receipt = publish_file(preview, close_missing=True, clock=lambda: 1_900_000_000.0)
    assert receipt.closed == 1
    register = registers.register("ambridge/tree")
    assert records.record(register, "T1", receipt.size).item["end-date"] == "17/03/2030"


def test_rows_in_error_are_refused_and_nothing_is_published(tmp_path: Path) -> None:
    preview = preview_file(write(tmp_path, "tree,species,planted\nT1,oak,31/02/2001\nT2,,\n"), path="ambridge/tree")
    assert preview.report.error_count == 2
    with pytest.raises(RowsRefusedError, match=r"trees\.csv: 2 rows"):
        publish_file(preview)
    assert not Register.objects.filter(path="ambridge/tree").exists()


def test_repeated_key_is_an_error_of_the_file(tmp_path: Path) -> None:
    preview = preview_file(write(tmp_path, "tree,species\nT1,oak\nT2,ash\nT1,elm\n"), path="ambridge/tree")
    assert not preview.is_clean
    assert any("T1" in str(problem) for group in preview.report.groups for problem in group.examples)


def test_missing_key_column_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = write(tmp_path, "treee,species\nT1,oak\n")
    preview = preview_file(path, path="ambridge/tree")
    assert not preview.is_clean
    assert any("tree" in str(problem) for problem in preview.report.problems), preview.report.problems


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.4 not a table",
        b"<!DOCTYPE html><html><body>Not found</body></html>",
        b"tree,species\nT1,o\x00ak\n",
        b"tree,species\nT1,oak,too,many\n",
        b"tree,tree\nT1,oak\n",
    ],
)
def test_file_that_is_no_table_is_refused_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "trees.csv"
    path.write_bytes(content)
    with pytest.raises(FileRefusedError) as caught:
        preview_file(path, path="ambridge/tree")
    assert "trees.csv" in caught.value.problem
    assert caught.value.remedy


def test_unknown_standard_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownStandardError, match="bush"):
        preview_file(write(tmp_path, SURVEY), path="ambridge/tree", standard_name="bush")


def test_unknown_organisation_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownOrganisationError, match="borchester"):
        preview_file(write(tmp_path, SURVEY), path="borchester/tree")


def test_another_standard_for_a_list_that_is_there_is_refused(tmp_path: Path) -> None:
    publish_file(preview_file(write(tmp_path, SURVEY), path="ambridge/tree"))
    with pytest.raises(WrongStandardError, match="kept to the data standard tree"):
        preview_file(write(tmp_path, SURVEY), path="ambridge/tree", standard_name="organisation")


def test_closing_missing_without_an_end_date_field_is_refused(tmp_path: Path) -> None:
    add_standard({**TREE, "name": "stump", "primaryKey": "tree", "fields": TREE["fields"][:2]})
    preview = preview_file(write(tmp_path, "tree,species\nT1,oak\n"), path="ambridge/stump")
    with pytest.raises(NoEndFieldError):
        publish_file(preview, close_missing=True)
    assert not Register.objects.filter(path="ambridge/stump").exists()
