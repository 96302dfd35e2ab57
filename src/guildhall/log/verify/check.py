"""Checking one list: everything that its hall signed for, worked out again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count

from guildhall.log.bundles import HERE, BundledItem, BundleError
from guildhall.log.checkpoint import Checkpoint, CheckpointError, open_checkpoint
from guildhall.log.leaf import LeafError
from guildhall.log.merkle import EMPTY_ROOT
from guildhall.log.notes import VerifierKey
from guildhall.log.tiles import TreeWriter
from guildhall.log.verify.entries import are_plain, is_canonical, is_framed, read_leaf
from guildhall.log.verify.findings import Finding, shown
from guildhall.log.verify.known import Known
from guildhall.log.verify.missing import ERASURES, HOLDS, Missing
from guildhall.log.verify.sources import GoneError, NotThereError, Place, SourceError
from guildhall.log.verify.stream import ENTRIES, HASHES, ITEMS, in_order

_CHECKPOINT_SIZE = 64 * 1024

Progress = Callable[[str, int, int], None]  # list, changes checked, changes in all
Take = Callable[[str, bytes], None]  # key, item


class BrokenError(Exception):
    """The list cannot be checked further; the message is a problem."""


@dataclass
class Tree:
    """The tree over what is read, with its root at the size `seen` on the way."""

    seen: int
    seen_root: bytes = EMPTY_ROOT
    _writer: TreeWriter = field(default_factory=lambda: TreeWriter(0, lambda _level, _index: b""))

    def append(self, hashes: Sequence[bytes]) -> None:
        until_seen = self.seen - self._writer.size
        if 0 < until_seen <= len(hashes):
            self._writer.append(hashes[:until_seen])
            self.seen_root = self._writer.root()
            hashes = hashes[until_seen:]
        self._writer.append(hashes)

    @property
    def size(self) -> int:
        return self._writer.size

    def root(self) -> bytes:
        return self._writer.root()


@dataclass
class Check:
    """Checks the list at `place` into `finding`. `take` is given the key and item of each change that is as signed."""

    place: Place
    finding: Finding
    key: VerifierKey
    known: Known
    missing: Missing
    report: Progress
    take: Take | None = None
    _time: int = field(default=0, init=False)

    def run(self) -> None:
        """Raises SourceError when the list cannot be read, GoneError when nothing of it is shown any more."""
        try:
            checkpoint, remembered = read_checkpoint(self.place, self.key, self.known, self.finding)
            tree = Tree(remembered.size if remembered else 0)
            try:
                self._read_changes(checkpoint, tree)
            except GoneError:
                self.finding.retired = True
                tree = Tree(tree.seen)
                self._read_hashes(checkpoint, tree)
            self._compare_roots(checkpoint, remembered, tree)
        except BrokenError as error:
            self.finding.add(str(error))

    def _read_changes(self, checkpoint: Checkpoint, tree: Tree) -> None:
        try:
            for first, (leaves, items) in in_order(self.place, checkpoint.size, (ENTRIES, ITEMS)):
                tree.append(self._check_run(first, leaves, items))
                self.report(self.finding.path, tree.size, checkpoint.size)
        except (BundleError, NotThereError) as error:
            raise _cut_short(tree, checkpoint, error) from error

    def _read_hashes(self, checkpoint: Checkpoint, tree: Tree) -> None:
        """Of a retired list the changes are shown no more; its hashes must still be those that were signed."""
        try:
            for _, (hashes,) in in_order(self.place, checkpoint.size, (HASHES,)):
                tree.append(hashes)
        except (BundleError, NotThereError) as error:
            raise _cut_short(tree, checkpoint, error) from error

    def _check_run(self, first: int, leaves: list[bytes], items: list[BundledItem]) -> list[bytes]:
        """Check a run of changes. Returns their leaf hashes. Every change passes here, so it is kept lean."""
        hashes = []
        plain = are_plain([item for _, _, item in items])
        for number, leaf, (state, salt, item) in zip(count(first), leaves, items, strict=False):
            hashes.append(sha256(b"\x00" + leaf).digest())
            try:
                told, key, time, digest = read_leaf(leaf)
            except LeafError as error:
                self.finding.add(f"change {number:,} is not written as changes are: {error}.")
                continue
            if told != number or time < self._time:
                self._out_of_order(number, told, key)
            self._time = time
            if state != HERE:
                self._note_missing(number, state, key)
            elif sha256(salt + item).hexdigest() != digest:
                self.finding.add(f"the values of change {number:,} (key {shown(key)}) are not those that were signed.")
            elif not (plain and is_framed(item)) and not is_canonical(item):
                self.finding.add(f"the values of change {number:,} (key {shown(key)}) are not in canonical form.")
            elif self.take:
                self.take(key, item)
        return hashes

    def _out_of_order(self, number: int, told: int, key: str) -> None:
        if told != number:
            self.finding.add(f"change {number:,} (key {shown(key)}) bears the number {told:,}.")
        else:
            self.finding.add(f"change {number:,} (key {shown(key)}) bears an earlier time than the one before it.")

    def _note_missing(self, number: int, state: int, key: str) -> None:
        if self.finding.path in {ERASURES, HOLDS}:
            self.finding.add(f"the values of change {number:,} (key {shown(key)}) are missing, which cannot be here.")
        else:
            self.missing.add(self.finding.path, number, state, key)

    def _compare_roots(self, checkpoint: Checkpoint, remembered: Checkpoint | None, tree: Tree) -> None:
        if tree.root() != checkpoint.root:
            raise BrokenError(
                "its hashes are not those that were signed." if self.finding.retired else self._locate(checkpoint)
            )
        if remembered is not None and tree.seen_root != remembered.root:
            raise BrokenError(forked(remembered))
        self.known.logs[checkpoint.origin] = self.finding.checkpoint

    def _locate(self, checkpoint: Checkpoint) -> str:
        """Which change is not the one that was signed, told by the stored hashes if these are as signed."""
        tree, found = Tree(0), ""
        try:
            for first, (hashes, leaves) in in_order(self.place, checkpoint.size, (HASHES, ENTRIES)):
                tree.append(hashes)
                for number, leaf, wanted in zip(count(first), leaves, hashes, strict=False):
                    if not found and sha256(b"\x00" + leaf).digest() != wanted:
                        found = f"change {number:,} ({_key_of(leaf)}) is not the one that was signed."
        except (BundleError, SourceError):
            found = ""
        if found and tree.root() == checkpoint.root:
            return found
        return (
            f"its {checkpoint.size:,} changes together are not those that were signed. "
            "Its stored hashes are not either, so it cannot be told which change is wrong."
        )


def read_checkpoint(
    place: Place, key: VerifierKey, known: Known, finding: Finding
) -> tuple[Checkpoint, Checkpoint | None]:
    """The list's signed checkpoint, and the one remembered. Raises SourceError; BrokenError if it was rolled back."""
    log = f"{key.name}/registers/{finding.path}"
    remembered = known.checkpoint(log)
    try:
        text = place.read("checkpoint", _CHECKPOINT_SIZE).decode()
        checkpoint = open_checkpoint(text, key.named(log))
    except NotThereError as error:
        if remembered is None:
            raise
        raise BrokenError(f"it is gone. When it was seen last it had {remembered.size:,} changes.") from error
    except (UnicodeDecodeError, CheckpointError) as error:
        raise BrokenError(f"its checkpoint does not hold. {error}") from error
    finding.checkpoint, finding.size = text, checkpoint.size
    if remembered is not None:
        finding.seen = remembered.size
        if checkpoint.size < remembered.size:
            raise BrokenError(
                f"it was rolled back: it had {remembered.size:,} changes when it was seen last, "
                f"and has {checkpoint.size:,} now."
            )
    return checkpoint, remembered


def forked(remembered: Checkpoint) -> str:
    return (
        f"its past was changed: its first {remembered.size:,} changes are not those "
        "that were signed when it was seen last."
    )


def _cut_short(tree: Tree, checkpoint: Checkpoint, error: Exception) -> BrokenError:
    what = str(error) if isinstance(error, SourceError) else f"The file is damaged: {error}."
    return BrokenError(
        f"of the {checkpoint.size:,} changes that are signed for, change {tree.size + 1:,} cannot be read. {what}"
    )


def _key_of(leaf: bytes) -> str:
    try:
        return f"key {shown(read_leaf(leaf)[1])}"
    except LeafError:
        return "key unreadable"
