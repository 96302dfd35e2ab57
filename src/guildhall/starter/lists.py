"""The lists that a new hall opens with: whose each is, where its facts came from, and its rows.

All are kept by the hall, so those of other organisations are unofficial copies until their organisation claims them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from guildhall.registers.hall import HALL
from guildhall.starter import data
from guildhall.starter.data import Row, Source

_CAN_BE_DONE = {
    "applications-for-service": "apply",
    "paying-for-goods-and-services": "pay",
    "providing-information": "information",
    "reporting": "report",
}


@dataclass(frozen=True)
class StarterList:
    """One list. `sources` are keys of sources.csv, the one that gives the list its date first."""

    organisation: str
    standard: str
    title: str
    description: str
    sources: tuple[str, ...]
    rows: list[Row]

    @property
    def path(self) -> str:
        return f"{self.organisation}/{self.standard}"

    def item(self, start_date: str) -> Row:
        """What `hall/register` says of it; `start_date` (YYYY-MM-DD) is when it was opened here."""
        known = [data.sources()[source] for source in self.sources]
        return {
            "register": self.path,
            "organisation": self.organisation,
            "keeper": HALL,
            "standard": self.standard,
            "title": self.title,
            "description": self.description,
            "licence": "; ".join(_once(source.licence for source in known)),
            "source": "; ".join(source.citation for source in known),
            "source-date": known[0].date,
            "start-date": start_date,
        }


def starter_lists() -> list[StarterList]:
    """All of them, those first that others link to."""
    names = {row["organisation"]: row["official-name"] for row in data.rows("local-authority")}
    return [*_whole_lists(), *_service_links(names), *_product_uses(names)]


def _whole_lists() -> Iterator[StarterList]:
    """One list each, for everyone."""
    for row in data.rows("lists"):
        yield StarterList(
            row["organisation"],
            row["standard"],
            row["title"],
            row["description"],
            tuple(row["sources"].split()),
            data.rows(row["standard"]),
        )


def _service_links(names: dict[str, str]) -> Iterator[StarterList]:
    titles = {row["service"]: row["title"] for row in data.rows("service")}
    for slug, rows in _by_organisation("service-link"):
        yield StarterList(
            slug,
            "service-link",
            f"Service pages: {names[slug]}",
            "Where services stood on the council's website in about 2018. Many of these pages will have moved since.",
            ("service-links",),
            [row | {"title": f"{titles[row['service']]}: {_CAN_BE_DONE[row['interaction']]}"} for row in rows],
        )


def _product_uses(names: dict[str, str]) -> Iterator[StarterList]:
    suppliers = {row["product"]: row.get("supplier", "") for row in data.rows("product")}
    for slug, rows in _by_organisation("product-use"):
        yield StarterList(
            slug,
            "product-use",
            f"Products in use: {names[slug]}",
            "Digital products that the council is known to use, collected in 2026 from what others published. "
            "It will use more than these.",
            _once(row["source"] for row in rows),
            [_use(row, suppliers[row["product"]], data.sources()[row["source"]]) for row in rows],
        )


def _use(row: Row, supplier: str, source: Source) -> Row:
    whole = row | {"source": source.address, "source-date": source.date}
    return whole | {"supplier": supplier} if supplier else whole


def _by_organisation(name: str) -> Iterator[tuple[str, list[Row]]]:
    """Slug and rows, without the slug, of each organisation in a file that is sorted by organisation."""
    for slug, group in groupby(data.rows(name), key=itemgetter("organisation")):
        yield slug, [{column: value for column, value in row.items() if column != "organisation"} for row in group]


def _once(values: Iterable[str]) -> tuple[str, ...]:
    """Each value once, in the order in which they came."""
    return tuple(dict.fromkeys(values))
