"""Which council uses which product, from three sources that name councils each in its own way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from _councils import Councils, Row

# What the list of planning systems calls a system -> the key in product.csv.
SYSTEMS = {
    "Idox": "idox-public-access",
    "Custom": "planning-system-not-identified",
    "Agile": "agile-applications-planning",
    "SmartAdmin": "smartadmin",
    "NIPP": "northern-ireland-planning-portal",
    "Arcus": "arcus-public-register",
    "Northgate": "northgate-planning-explorer",
}

# Names that are not those of the list of councils -> short names; a shared planning service stands for both councils.
ALIASES = {
    "Adur & Worthing": ("adur", "worthing"),
    "Anglesey": ("isle-of-anglesey",),
    "Basingstoke": ("basingstoke-and-deane",),
    "Blackburn": ("blackburn-with-darwen",),
    "Causeway and Glens": ("causeway-coast-and-glens",),
    "Derry and Strabane": ("derry-strabane",),
    "Durham": ("county-durham",),
    "East Riding": ("east-riding-of-yorkshire",),
    "Hull": ("kingston-upon-hull",),
    "Kingston": ("kingston-upon-thames",),
    "Lewes and Eastbourne": ("lewes", "eastbourne"),
    "Mid East Antrim": ("mid-and-east-antrim",),
    "New Forest District": ("new-forest",),
    "North Lanark": ("north-lanarkshire",),
    "Nuneaton": ("nuneaton-and-bedworth",),
    "Rhondda": ("rhondda-cynon-taff",),
    "Richmond": ("richmond-upon-thames",),
    "Royal Borough of Greenwich": ("greenwich",),
    "South Norfolk Broadland": ("south-norfolk", "broadland"),
    "Southend": ("southend-on-sea",),
    "Telford": ("telford-and-wrekin",),
    "West Dunbarton": ("west-dunbartonshire",),
    # PlanX's short names, told apart by the domain beside them
    "coventry-city": ("coventry",),
    "kingston": ("kingston-upon-thames",),
    "newcastle": ("newcastle-upon-tyne",),
    "stalbans": ("st-albans",),
    "stockport-metropolitan": ("stockport",),
    "stoke": ("stoke-on-trent",),
    "westberks": ("west-berkshire",),
}

_PARK = "a national park or the Broads, not a council"
_ISLAND = "not in the United Kingdom"
NOT_COUNCILS = {
    "Alderney": _ISLAND,
    "Guernsey": _ISLAND,
    "Isle of Man": _ISLAND,
    "Jersey": _ISLAND,
    "Sark": _ISLAND,
    "Brecon Beacons": _PARK,
    "Broads": _PARK,
    "Cairngorms": _PARK,
    "Dartmoor": _PARK,
    "Exmoor": _PARK,
    "Lake District": _PARK,
    "Loch Lomond": _PARK,
    "New Forest Park": _PARK,
    "North York Moors": _PARK,
    "Northumberland National Park": _PARK,
    "Peak District": _PARK,
    "Pembrokeshire Coast": _PARK,
    "Snowdonia": _PARK,
    "South Downs": _PARK,
    "Yorkshire Dales": _PARK,
    "London": "the Greater London Authority, not a council",
    "Old Oak Park Royal": "a development corporation, not a council",
    "Planning Inspectorate (Planning Appeals)": "a body of central government",
    "Scilly Isles": "the source names no system",
    "Suffolk": "the address is that of another council, East Suffolk",
}
NOT_COBRANDS_OF_COUNCILS = {
    "Borsetshire": "a demonstration, not a real council",
    "HighwaysEngland": "a body of central government",
    "Hylte": "in Sweden",
    "Northamptonshire": "the service of a county council that is gone; both its successors are listed themselves",
    "NottinghamshirePolice": "a police force",
    "TfL": "Transport for London, not a council",
    "Thamesmead": "a housing association's",
}

STREETS = "Reports of potholes and other street problems"
WASTE = "Bin collections and other waste services"
PLANX = "Planning: find out if you need permission, and apply"


def product_uses(
    councils: Councils, *, planning: Sequence[Row], planx: Sequence[Row], fixmystreet: Sequence[Row]
) -> tuple[list[Row], list[str]]:
    """Rows by council and key, and what was left out, in sentences."""
    left_out: list[str] = []
    rows = [
        *_planning(councils, planning, left_out),
        *_planx(councils, planx),
        *_fixmystreet(councils, fixmystreet, left_out),
    ]
    rows.sort(key=lambda row: (row["organisation"], row["product-use"]))
    keys = {(row["organisation"], row["product-use"]) for row in rows}
    if len(keys) != len(rows):
        raise SystemExit("A council has two uses with the same key.")
    return rows, left_out


def _planning(councils: Councils, rows: Sequence[Row], left_out: list[str]) -> Iterable[Row]:
    for row in rows:
        name = row["lpa"]
        if name in NOT_COUNCILS:
            left_out.append(f"planning systems: {name}: {NOT_COUNCILS[name]}")
            continue
        whole, area = _name_and_area(name)
        for slug in _slugs(councils, whole):
            where = f" in {area}" if area else ""
            yield {
                "organisation": slug,
                "product-use": f"planning-register-{area.lower().replace(' ', '-')}" if area else "planning-register",
                "product": SYSTEMS[row["portal_system"]],
                "what-for": f"Planning applications{where}: search and comment",
                "address": row["url"].rstrip("#"),
                "source": "planning-systems",
            }


def _planx(councils: Councils, rows: Sequence[Row]) -> Iterable[Row]:
    for row in rows:
        for slug in _slugs(councils, row["council"]):
            yield {
                "organisation": slug,
                "product-use": "planning-permission",
                "product": "planx",
                "what-for": PLANX,
                "address": f"https://{row['domain']}",
                "source": "planx",
            }


def _fixmystreet(councils: Councils, rows: Sequence[Row], left_out: list[str]) -> Iterable[Row]:
    """Waste services are told only where a link to a waste contractor's system (Echo) was found in the council's part.

    Two councils have that and no link to a system for streets: there FixMyStreet serves waste alone.
    """
    for row in rows:
        if row["cobrand"] in NOT_COBRANDS_OF_COUNCILS:
            left_out.append(f"FixMyStreet: {row['cobrand']}: {NOT_COBRANDS_OF_COUNCILS[row['cobrand']]}")
            continue
        purposes = {"street-problems": STREETS, "waste": WASTE}
        if row["echo"] != "True":
            del purposes["waste"]
        elif row["uses_open311"] != "True":
            del purposes["street-problems"]
        run_as = row["council_name"] if row["council_name"] in {"Hounslow Highways", "Island Roads"} else ""
        for slug in _slugs(councils, row["area"]):
            for key, what_for in purposes.items():
                yield {
                    "organisation": slug,
                    "product-use": key,
                    "product": "fixmystreet",
                    "what-for": what_for,
                    "note": f"Run as {run_as}, the council's contractor for roads." if run_as else "",
                    "source": "fixmystreet",
                }


def _name_and_area(name: str) -> tuple[str, str]:
    """`Somerset (Mendip)` -> `Somerset`, `Mendip`: the register of a council that is gone, kept on by its successor."""
    found = re.fullmatch(r"(.+?) \((.+)\)", name)
    return (found[1], found[2]) if found else (name, "")


def _slugs(councils: Councils, name: str) -> tuple[str, ...]:
    slugs = ALIASES.get(name) or (councils.by_name(name),)
    known = set(councils.current.values())
    if not all(slug in known for slug in slugs):
        raise SystemExit(
            f"No council of today is called {name}: add it to ALIASES, or to those left out with a reason."
        )
    return tuple(slug for slug in slugs if slug)
