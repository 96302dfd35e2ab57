"""Which councils keep a list to a standard, of which there is an unofficial copy, and of which nothing is known."""

from __future__ import annotations

from guildhall.reading.councils.atlas import Atlas
from guildhall.reading.councils.maps import COPY, NOTHING, OWN
from guildhall.registers.models import Register
from guildhall.registers.queries import registers

KEEPING = ("council", "name", "gss-code", "organisation-type", "region", "kept", "list", "records", "source-date")

type Row = dict[str, object]


def keeping_rows(standard_name: str, atlas: Atlas, today: str) -> list[Row]:
    """Every council of today, by name: `kept` is own, copy or nothing; of a council's several lists its own counts."""
    lists: dict[int, Register] = {}
    for register in registers.registers().filter(standard_name=standard_name, head__records__gt=0):
        if not register.is_unofficial_copy or register.organisation_id not in lists:
            lists[register.organisation_id] = register
    rows: list[Row] = []
    for place in atlas.current(today):
        one, found = place.organisation, lists.get(place.organisation.pk)
        told = (one.slug, one.name, one.gss_code, one.type_name, one.region, *_of_list(found))
        rows.append(dict(zip(KEEPING, told, strict=True)))
    return rows


def _of_list(register: Register | None) -> tuple[str, str, int | None, str]:
    if register is None:
        return NOTHING, "", None, ""
    kept = COPY if register.is_unofficial_copy else OWN
    return kept, register.path, register.head.records, register.source_date
