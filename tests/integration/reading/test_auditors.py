"""The files that auditors read: bytes, bounds, headers, and that no more is asked of the database than needs be."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guildhall.log.bundles import decode_entries, decode_items
from guildhall.log.checkpoint import open_checkpoint
from guildhall.log.leaf import item_hash, parse_leaf
from guildhall.log.merkle import leaf_hash, root_of
from guildhall.log.notes import VerifierKey
from guildhall.log.tiles import split_hashes
from guildhall.registers.models import Entry, Register
from guildhall.registers.queries import registers
from integration.registers.makers import many, plant, tree_register

pytestmark = pytest.mark.usefixtures("hall")

BASE = "/registers/ambridge/tree/"
SIZE = 600
FOR_EVER = "public, max-age=31536000, immutable"


@pytest.fixture
def register(hall: None) -> Register:
    register = tree_register()
    plant(register, many(SIZE))
    return registers.register(register.path)


def content(client: Client, path: str) -> bytes:
    response = client.get(BASE + path)
    assert response.status_code == 200, path
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    return response.content


def test_checkpoint_is_signed_by_the_key_that_is_shown(register: Register, client: Client) -> None:
    response = client.get(f"{BASE}checkpoint")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=2"
    keys = client.get("/log-keys")
    assert keys.headers["Content-Type"] == "text/plain; charset=utf-8"
    key = VerifierKey.parse(keys.content.decode().splitlines()[0])
    assert key.name == "hall.example"
    told = open_checkpoint(response.content.decode(), key.named(f"{key.name}/registers/ambridge/tree"))
    assert (told.size, told.root) == (SIZE, bytes(register.head.root))


def test_bundles_and_tiles_give_the_root(register: Register, client: Client) -> None:
    leaves: list[bytes] = []
    hashes: list[bytes] = []
    for path, width in (("000", 256), ("001", 256), (f"002.p/{SIZE - 512}", SIZE - 512)):
        entries = decode_entries(content(client, f"tile/entries/{path}"), width)
        items = decode_items(content(client, f"tile/items/{path}"), width)
        for leaf, (state, salt, item) in zip(entries, items, strict=True):
            assert (state, item_hash(salt, item)) == (0, parse_leaf(leaf).digest)
        leaves += [leaf_hash(leaf) for leaf in entries]
        hashes += split_hashes(content(client, f"tile/0/{path}"))
    assert leaves == hashes
    assert root_of(leaves) == bytes(register.head.root)
    above = split_hashes(content(client, "tile/1/000.p/2"))
    assert above == [root_of(leaves[:256]), root_of(leaves[256:512])]


@pytest.mark.parametrize("kind", ["entries", "items", "0"])
@pytest.mark.parametrize("width", [1, 5, 87, 88])
def test_every_width_up_to_the_head_is_given(register: Register, client: Client, kind: str, width: int) -> None:
    assert content(client, f"tile/{kind}/002.p/88").startswith(content(client, f"tile/{kind}/002.p/{width}"))
    assert content(client, f"tile/{kind}/000").startswith(content(client, f"tile/{kind}/000.p/{width}"))


@pytest.mark.parametrize(
    "path",
    [
        "tile/entries/002",
        "tile/entries/002.p/89",
        "tile/entries/003.p/1",
        "tile/items/002",
        "tile/items/x001/000",
        "tile/0/002",
        "tile/0/002.p/89",
        "tile/1/000",
        "tile/1/000.p/3",
        "tile/2/000.p/1",
        "tile/0/000.p/256",
        "tile/0/000.p/0",
        "tile/0/0",
        "tile/0/x000/001",
        "tile/9/000",
        "tile/none/000",
        "tile/0/000/",
        "tile/0/x999/x999/x999/x999/x999/999",
    ],
)
def test_what_lies_beyond_the_head_is_not_there(register: Register, client: Client, path: str) -> None:
    response = client.get(BASE + path)
    assert (response.status_code, response.headers["Content-Type"]) == (404, "application/problem+json")


def test_what_is_staged_is_not_shown(register: Register, client: Client) -> None:
    Entry.objects.create(
        register=register, number=SIZE + 1, key="T", time=1, item_hash=bytes(32), salt=bytes(16), item=b"{}"
    )
    assert client.get(f"{BASE}tile/entries/002.p/89").status_code == 404
    assert client.get(f"{BASE}entries/{SIZE + 1}").status_code == 404


@pytest.mark.parametrize(
    ("path", "caching"),
    [
        ("tile/entries/000", FOR_EVER),
        ("tile/0/001", FOR_EVER),
        ("tile/entries/002.p/88", "public, max-age=3600"),
        ("tile/0/002.p/88", "public, max-age=3600"),
        ("tile/items/000", "no-cache"),
        ("tile/items/002.p/88", "no-cache"),
    ],
)
def test_only_what_never_changes_is_kept_for_ever(register: Register, client: Client, path: str, caching: str) -> None:
    assert client.get(BASE + path).headers["Cache-Control"] == caching


def test_items_are_asked_for_again_by_their_bytes(register: Register, client: Client) -> None:
    first = client.get(f"{BASE}tile/items/000")
    tag = first.headers["ETag"]
    assert tag == f'"{sha256(first.content).hexdigest()[:32]}"'
    assert client.get(f"{BASE}tile/items/000", headers={"if-none-match": tag}).status_code == 304
    Entry.objects.filter(register=register, number=7).update(item=b'{"tree":"forged"}')
    assert client.get(f"{BASE}tile/items/000", headers={"if-none-match": tag}).status_code == 200


def test_file_of_an_unknown_list_is_not_there(client: Client) -> None:
    for path in ("checkpoint", "tile/entries/000", "tile/0/000.p/1"):
        response = client.get(f"/registers/ambridge/none/{path}")
        assert (response.status_code, response.json()["title"]) == (404, "No such list")


def test_empty_list_has_a_checkpoint_and_no_files(client: Client) -> None:
    tree_register()
    assert re.match(r"hall\.example/registers/ambridge/tree\n0\n", client.get(f"{BASE}checkpoint").content.decode())
    assert client.get(f"{BASE}tile/entries/000.p/1").status_code == 404


@pytest.mark.parametrize(
    ("path", "queries"), [("checkpoint", 1), ("tile/entries/000", 2), ("tile/items/000", 2), ("tile/0/000", 2)]
)
def test_file_takes_few_queries(
    register: Register, client: Client, django_assert_num_queries: DjangoAssertNumQueries, path: str, queries: int
) -> None:
    with django_assert_num_queries(queries):
        client.get(BASE + path)
