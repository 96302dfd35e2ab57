"""Every real file gets a clear verdict: it can be read or why not, and what keeps to the standard."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from guildhall.publishing.files import FileRefusedError, Preview, preview_file, publish_file
from guildhall.publishing.registers import add_organisation, add_standard
from guildhall.registers.models import Entry
from guildhall.schema.files import compile_check
from guildhall.schema.gate import GateError, open_table
from guildhall.schema.lint import mend
from guildhall.schema.load import parse_standard
from guildhall.schema.model import Standard

from .conftest import DATA, files, named

BROWNFIELD = "standards/files/brownfield/real-register.harmonised.csv"
SCHEMAS = {
    "brownfield": ("standards/schemas/brownfield-land-v2.tableschema.json", "SiteReference"),
    "spend": ("standards/schemas/lgtc/spend-25k-hmt.tableschema.json", "Transaction Number"),
}
ALL = [path for path in files("**/*") if path.is_file()]
TABLES = [path for path in ALL if path.suffix == ".csv"]


def descriptor(kind: str) -> dict[str, object]:
    assert DATA is not None
    path, key = SCHEMAS[kind]
    read = json.loads((DATA / path).read_bytes())
    names = [field["name"] for field in read["fields"]]
    return read | {
        "name": kind,
        "title": kind.title(),
        "version": "1",
        "primaryKey": key if key in names else names[0],
    }


def parsed(kind: str) -> Standard:
    return parse_standard(mend(descriptor(kind)))


@pytest.fixture(scope="module")
def checks() -> dict[str, Standard]:
    return {kind: parsed(kind) for kind in SCHEMAS}


def test_there_are_files_to_read() -> None:
    assert len(TABLES) > 40
    assert len(ALL) > len(TABLES)


@pytest.mark.parametrize("path", ALL, ids=named)
def test_file_opens_as_a_table_or_is_refused_with_what_to_do(path: Path) -> None:
    try:
        table = open_table(path)
    except GateError as error:
        assert path.name in error.problem
        assert error.remedy
    else:
        # Any text with one word a line is a table of one column; what is no text never is.
        assert path.suffix not in {".xls", ".xlsx", ".json"}
        assert table.frame.width >= 1


@pytest.mark.parametrize("kind", SCHEMAS)
@pytest.mark.parametrize("path", TABLES, ids=named)
def test_check_gives_a_verdict_on_any_file(path: Path, kind: str, checks: dict[str, Standard]) -> None:
    """The right file and, mostly, the wrong one: both are things that people do."""
    try:
        table = open_table(path, expect=checks[kind])
    except GateError as error:
        assert path.name in error.problem
        return
    report = compile_check(checks[kind]).run(table)
    assert report.row_count == table.frame.height
    assert report.error_count <= report.row_count
    for group in report.groups:
        assert group.summary
        assert all(str(problem) for problem in group.examples)
    assert report.rows.height <= report.row_count


def test_links_file_with_a_short_header_is_named_and_says_so() -> None:
    assert DATA is not None
    path = DATA / "registers" / "lgsl_lgil_links.csv"
    with pytest.raises(GateError) as refused:
        open_table(path)
    said = f"{refused.value.problem} {refused.value.remedy}"
    assert "lgsl_lgil_links.csv" in said
    assert "4" in said
    assert "6" in said


@pytest.fixture
def harrogate(hall: None) -> None:
    add_organisation({"organisation": "harrogate", "name": "Harrogate Borough Council", "kind": "council"})
    add_standard(descriptor("brownfield"))


@pytest.mark.usefixtures("harrogate")
def test_real_brownfield_file_publishes_and_again_appends_nothing(tmp_path: Path) -> None:
    preview = _preview(_without_errors(tmp_path))
    assert preview.is_clean, [group.summary for group in preview.report.groups]
    first = publish_file(preview, reason="Yearly review")
    assert first.added == preview.report.row_count > 20
    before = Entry.objects.count()
    again = publish_file(_preview(preview.file))
    assert (again.publication, again.unchanged) == (None, first.added)
    assert Entry.objects.count() == before


def _preview(path: Path) -> Preview:
    return preview_file(path, path="harrogate/brownfield")


def _without_errors(folder: Path) -> Path:
    """The real file less the rows that do not keep to the standard, as its keeper would correct it."""
    assert DATA is not None
    preview = _preview(DATA / BROWNFIELD)
    assert preview.report.row_count > 20
    path = folder / "brownfield.csv"
    preview.report.rows.write_csv(path)
    return path


@pytest.mark.usefixtures("harrogate")
@pytest.mark.parametrize("path", files("standards/files/structure/*"), ids=named)
def test_publishing_a_file_with_the_wrong_structure_ends_in_one_error_or_a_report(path: Path) -> None:
    try:
        preview = _preview(path)
    except FileRefusedError as error:
        assert path.name in error.problem
    else:
        assert not preview.is_clean
