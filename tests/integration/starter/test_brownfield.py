"""Publishing a register of brownfield land to the starter's standard, as councils write such files."""

from __future__ import annotations

from pathlib import Path

import pytest

from guildhall.publishing.files import preview_file, publish_file
from guildhall.publishing.registers import add_organisation, add_standard
from guildhall.registers.queries import records, registers
from guildhall.starter import standards

PATH = "ambridge/brownfield-land"
HEADER = (
    "OrganisationURI,OrganisationLabel,SiteReference,SiteNameAddress,GeoX,GeoY,SiteplanURL,Hectares,OwnershipStatus,"
    "HazardousSubstances,PlanningStatus,PermissionType,PermissionDate,PlanningHistory,MinNetDwellings,"
    "NetDwellingsRangeFrom,NetDwellingsRangeTo,Deliverable,Notes,FirstAddedDate,LastUpdatedDate,EndDate\n"
)
START = "http://opendatacommunities.org/id/district-council/ambridge,,"
SITES = (
    f'{START}BR/1,"Old Dairy, Ambridge",-1.405267,54.101492,http://ambridge.example/?find=BR1,3.02,'
    "not owned by a public authority,,Not permissioned,,,,,67,67,yes,,2017-10-04,2019-10-04,\n"
    f"{START}BR2,The Bull,-1.397657,54.087998,http://ambridge.example/?find=BR2,0.33,Owned by a public authority,,"
    "permissioned,Full Planning Permission,2019-07-25,http://plans.example/1|http://plans.example/2,,10,10,,,"
    "2017-10-04,2019-10-04,2019-10-04\n"
)


@pytest.fixture(autouse=True)
def ambridge(hall: None) -> None:
    add_organisation({"organisation": "ambridge", "name": "Ambridge", "kind": "council"})
    add_standard(standards.descriptor("brownfield-land"))


def write(folder: Path, sites: str) -> Path:
    path = folder / "brownfield.csv"
    path.write_text(HEADER + sites, encoding="utf-8")
    return path


def test_publish_sites_as_councils_write_them(tmp_path: Path) -> None:
    preview = preview_file(write(tmp_path, SITES), path=PATH, standard_name="brownfield-land")
    assert preview.is_clean, [group.summary for group in preview.report.groups]
    receipt = publish_file(preview)
    assert receipt.added == 2
    register = registers.register(PATH)
    record = records.record(register, "BR2", register.head.size)
    assert record.item["PlanningHistory"] == ["http://plans.example/1", "http://plans.example/2"]
    assert record.item["OwnershipStatus"] == "Owned by a public authority"
    assert records.record(register, "BR/1", register.head.size).item["SiteNameAddress"] == "Old Dairy, Ambridge"


def test_publish_sites_that_are_missing_next_year_can_be_ended(tmp_path: Path) -> None:
    publish_file(preview_file(write(tmp_path, SITES), path=PATH))
    # BR2 has an end date already.
    preview = preview_file(write(tmp_path, SITES.splitlines(keepends=True)[1]), path=PATH)
    assert preview.comparison.missing == ["BR/1"]
    assert publish_file(preview, close_missing=True).closed == 1


@pytest.mark.parametrize(
    ("right", "wrong", "column"),
    [
        ("-1.405267,54.101492", "447560,54.101492", "GeoX"),
        ("http://ambridge.example/?find=BR1", "see the map", "SiteplanURL"),
        (",3.02,not owned by a public authority", ",3.02,private", "OwnershipStatus"),
        ("Not permissioned", "refused", "PlanningStatus"),
        ("2017-10-04,2019-10-04,\n", "04/10/2017,2019-10-04,\n", "FirstAddedDate"),
        ("BR/1", "BR2", "SiteReference"),
    ],
)
def test_site_that_does_not_keep_to_the_standard_is_named(tmp_path: Path, right: str, wrong: str, column: str) -> None:
    preview = preview_file(write(tmp_path, SITES.replace(right, wrong, 1)), path=PATH)
    assert not preview.is_clean
    assert {problem.column for group in preview.report.groups for problem in group.examples} == {column}
