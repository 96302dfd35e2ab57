"""`/api/v1/changes` with nothing new, asked by 1,000 followers at once, beside Datasette's smallest page of JSON.

That page, `/-/actor.json`, says who asks and reads no table; ours looks at each request whether anything was published.
"""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

import httpx
from _hall import fresh_hall, note, result
from _load import load
from _servers import datasette, guildhall_serving, stop

FOLLOWERS = 1_000
JSON = "application/json"


def main() -> None:
    with fresh_hall() as environment:
        server, own = guildhall_serving(environment)
        try:
            cursor = httpx.get(f"{own}/api/v1/changes").json()["cursor"]
            address = f"{own}/api/v1/changes?after={cursor}"
            answer = httpx.get(address)
            assert answer.json() == {"entries": [], "cursor": cursor}
            ours = load(address, JSON, connections=FOLLOWERS)
        finally:
            stop(server)
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "empty.sqlite3"
        sqlite3.connect(database).execute("CREATE TABLE empty (id)").connection.close()
        server, peer = datasette(database)
        try:
            theirs = load(f"{peer}/-/actor.json", JSON, connections=FOLLOWERS)
        finally:
            stop(server)
    note(followers=FOLLOWERS, ours=ours.rate, ours_p99=ours.p99, peer=theirs.rate, peer_p99=theirs.p99)
    result("changes-nothing-new", ours.rate, theirs.rate, ">=2")


if __name__ == "__main__":
    main()
