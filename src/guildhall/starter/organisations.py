"""The organisations of the starter lists: every council, now or before, and the Government Digital Service."""

from __future__ import annotations

from guildhall.starter import data
from guildhall.starter.data import Row

# Bodies in which councils act together: they are in the list of local authorities and are no councils themselves.
_JOINT_TYPES = frozenset(("COMB", "SRA"))


def organisations() -> list[Row]:
    """What `hall/organisation` says of each."""
    types = {row["local-authority-type"]: row["name"] for row in data.rows("local-authority-type")}
    regions = {row["region"]: row["name"] for row in data.rows("region")}
    return [
        {
            "organisation": "government-digital-service",
            "name": "Government Digital Service",
            "kind": "central-government",
            "website": "https://www.gov.uk/government/organisations/government-digital-service",
        },
        *(_council(row, types, regions) for row in data.rows("local-authority")),
    ]


def _council(row: Row, types: dict[str, str], regions: dict[str, str]) -> Row:
    code = row["local-authority-type"]
    item = {
        "organisation": row["organisation"],
        "name": row["official-name"],
        "kind": "other" if code in _JOINT_TYPES else "council",
        "local-authority": row["local-authority"],
        "organisation-type": types[code],
        "region": regions.get(row.get("region", ""), ""),
    }
    for same in ("gss-code", "nation", "website", "start-date", "end-date"):
        item[same] = row.get(same, "")
    return {name: value for name, value in item.items() if value}
