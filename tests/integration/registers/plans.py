"""How a database carries out what a function asks of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

LARGE = ("registers_entry", "registers_publication", "registers_value")


@contextmanager
def explained() -> Iterator[list[tuple[str, str]]]:
    """Every SELECT of the block with its plan, as at a million rows: no scan looks cheap for a table being small."""
    plans: list[tuple[str, str]] = []

    def explain(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:  # noqa: FBT001
        if sql.lstrip().startswith("SELECT") and not many:
            keyword = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
            rows = execute(f"{keyword} {sql}", params, many, context)
            found = (rows or context["cursor"]).fetchall()
            plans.append((sql, "\n".join(str(row[-1]) for row in found)))
        return execute(sql, params, many, context)

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    with connection.execute_wrapper(explain):
        yield plans


def assert_no_scan(plans: list[tuple[str, str]]) -> None:
    """No large table is read from end to end."""
    assert plans
    for sql, plan in plans:
        for table in LARGE:
            scans = rf"Seq Scan on {table}\b" if connection.vendor == "postgresql" else rf"SCAN {table}\b"
            assert not re.search(scans, plan), f"{sql}\n{plan}"
