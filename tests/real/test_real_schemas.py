"""Every data standard that was published for councils can be used, or is refused with the reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from guildhall.publishing.registers import StandardRefusedError, add_standard
from guildhall.registers.catalogue import current_standard

from .conftest import files, named

pytestmark = pytest.mark.usefixtures("hall")
SCHEMAS = files("standards/schemas/**/*.json")
TABLES = [path for path in SCHEMAS if "fields" in (read := json.loads(path.read_bytes())) and read["fields"]]


def slug(path: Path) -> str:
    return path.name.partition(".")[0].lower().replace("_", "-")


def test_there_are_schemas_to_read() -> None:
    assert len(SCHEMAS) > 10
    assert len(TABLES) > 5


@pytest.mark.parametrize("path", SCHEMAS, ids=named)
def test_schema_loads_or_is_refused_with_the_reason(path: Path) -> None:
    descriptor = json.loads(path.read_bytes())
    fields = [field for field in descriptor.get("fields", []) if isinstance(field, dict)]
    key = (str(fields[0].get("name")),) if fields else None
    try:
        added = add_standard(descriptor, name=slug(path), key=key)
    except StandardRefusedError as error:
        assert error.problem.endswith(".")
        assert error.remedy
    else:
        standard = current_standard(slug(path))
        assert standard.fields == added.standard.fields
        assert len(standard.fields) == len(fields)
        assert all(finding.message for finding in added.findings)


@pytest.mark.parametrize("path", [path for path in TABLES if "tableschema" in path.name], ids=named)
def test_table_schema_of_one_table_loads(path: Path) -> None:
    descriptor = json.loads(path.read_bytes())
    key = (str(descriptor["fields"][0]["name"]),)
    assert add_standard(descriptor, name=slug(path), key=key).receipt.added == 1


def test_schema_of_several_tables_is_refused() -> None:
    path = files("standards/schemas/openreferral-uk/*.tableschema.json")[0]
    with pytest.raises(StandardRefusedError):
        add_standard(json.loads(path.read_bytes()), name="open-referral", key=("id",))
