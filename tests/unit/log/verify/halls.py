"""A small hall made of files, as a hall would serve them, for the auditor's program to check."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from guildhall.log.bundles import HERE, BundledItem, encode_entries, encode_items
from guildhall.log.canonical import canonical_json
from guildhall.log.checkpoint import Checkpoint, sign_checkpoint
from guildhall.log.leaf import entry_leaf, item_hash
from guildhall.log.merkle import leaf_hash
from guildhall.log.notes import Signer
from guildhall.log.tiles import TILE_WIDTH, TreeWriter, bundle_path, tile_path

ORIGIN = "hall.example.org"
SEED = bytes(range(32))
START = 1_700_000_000


@dataclass
class FileList:
    """One list, kept in memory as entries and items and written as files."""

    path: str
    entries: list[bytes] = field(default_factory=list)
    items: list[BundledItem] = field(default_factory=list)
    seed: bytes = SEED
    origin: str = ORIGIN

    def add(self, key: str, /, *, time: int = START, **values: Any) -> int:
        """Returns the change's number."""
        number = len(self.entries) + 1
        item = canonical_json({name.replace("_", "-"): value for name, value in values.items()})
        salt = sha256(f"{self.path} {number}".encode()).digest()[:16]
        self.entries.append(entry_leaf(number, key, time, item_hash(salt, item)))
        self.items.append((HERE, salt, item))
        return number

    def remove(self, number: int, state: int) -> None:
        self.items[number - 1] = (state, b"", b"")

    @property
    def log(self) -> str:
        return f"{self.origin}/registers/{self.path}"

    def write(self, hall: Path) -> Path:
        """Write what a hall serves of the list now. Returns its folder."""
        folder = hall / "registers" / self.path
        tree = TreeWriter(0, lambda _level, _index: b"")
        for (level, index), hashes in tree.append(leaf_hashes(self)).items():
            _write(folder / tile_path(level, index, len(hashes) // 32), hashes)
        for start in range(0, len(self.entries), TILE_WIDTH):
            leaves, items = self.entries[start : start + TILE_WIDTH], self.items[start : start + TILE_WIDTH]
            index = start // TILE_WIDTH
            _write(folder / bundle_path("entries", index, len(leaves)), encode_entries(leaves))
            _write(folder / bundle_path("items", index, len(items)), encode_items(items))
        note = sign_checkpoint(Signer(self.log, self.seed), Checkpoint(self.log, tree.size, tree.root()))
        _write(folder / "checkpoint", note.encode())
        return folder


def trees(path: str = "ambridge/tree", count: int = 300) -> FileList:
    """A list of `count` changes: trees T1, T2 and so on are added, and at last T1 is changed."""
    made = FileList(path)
    for number in range(1, count):
        made.add(f"T{number}", tree=f"T{number}", species="oak")
    if count:
        made.add("T1", time=START + 60, tree="T1", species="elm", streets=["High Street", "Church Lane"])
    return made


def leaf_hashes(one: FileList) -> list[bytes]:
    return [leaf_hash(leaf) for leaf in one.entries]


def write_hall(hall: Path, *lists: FileList, seed: bytes = SEED) -> Path:
    """Write these lists and the key. Returns the hall's folder."""
    for one in lists:
        one.write(hall)
    _write(hall / "log-keys", f"{Signer(ORIGIN, seed).verifier_key.format()}\n".encode())
    return hall


def key_line(seed: bytes = SEED, name: str = ORIGIN) -> str:
    return Signer(name, seed).verifier_key.format()


def listing(*paths: str, following: str | None = None) -> bytes:
    """A page of a hall's list of lists."""
    return json.dumps({"total": len(paths), "results": [{"path": path} for path in paths], "next": following}).encode()


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
