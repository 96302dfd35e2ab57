"""Councils as rows of a table for programs: the same columns in the index, in comparisons and beside maps."""

from __future__ import annotations

from guildhall.reading.councils.atlas import Atlas, Place

COUNCIL = (
    "council",
    "name",
    "local-authority",
    "gss-code",
    "organisation-type",
    "region",
    "nation",
    "website",
    "start-date",
    "end-date",
    "tier",
    "county",
    "replaced-by",
    "latitude",
    "longitude",
    "population",
    "kilometres",
)


def council_row(place: Place, atlas: Atlas, kilometres: float | None = None) -> dict[str, object]:
    """`county` and `replaced-by` are short names of councils; `kilometres` is how far from what was asked for."""
    one = place.organisation
    latitude, longitude = place.point or (None, None)
    county = atlas.county(place)
    return {
        "council": one.slug,
        "name": one.name,
        "local-authority": one.local_authority,
        "gss-code": one.gss_code,
        "organisation-type": one.type_name,
        "region": one.region,
        "nation": one.nation,
        "website": one.website,
        "start-date": one.start_date,
        "end-date": one.end_date,
        "tier": place.tier,
        "county": county.slug if county else "",
        "replaced-by": ";".join(successor.slug for successor in atlas.successors(place)),
        "latitude": latitude,
        "longitude": longitude,
        "population": _number(place.text("population")),
        "kilometres": kilometres,
    }


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None
