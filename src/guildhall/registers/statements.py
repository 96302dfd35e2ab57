"""Statements that nearly every page asks: putting one together can take ten times as long as answering it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection


def fetch(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a statement, whose parameters stand in it as `%s`."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def marks(values: Sequence[Any]) -> str:
    """Places for so many parameters, to stand within brackets."""
    return ", ".join("%s" for _ in values)
