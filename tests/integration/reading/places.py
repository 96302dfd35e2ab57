"""A small country for tests of councils: two tiers, neighbours, a council that was replaced, products, services."""

from __future__ import annotations

from guildhall.registers.queries import registers

from .halls import Row, open_list, put, standard_of_starter

_COUNCILS: list[Row] = [
    {"local-authority": "HCK", "name": "Hackney", "organisation": "hackney", "tier": "single", "gss-code": "E09000012",
     "point": "51.55,-0.06", "population": "280941", "official-name": "London Borough of Hackney"},
    {"local-authority": "ISL", "name": "Islington", "organisation": "islington", "tier": "single",
     "gss-code": "E09000019", "point": "51.55,-0.11", "official-name": "London Borough of Islington"},
    {"local-authority": "KEN", "name": "Kent", "organisation": "kent", "tier": "upper", "gss-code": "E10000016",
     "point": "51.19,0.73", "official-name": "Kent County Council"},
    {"local-authority": "CAT", "name": "Canterbury", "organisation": "canterbury", "tier": "lower", "county": "KEN",
     "gss-code": "E07000106", "point": "51.27,1.09", "official-name": "Canterbury City Council"},
    {"local-authority": "DOV", "name": "Dover", "organisation": "dover", "tier": "lower", "county": "KEN",
     "gss-code": "E07000108", "point": "51.18,1.27", "official-name": "Dover District Council"},
    {"local-authority": "AGY", "name": "Isle of Anglesey", "name-cy": "Ynys Môn", "organisation": "isle-of-anglesey",
     "tier": "single", "gss-code": "W06000001", "point": "53.28,-4.32", "official-name": "Isle of Anglesey Council"},
    {"local-authority": "OLD", "name": "Old Town", "organisation": "old-town", "tier": "lower", "county": "KEN",
     "gss-code": "E07000999", "end-date": "2019-03-31", "replaced-by": ["CAT"], "official-name": "Old Town Council"},
    {"local-authority": "NEW", "name": "Nowhere", "organisation": "nowhere", "tier": "single",
     "official-name": "Nowhere Council"},
]  # fmt: skip
_TYPES = {
    "single": ("LBO", "London borough"),
    "upper": ("CTY", "County"),
    "lower": ("NMD", "Non-metropolitan district"),
}
_REGIONS = {"HCK": "London", "ISL": "London", "AGY": "Wales"}
PRODUCTS: list[Row] = [
    {"product": "planx", "title": "PlanX", "supplier": "Open Systems Lab", "kind": "Planning"},
    {"product": "idox", "title": "Idox", "supplier": "Idox", "kind": "Planning"},
    {"product": "potholes", "title": "Potholes", "supplier": "Roads & Sons", "kind": "Roads"},
    {"product": "not-known", "title": "Not known which", "kind": "Planning", "unidentified": "true"},
]


def use(product: str, **more: str) -> Row:
    return {"product-use": f"use-of-{product}", "product": product, "what-for": "Planning"} | {
        name.replace("_", "-"): value for name, value in more.items()
    }


def country() -> None:
    """Eight councils; Hackney keeps its own products, of Canterbury there is a copy, of others nothing."""
    for name in (
        "local-authority-type",
        "region",
        "local-authority",
        "product",
        "product-use",
        "service",
        "service-link",
    ):
        standard_of_starter(name)
    rows: list[Row] = []
    organisations: list[Row] = []
    for council in _COUNCILS:
        kind, type_name = _TYPES[str(council["tier"])]
        nation = "Wales" if council["local-authority"] == "AGY" else "England"
        organisation = {
            "organisation": str(council["organisation"]),
            "name": str(council["official-name"]),
            "kind": "council",
            "local-authority": str(council["local-authority"]),
            "gss-code": str(council.get("gss-code", "")),
            "organisation-type": type_name,
            "region": _REGIONS.get(str(council["local-authority"]), "South East"),
            "nation": nation,
            "website": f"https://{council['organisation']}.example/",
            "end-date": str(council.get("end-date", "")),
        }
        organisations.append({name: value for name, value in organisation.items() if value})
        rows.append(council | {"local-authority-type": kind, "nation": nation})
    put(registers.register("hall/organisation"), organisations)
    put(open_list("hall", "local-authority"), rows)
    put(open_list("hall", "product"), PRODUCTS)
    put(
        open_list("hall", "service"),
        [{"service": "4", "title": "Free school meals", "subject": "Schools and children"}],
    )
    terms = {"contract_end": "2028-03-31", "cost_band": "Under £25,000", "start_date": "2020-05-01"}
    put(open_list("hackney", "product-use"), [use("planx", **terms), use("potholes")], "Our contracts")
    put(open_list("canterbury", "product-use", keeper="hall"), [use("idox")])
    put(open_list("dover", "product-use", keeper="hall"), [use("not-known")])
    put(
        open_list("canterbury", "service-link", keeper="hall"),
        [
            {"service": "4", "interaction": "applications-for-service", "title": "Free school meals: apply",
             "address": "https://canterbury.example/meals"},
            {"service": "999", "interaction": "reporting", "title": "Potholes: report",
             "address": "https://canterbury.example/potholes"},
        ],
    )  # fmt: skip
