"""Counts are not waited for, and what is published is: in the same connection, one after the other."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from guildhall.kit.limits import Limit
from guildhall.kit.models import Attempts
from guildhall.kit.unhurried import unhurried

pytestmark = pytest.mark.django_db(transaction=True)


def waits() -> bool:
    """Whether a commit now waits for the disk."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            return bool(cursor.fetchone()[0] == 2)
        cursor.execute("SHOW synchronous_commit")
        return bool(cursor.fetchone()[0] != "off")


@pytest.fixture(autouse=True)
def _durable(db: None) -> None:
    if connection.vendor == "postgresql":  # the test server does without, to be quick
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO on")


def test_unhurried_writes_do_not_wait_and_those_after_them_do() -> None:
    assert waits()
    with unhurried():
        assert not waits()
    assert waits()


def test_unhurried_within_a_transaction_leaves_it_as_durable_as_it_was() -> None:
    with transaction.atomic(), unhurried():
        assert waits()


def test_failed_unhurried_write_is_undone_and_waits_again() -> None:
    def fail() -> None:
        Attempts.objects.create(name="x", period=1, count=1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), unhurried():
        fail()
    assert waits()
    assert not Attempts.objects.exists()


def test_tries_are_counted_one_by_one() -> None:
    limit = Limit("test", most=3, seconds=60)
    for _ in range(3):
        limit.count("someone", now=30)
    limit.count("someone else", now=30)
    assert sorted(Attempts.objects.values_list("count", "period")) == [(1, 60), (3, 60)]
