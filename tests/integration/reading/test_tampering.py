"""Whatever is changed in the database behind the hall's back, what auditors read still shows where."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from guildhall.log.bundles import decode_entries, decode_items
from guildhall.log.leaf import LeafError, item_hash, parse_leaf
from guildhall.registers.models import Register
from integration.registers.makers import many, plant, tree_register

pytestmark = pytest.mark.usefixtures("hall")

BASE = "/registers/ambridge/tree/tile"
AT = 300  # the change that is tampered with, in the second bundle


@pytest.fixture
def register(hall: None) -> Register:
    register = tree_register()
    plant(register, many(600))
    return register


def tamper(register: Register, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} WHERE register_id = %s AND number = %s", [register.pk, AT])


def wrong(client: Client) -> list[int]:
    """The numbers of the changes of the second bundle that are not as they were published."""
    entries = decode_entries(client.get(f"{BASE}/entries/001").content, 256)
    items = decode_items(client.get(f"{BASE}/items/001").content, 256)
    found = []
    for number, (leaf, (_, salt, item)) in enumerate(zip(entries, items, strict=True), 257):
        try:
            told = parse_leaf(leaf)
        except LeafError:
            found.append(number)
            continue
        if told.number != number or item_hash(salt, item) != told.digest:
            found.append(number)
    return found


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM registers_entry",
        "UPDATE registers_entry SET time = -99999999999999",
        "UPDATE registers_entry SET key = ''",
        "UPDATE registers_entry SET item_hash = salt",
        "UPDATE registers_entry SET salt = item_hash",
        "UPDATE registers_entry SET item = salt",
    ],
)
def test_change_that_was_tampered_with_is_the_only_one_that_is_wrong(
    register: Register, client: Client, statement: str
) -> None:
    assert wrong(client) == []
    tamper(register, statement)
    assert wrong(client) == [AT]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps each column to its type and length")
@pytest.mark.parametrize(
    "values",
    [
        "key = printf('%.100000c', 'x')",
        "key = x'ff00'",
        "time = 'yesterday'",
        "item_hash = 5",
        "salt = 'text'",
        "item = 5",
        "item = CAST(item AS TEXT) || ' '",
        "item = zeroblob(100000)",
    ],
)
def test_change_made_to_what_no_entry_can_hold_is_the_only_one_that_is_wrong(
    register: Register, client: Client, values: str
) -> None:
    tamper(register, f"UPDATE registers_entry SET {values}")  # noqa: S608 - the values above
    assert wrong(client) == [AT]
