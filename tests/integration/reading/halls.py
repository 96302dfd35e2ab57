"""A small hall with councils, products, an unofficial copy and a list of odd values, for tests of what is read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources

from guildhall.publishing.registers import Description, add_organisation, add_standard, open_register
from guildhall.registers.catalogue import current_standard
from guildhall.registers.followers import run as followers
from guildhall.registers.models import Register
from guildhall.registers.publish import Options, publish
from guildhall.registers.queries import registers
from guildhall.registers.rows import ListRows
from guildhall.registers.sequencer import sequence

Row = dict[str, str | list[str]]

ODD = {
    "name": "odd",
    "title": "Odd thing",
    "description": "Things whose values are unusual.",
    "version": "1",
    "primaryKey": "odd",
    "titleField": "title",
    "fields": [
        {"name": "title", "title": "Title", "description": "What it is called.", "type": "string"},
        {"name": "odd", "title": "Odd", "type": "string", "constraints": {"required": True}},
        {"name": "parts", "title": "Parts", "type": "list", "delimiter": ";"},
        {"name": "council", "title": "Council", "type": "string", "format": "curie"},
        {"name": "page", "title": "Page", "type": "string", "format": "uri"},
        {"name": "story", "title": "Story", "type": "string", "format": "text"},
        {"name": "count", "title": "Count", "type": "integer"},
        {"name": "seen", "title": "Seen", "type": "date"},
        {"name": "year", "title": "Year", "type": "year"},
        {"name": "region", "title": "Region", "type": "string"},
        {"name": "end-date", "title": "Ended", "type": "date"},
    ],
}
# Each is hard in its own way: in an address, in CSV, in HTML, in JSON, or in an order of letters.
ODD_KEYS = [
    "a/b",
    "data.json",
    "v1.22",
    "~1",
    "100%",
    "q?a=b#c",
    "x:y",
    "a,b;c",
    'say "hello"',
    "<b>bold</b>",
    "=1+1",
    "Môn ✓ 🌳",
    "records",
    "a&b=c",
    "with  two spaces",
    "+44",
]
ODD_ROWS: list[Row] = [
    {"odd": key, "title": f"Odd {number}", "count": str(number), "seen": "2024-02-29", "year": "2024"}
    for number, key in enumerate(ODD_KEYS, 1)
] + [
    {
        "odd": "full",
        "title": '<script>alert("1")</script>',
        "parts": ["one", "two, three", "four"],
        "council": "local-authority:HCK",
        "page": "https://example.org/a?b=c&d=é",
        "story": 'First line\nsecond, with "quotes"',
        "region": "Nowhere",
    }
]

HACKNEY: Row = {
    "local-authority": "HCK",
    "name": "Hackney",
    "official-name": "London Borough of Hackney",
    "organisation": "hackney",
    "local-authority-type": "LBO",
    "tier": "single",
    "region": "london",
    "nation": "England",
    "gss-code": "E09000012",
    "start-date": "1965-04-01",
}
ANGLESEY: Row = {
    "local-authority": "AGY",
    "name": "Isle of Anglesey",
    "official-name": "Isle of Anglesey County Council",
    "name-cy": "Sir Ynys Môn",
    "organisation": "isle-of-anglesey",
    "local-authority-type": "WPA",
    "tier": "single",
    "nation": "Wales",
    "gss-code": "W06000001",
}
OLD: Row = {
    "local-authority": "OLD",
    "name": "Old Town",
    "official-name": "Old Town Borough Council",
    "organisation": "old-town",
    "local-authority-type": "NMD",
    "tier": "lower",
    "nation": "England",
    "former-gss-codes": ["E07000999"],
    "start-date": "1974-04-01",
    "end-date": "2009-03-31",
    "replaced-by": ["HCK"],
}


def open_list(organisation: str, standard: str, *, keeper: str = "", **details: str) -> Register:
    """Open a list; with a `keeper` other than the organisation it is an unofficial copy."""
    path = f"{organisation}/{standard}"
    known = current_standard(standard)
    if not keeper:
        return open_register(path, known, Description(source_date="2025-06"))
    item = {
        "register": path,
        "organisation": organisation,
        "keeper": keeper,
        "standard": standard,
        "title": f"{known.title}: {organisation}",
        "source": "A public source",
        "source-date": "2018",
    } | details
    publish(registers.register("hall/register"), ListRows.of(current_standard("register"), [item]))
    return registers.register(path)


def put(register: Register, rows: Sequence[Row], reason: str = "") -> None:
    """Publish rows, and let everything that follows catch up."""
    publish(register, ListRows.of(current_standard(register.standard_name), rows), options=Options(reason=reason))
    sequence()
    followers.catch_up()


def standard_of_starter(name: str) -> None:
    text = resources.files("guildhall.starter").joinpath("standards", f"{name}.json").read_text("utf-8")
    add_standard(json.loads(text))


def odd_list(organisation: str = "hackney") -> Register:
    """A list of odd values, changed once, under an organisation that it adds."""
    add_organisation({"organisation": organisation, "name": "London Borough of Hackney", "kind": "council"})
    add_standard(ODD)
    register = open_list(organisation, "odd")
    put(register, ODD_ROWS, "The first odd things")
    put(register, [ODD_ROWS[0] | {"title": "Changed"}], "A better title")
    return registers.register(register.path)


def small_hall() -> None:
    """Three councils, one of them former; two products; lists of their own and an unofficial copy."""
    for name in ("local-authority-type", "region", "local-authority", "product", "product-use"):
        standard_of_starter(name)
    add_organisation({"organisation": "idox", "name": "Idox", "kind": "supplier", "website": "https://www.idox.com/"})
    for row in (HACKNEY, ANGLESEY, OLD):
        organisation = {
            "organisation": row["organisation"],
            "name": row["official-name"],
            "kind": "council",
            "local-authority": row["local-authority"],
            "gss-code": row.get("gss-code", ""),
            "organisation-type": "London borough",
            "region": "London",
            "nation": row["nation"],
            "start-date": row.get("start-date", ""),
            "end-date": row.get("end-date", ""),
        }
        add_organisation({name: str(value) for name, value in organisation.items()})
    put(open_list("hall", "local-authority"), [HACKNEY, ANGLESEY, OLD])
    put(
        open_list("hall", "product"),
        [
            {"product": "planx", "title": "PlanX", "supplier": "Open Systems Lab", "kind": "Planning"},
            {"product": "unused", "title": "Unused", "kind": "Planning"},
        ],
    )
    use: Row = {"product-use": "planning", "product": "planx", "what-for": "Planning", "source-date": "2026"}
    ended = use | {"product-use": "old", "product": "unused", "end-date": "2020-01-01"}
    put(open_list("hackney", "product-use", keeper="hall"), [use, ended], "Made from public data")
    put(open_list("isle-of-anglesey", "product-use"), [use])
