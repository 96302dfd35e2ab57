from __future__ import annotations

import pytest
from django.db import OperationalError, connection

from guildhall.kit.bounded import TooSlowError, bounded

pytestmark = pytest.mark.django_db(transaction=True)

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT max(i) FROM n"


def run(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def test_bounded_stops_what_takes_too_long() -> None:
    with pytest.raises(TooSlowError) as caught, bounded(0.2, remedy="Ask for less."):
        run(ENDLESS)
    assert "0.2 seconds" in caught.value.problem
    assert caught.value.remedy == "Ask for less."
    assert run("SELECT 1") == 1


def test_bounded_leaves_what_is_quick_and_other_errors() -> None:
    with bounded(5):
        assert run("SELECT 2") == 2
    with pytest.raises(OperationalError if connection.vendor == "sqlite" else Exception), bounded(5):
        run("SELECT nothing FROM nowhere")
    assert run("SELECT 3") == 3
