from __future__ import annotations

import time

import pytest
from django.db import OperationalError, connection, transaction

from guildhall.kit.bounded import TooLongError, bounded

pytestmark = pytest.mark.django_db(transaction=True)

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT max(i) FROM n"


def run(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def test_bounded_stops_what_takes_too_long() -> None:
    started = time.monotonic()
    with pytest.raises(TooLongError) as caught, bounded(0.2, remedy="Ask for less."):
        run(ENDLESS)
    assert time.monotonic() - started < 2
    assert "0.2 seconds" in caught.value.problem
    assert caught.value.remedy == "Ask for less."
    assert run("SELECT 1") == 1


def wait_and_run(seconds: float, sql: str) -> object:
    time.sleep(seconds)
    return run(sql)


def test_bounded_stops_many_quick_statements() -> None:
    done: list[object] = []
    with pytest.raises(TooLongError), bounded(0.2):
        done.extend(run("SELECT 1") for _ in range(1_000_000))
    assert 0 < len(done) < 1_000_000


def test_bounded_stops_what_begins_when_the_time_is_up() -> None:
    with pytest.raises(TooLongError), bounded(0.1):
        wait_and_run(0.2, ENDLESS)


def test_bounded_leaves_what_is_quick_and_other_errors() -> None:
    with bounded(5):
        assert run("SELECT 2") == 2
    with pytest.raises(OperationalError if connection.vendor == "sqlite" else Exception), bounded(5):
        run("SELECT nothing FROM nowhere")
    assert run("SELECT 3") == 3


def fail_late() -> None:
    time.sleep(0.1)
    raise OperationalError("no space is left")


def test_bounded_leaves_an_error_that_comes_late_as_it_is() -> None:
    with pytest.raises(OperationalError, match="no space is left"), bounded(0.05):
        fail_late()


def test_bounded_in_a_longer_bound_stops_first() -> None:
    with bounded(5):
        with pytest.raises(TooLongError, match=r"0\.1 seconds"), bounded(0.1):
            run(ENDLESS)
        assert run("SELECT 1") == 1


def run_twice(sql: str) -> None:
    with bounded(30):
        assert run("SELECT 1") == 1
    run(sql)


def test_bounded_in_a_shorter_bound_ends_with_it() -> None:
    started = time.monotonic()
    with pytest.raises(TooLongError, match=r"0\.2 seconds"), bounded(0.2):
        run_twice(ENDLESS)
    with pytest.raises(TooLongError, match=r"0\.2 seconds"), bounded(0.2), bounded(30):
        run(ENDLESS)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("before", ["0", "1500ms", "1min"])
def test_bounded_leaves_the_bound_that_a_transaction_had(before: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("a setting of PostgreSQL")
    with transaction.atomic():
        run(f"SELECT set_config('statement_timeout', '{before}', true)")
        with bounded(2):
            assert run("SHOW statement_timeout") == ("1500ms" if before == "1500ms" else "2s")
        assert run("SHOW statement_timeout") == before
        with pytest.raises(TooLongError), bounded(0.1):
            run(ENDLESS)
        assert run("SHOW statement_timeout") == before
    assert run("SHOW statement_timeout") == "0"
