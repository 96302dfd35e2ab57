"""A record as JSON and a page of 50 rows of a list of a million, under load, beside Datasette's pages of the same rows.

All ask the same address, as when a list is in the news: the hall keeps a page for some seconds, Datasette does not. So
the page is asked for once more by people with a session, for whom it is drawn each time.
"""

from __future__ import annotations

from _hall import note, result
from _load import Load, load
from _million import REGISTER, TABLE, hall, peer_database
from _servers import datasette, guildhall_serving, stop

CONNECTIONS = 50
PAGE_P99_SECONDS = 0.060
# For whoever has a session a page is drawn, and none is taken that was kept.
SESSION = "sessionid=bench"
KEY = "2017/250000/FUL"


def main() -> None:
    environment, database = hall(), peer_database()
    own_key, peer_key = KEY.replace("/", "~1"), KEY.replace("/", "~2F")
    asked = {
        "record-json": (
            "application/json",
            "",
            f"/registers/{REGISTER}/records/{own_key}.json",
            f"/{TABLE}/{peer_key}.json",
        ),
        "list-page": ("text/html", "", f"/registers/{REGISTER}/", f"/{TABLE}?_size=50"),
        "list-page-afresh": ("text/html", SESSION, f"/registers/{REGISTER}/", f"/{TABLE}?_size=50"),
    }
    found: dict[str, list[Load]] = {}
    ours, own = guildhall_serving(environment)
    try:
        for name, (accept, cookie, path, _) in asked.items():
            found[name] = [load(own + path, accept, connections=CONNECTIONS, cookie=cookie)]
    finally:
        stop(ours)
    theirs, peer = datasette(database)
    try:
        for name, (accept, cookie, _, path) in asked.items():
            address = f"{peer}/{database.stem}{path}"
            found[name].append(load(address, accept, connections=CONNECTIONS, cookie=cookie))
    finally:
        stop(theirs)
    for name, (mine, other) in found.items():
        note(asked=name, ours=mine.rate, ours_p99=mine.p99, peer=other.rate, peer_p99=other.p99)
    result("pages-record-json", found["record-json"][0].rate, found["record-json"][1].rate, ">=2.5")
    result("pages-record-json-p99", found["record-json"][0].p99, found["record-json"][1].p99, "<=1")
    result("pages-list-page", found["list-page"][0].rate, found["list-page"][1].rate, ">=2")
    result("pages-list-page-afresh", found["list-page-afresh"][0].rate, found["list-page-afresh"][1].rate, ">=2")
    result("pages-list-page-p99", found["list-page"][0].p99, PAGE_P99_SECONDS, "<=1")


if __name__ == "__main__":
    main()
