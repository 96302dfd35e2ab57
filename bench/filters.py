"""Filters, order and counts over a million records on the hall's pages, beside Datasette's table page with facets.

Both have indexes on the same columns and draw 50 rows as HTML; values differ from request to request.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import time
from collections.abc import Callable

import httpx
from _hall import note, result
from _million import REGISTER, TABLE, hall, peer_database
from _servers import datasette, guildhall_serving, stop

TIMES = 40
P95_SECONDS = 0.150
# For whoever has a session a page is drawn, and none is taken that was kept.
AFRESH = {"Accept": "text/html", "Cookie": "sessionid=bench"}
FACETS = "&_facet=decision&_facet=kind&_facet=street"
STREETS = ["High Street", "Church Lane", "Station Road", "Mill Hill", "The Green", "Queen's Parade"]
KINDS = ["full", "outline", "reserved-matters", "listed-building"]
DECISIONS = ["granted", "refused", "withdrawn", "pending"]

Ask = Callable[[random.Random], tuple[str, str]]


def one_filter(rng: random.Random) -> tuple[str, str]:
    name, value = rng.choice(
        [
            ("decision", rng.choice(DECISIONS)),
            ("street", rng.choice(STREETS)),
            ("ward", f"E0900{rng.randrange(1000, 9999)}"),
            ("received", f"{rng.randrange(2015, 2024)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 28):02}"),
            ("house-number", str(rng.randrange(1, 250))),
        ]
    )
    asked = str(httpx.QueryParams({name: value}))
    return asked, asked


def two_filters_sorted(rng: random.Random) -> tuple[str, str]:
    number = rng.randrange(12)  # a street and a decision that go together
    asked = str(httpx.QueryParams({"street": STREETS[number % 6], "decision": DECISIONS[number % 4]}))
    column = rng.choice(["received", "house-number", "ward"])
    down = rng.random() < 0.5
    return f"{asked}&_sort={'-' if down else ''}{column}", f"{asked}&{'_sort_desc' if down else '_sort'}={column}"


def counts(rng: random.Random) -> tuple[str, str]:
    """The whole list with its counts, in some order."""
    column = rng.choice(["received", "house-number", "ward", "street", "decision"])
    down = rng.random() < 0.5
    return f"_sort={'-' if down else ''}{column}", f"{'_sort_desc' if down else '_sort'}={column}"


def seconds(client: httpx.Client, addresses: list[str]) -> list[float]:
    taken = []
    for address in addresses:
        started = time.perf_counter()
        client.get(address, headers=AFRESH).raise_for_status()
        taken.append(time.perf_counter() - started)
    return taken


def main() -> None:
    environment, database = hall(), peer_database()
    servers: list[subprocess.Popen[bytes]] = []
    try:
        ours, own = guildhall_serving(environment)
        servers.append(ours)
        theirs, peer = datasette(database)
        servers.append(theirs)
        with httpx.Client(timeout=60) as client:
            for name, ask in (
                ("one-filter", one_filter),
                ("two-filters-sorted", two_filters_sorted),
                ("counts", counts),
            ):
                rng = random.Random(name)  # noqa: S311 - the same questions each time
                asked = [ask(rng) for _ in range(TIMES)]
                mine = seconds(client, [f"{own}/registers/{REGISTER}/?{one}" for one, _ in asked])
                other = seconds(client, [f"{peer}/{database.stem}/{TABLE}?_size=50&{one}{FACETS}" for _, one in asked])
                p95 = statistics.quantiles(mine, n=20)[18]
                note(asked=name, ours_p50=statistics.median(mine), ours_p95=p95, peer_p50=statistics.median(other))
                result(f"filters-{name}", statistics.median(other), statistics.median(mine), ">=3")
                result(f"filters-{name}-p95", p95, P95_SECONDS, "<=1")
    finally:
        for server in servers:
            stop(server)


if __name__ == "__main__":
    main()
