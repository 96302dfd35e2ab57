"""Checking one record by its proof, without reading the list."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from json.encoder import encode_basestring
from typing import Any
from urllib.parse import quote

from guildhall.log.bundles import HERE, BundleError
from guildhall.log.checkpoint import Checkpoint
from guildhall.log.leaf import (
    EntryLeaf,
    LeafError,
    check_key,
    entry_leaf,
    format_time,
    from_multihash,
    item_hash,
    multihash,
    parse_leaf,
    parse_time,
)
from guildhall.log.merkle import leaf_hash
from guildhall.log.notes import VerifierKey
from guildhall.log.proofs import ProofError, verify_consistency, verify_inclusion
from guildhall.log.segments import encode_segment
from guildhall.log.tiles import (
    HASH_SIZE,
    TILE_WIDTH,
    TileError,
    consistency_proof,
    inclusion_proof,
    tile_path,
)
from guildhall.log.verify.check import BrokenError, Progress, forked, read_checkpoint
from guildhall.log.verify.entries import is_canonical
from guildhall.log.verify.findings import Change, Finding, shown
from guildhall.log.verify.known import Known
from guildhall.log.verify.missing import Missing
from guildhall.log.verify.sources import NotThereError, Place, SourceError
from guildhall.log.verify.stream import ENTRIES, ITEMS, in_order, part_of

_HISTORY_SIZE = 8 * 1024 * 1024
_PROOF_SIZE = 64 * 1024
_COPY, _COPY_SIZE = "copy.json", 16 * 1024 * 1024


@dataclass
class RecordCheck:
    """Checks the latest change of `record` in the list at `place` into `finding`."""

    place: Place
    finding: Finding
    key: VerifierKey
    known: Known
    missing: Missing
    report: Progress
    record: str
    _answers: bool = field(default=False, init=False)  # the place is a hall, which finds and proves what it is asked

    def run(self) -> None:
        """Raises SourceError when it cannot be read."""
        try:
            checkpoint, remembered = read_checkpoint(self.place, self.key, self.known, self.finding)
            if remembered is not None:
                self._compare_past(checkpoint, remembered)
            self.known.logs[checkpoint.origin] = self.finding.checkpoint
            entry = self._entry(checkpoint)
            self.finding.record = Change(entry.number, entry.key, format_time(entry.time))
            self._check_place(entry, checkpoint)
            self._check_values(entry, checkpoint)
        except BrokenError as error:
            self.finding.add(str(error))

    def _compare_past(self, checkpoint: Checkpoint, remembered: Checkpoint) -> None:
        try:
            proof = consistency_proof(remembered.size, checkpoint.size, self._tiles(checkpoint.size))
            verify_consistency(remembered.size, checkpoint.size, proof, remembered.root, checkpoint.root)
        except (ProofError, TileError) as error:
            raise BrokenError(forked(remembered)) from error

    def _entry(self, checkpoint: Checkpoint) -> EntryLeaf:
        """The record's latest change: the hall is asked, and where there is nobody to ask it is looked for."""
        if self.place.is_live:
            try:
                entry = self._live_entry(checkpoint)
            except NotThereError:
                if not self._is_copy():
                    raise
            else:
                self._answers = True
                return entry
        return self._kept_entry(checkpoint)

    def _is_copy(self) -> bool:
        """Whether a static copy is what an address serves: it has a file that no hall answers with."""
        try:
            self.place.read(_COPY, _COPY_SIZE)
        except SourceError:
            return False
        return True

    def _live_entry(self, checkpoint: Checkpoint) -> EntryLeaf:
        segment = quote(encode_segment(self.record), safe="~")
        try:
            told = self._json(f"records/{segment}/entries", _HISTORY_SIZE)
        except NotThereError:
            raise NotThereError(f"There is no record {shown(self.record)} at {self.place.address}.") from None
        try:
            entries = [_entry(one) for one in told]
        except (LookupError, TypeError, ValueError) as error:
            raise BrokenError(f"it tells the changes of {shown(self.record)} in a form that is none.") from error
        # Of changes published since the checkpoint was read nothing can be shown yet.
        within = [entry for entry in entries if entry.number <= checkpoint.size]
        if not within or any(entry.key != self.record for entry in within):
            raise BrokenError(f"it gives no change of {shown(self.record)} among those that are signed for.")
        return max(within, key=lambda entry: entry.number)

    def _kept_entry(self, checkpoint: Checkpoint) -> EntryLeaf:
        """In a folder or static copy there is nobody to ask: the latest entry that bears the key."""
        end = f',"key":{encode_basestring(self.record)}}}'.encode()
        found = None
        try:
            for first, (leaves,) in in_order(self.place, checkpoint.size, (ENTRIES,)):
                found = next((leaf for leaf in reversed(leaves) if leaf.endswith(end)), found)
                self.report(self.finding.path, first, checkpoint.size)
            if found is None:
                raise NotThereError(f"There is no record {shown(self.record)} in {self.place.address}.")
            return parse_leaf(found)
        except (BundleError, LeafError) as error:
            raise BrokenError(f"its changes cannot be read: {error}.") from error

    def _check_place(self, entry: EntryLeaf, checkpoint: Checkpoint) -> None:
        """That this entry stands at its number among those that were signed."""
        leaf = leaf_hash(entry_leaf(entry.number, entry.key, entry.time, entry.digest))
        try:
            path = self._audit_path(entry.number, checkpoint.size)
            verify_inclusion(entry.number - 1, checkpoint.size, leaf, path, checkpoint.root)
        except (ProofError, TileError) as error:
            raise BrokenError(f"{self._change(entry)} is not the one that was signed. {error}") from error

    def _audit_path(self, number: int, size: int) -> list[bytes]:
        if not self._answers:
            return inclusion_proof(number - 1, size, self._tiles(size))
        told = self._json(f"proofs/entry/{number}/{size}", _PROOF_SIZE)
        try:
            return [_step(text) for text in told["audit-path"]]
        except (LookupError, TypeError, ValueError) as error:
            raise ProofError("The proof is not written as one.") from error

    def _check_values(self, entry: EntryLeaf, checkpoint: Checkpoint) -> None:
        try:
            state, salt, item = part_of(self.place, ITEMS, entry.number, checkpoint.size)
        except BundleError as error:
            raise BrokenError(f"the values of {self._change(entry)} cannot be read: {error}.") from error
        if state != HERE:
            self.missing.add(self.finding.path, entry.number, state, entry.key)
        elif item_hash(salt, item) != entry.digest:
            raise BrokenError(f"the values of {self._change(entry)} are not those that were signed.")
        elif not is_canonical(item):
            raise BrokenError(f"the values of {self._change(entry)} are not in canonical form.")

    def _change(self, entry: EntryLeaf) -> str:
        return f"change {entry.number:,} (key {shown(entry.key)})"

    def _tiles(self, size: int) -> Any:
        """Reads the tiles of the tree of `size`, as long as they were then."""

        def read(level: int, index: int) -> bytes:
            width = min(TILE_WIDTH, (size >> (8 * level)) - index * TILE_WIDTH)
            try:
                return self.place.read(tile_path(level, index, width), TILE_WIDTH * HASH_SIZE)
            except NotThereError:
                if width == TILE_WIDTH:
                    raise
                return self.place.read(tile_path(level, index, TILE_WIDTH), TILE_WIDTH * HASH_SIZE)

        return read

    def _json(self, path: str, limit: int) -> Any:
        try:
            return json.loads(self.place.read(path, limit))
        except (ValueError, RecursionError) as error:
            raise BrokenError(f"{self.place.address}{path} does not answer in JSON.") from error


def _step(text: str) -> bytes:
    """A hash of a proof, as a multihash or plain."""
    return from_multihash(text if len(text) != HASH_SIZE * 2 else multihash(bytes.fromhex(text)))


def _entry(told: dict[str, Any]) -> EntryLeaf:
    """An entry as the read API tells it."""
    number, key = told["entry-number"], told["key"]
    check_key(key)
    if type(number) is not int or number < 1:
        raise ValueError("an entry's number is a whole number from 1")
    return EntryLeaf(number, key, parse_time(told["entry-timestamp"]), from_multihash(told["blob-hash"]))
