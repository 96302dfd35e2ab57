"""Make the starter's data files from the public downloads that they come from.

    python tools/make_starter.py FOLDER [--into src/guildhall/starter/data]

FOLDER holds the downloads, unchanged:

    registers/local-authorities-2026.csv          alphagov/local-links-manager: the councils of today
    registers/lgsl_lgil_links.csv                 alphagov/local-links-manager: web pages of services, about 2018
    registers/uk-local-authorities-history.csv    mysociety/uk_local_authority_names_and_codes
    registers/local-authority-to-region.csv       digital-land/organisation-dataset
    registers/local-authority-eng.csv, local-authority-sct.csv, principal-local-authority.csv,
              local-authority-type.csv, government-organisation.csv, government-domain.csv
                                                  GOV.UK Registers, kept by digital-land/organisation-dataset
    market/planning-portal-suppliers/planning_portal_suppliers.csv    sebvett/planning-applications
    market/planx/planx_councils.csv               theopensystemslab/planx-new
    market/fixmystreet/council_cobrands.csv       mysociety/fixmystreet

The same downloads always give the same bytes. What is mended or left out, and why, is told in the README.md beside the
data and printed at the end; a name that cannot be placed stops the making, so that nothing is lost unseen.
Afterwards change the dates in `sources.csv`, which is kept by hand, and run the tests of the starter.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from _councils import Councils
from _products import product_uses
from _services import subject_of

Row = Mapping[str, str]

DATA = Path(__file__).resolve().parent.parent / "src" / "guildhall" / "starter" / "data"

COUNCIL_COLUMNS = (
    "local-authority", "organisation", "name", "official-name", "name-cy", "local-authority-type", "tier", "region",
    "nation", "gss-code", "former-gss-codes", "county", "website", "start-date", "end-date", "replaced-by", "point",
    "population",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the starter's data files from the public downloads.")
    parser.add_argument("folder", type=Path, help="the folder of downloads")
    parser.add_argument("--into", type=Path, default=DATA, help="where to write (default: the package's own folder)")
    arguments = parser.parse_args()
    for line in make(arguments.folder, arguments.into):
        sys.stdout.write(line + "\n")


def make(folder: Path, into: Path) -> list[str]:
    """Write every data file into `into`. Returns what was left out, in sentences."""
    registers, market = folder / "registers", folder / "market"
    councils = Councils(
        history=read(registers / "uk-local-authorities-history.csv"),
        current=read(registers / "local-authorities-2026.csv"),
        england=read(registers / "local-authority-eng.csv"),
        scotland=read(registers / "local-authority-sct.csv"),
        wales=read(registers / "principal-local-authority.csv"),
        regions=read(registers / "local-authority-to-region.csv"),
    )
    into.mkdir(parents=True, exist_ok=True)
    write(into / "local-authority.csv", COUNCIL_COLUMNS, councils.rows())
    write(into / "government-organisation.csv", *government_organisations(registers))
    write(into / "government-domain.csv.gz", *government_domains(registers))
    links, services, links_left_out = service_links(registers / "lgsl_lgil_links.csv", councils)
    write(into / "service.csv", ("service", "title", "subject"), services)
    write(into / "service-link.csv.gz", ("organisation", "service", "interaction", "lgil", "address"), links)
    uses, uses_left_out = product_uses(
        councils,
        planning=read(market / "planning-portal-suppliers" / "planning_portal_suppliers.csv"),
        planx=read(market / "planx" / "planx_councils.csv"),
        fixmystreet=read(market / "fixmystreet" / "council_cobrands.csv"),
    )
    columns = ("organisation", "product-use", "product", "what-for", "address", "note", "source")
    write(into / "product-use.csv", columns, uses)
    return [*councils.left_out, *links_left_out, *uses_left_out]


def government_organisations(registers: Path) -> tuple[tuple[str, ...], list[Row]]:
    """The last entry of each key, in the order of keys."""
    columns = ("government-organisation", "name", "website", "start-date", "end-date")
    return columns, _last_entries(read(registers / "government-organisation.csv"))


def government_domains(registers: Path) -> tuple[tuple[str, ...], list[Row]]:
    """The last entry of each key; in 25 of them a space stands within the curie."""
    columns = ("government-domain", "hostname", "organisation", "start-date", "end-date")
    rows = _last_entries(read(registers / "government-domain.csv"))
    return columns, [row | {"organisation": row["organisation"].replace(" ", "")} for row in rows]


def _last_entries(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    last = {row["key"]: row for row in sorted(rows, key=lambda row: int(row["entry-number"]))}
    return [last[key] for key in sorted(last)]


def service_links(path: Path, councils: Councils) -> tuple[list[Row], list[Row], list[str]]:
    """Links of councils that still exist, the services that the file names, and what was left out.

    The header names four columns and the rows have six: the last two are the numbers of service and interaction.
    Slugs are those of 2018: four of them (dorset, say) now belong to another council than the one that was meant.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if row][1:]
    titles: dict[str, str] = {}
    kept: list[Row] = []
    gone: dict[str, int] = {}
    for slug, service, interaction, address, lgsl, lgil in rows:
        titles[lgsl] = service_title(service)
        council = councils.by_slug_of_2018(slug)
        if council is None:
            gone[slug] = gone.get(slug, 0) + 1
            continue
        kept.append(
            {
                "organisation": council,
                "service": lgsl,
                "interaction": interaction,
                "lgil": lgil,
                "address": address.strip().replace(" ", "%20"),
            }
        )
    kept.sort(key=lambda row: (row["organisation"], int(row["service"]), int(row["lgil"])))
    services = [
        {"service": number, "title": titles[number], "subject": subject_of(number)}
        for number in sorted(titles, key=int)
    ]
    told = f"service links: {sum(gone.values())} of {len(rows)} are of {len(gone)} councils that no longer exist: "
    return kept, services, [told + ", ".join(sorted(gone))]


def service_title(slug: str) -> str:
    """`older-people-s-bus-pass` -> `Older people's bus pass`."""
    return slug.replace("-s-", "'s-").replace("-", " ").capitalize()


def read(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file, values trimmed."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{name: " ".join(value.split()) for name, value in row.items()} for row in csv.DictReader(file)]


def write(path: Path, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    """Write these columns of the rows; a name ending in .gz is compressed, without a time in it."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    data = text.getvalue().encode()
    path.write_bytes(gzip.compress(data, 9, mtime=0) if path.suffix == ".gz" else data)


if __name__ == "__main__":
    main()
