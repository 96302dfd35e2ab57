"""What stops a publication before anything is signed: a list that is closed, passed on, or altered behind our back."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from guildhall.log.bundles import HERE
from guildhall.log.checkpoint import Checkpoint, CheckpointError, open_checkpoint
from guildhall.log.tiles import TileError, TreeWriter
from guildhall.registers import identity
from guildhall.registers.errors import AlteredLogError, HiddenRecordsError, KeeperChangedError, RegisterClosedError
from guildhall.registers.hiding import states
from guildhall.registers.models import Entry, Register, RegisterHead
from guildhall.registers.stage import StoredTiles
from guildhall.registers.statements import fetch

_KEEPER = "SELECT keeper_id, end_date FROM registers_register WHERE id = %s"
_LOCK = {"postgresql": " FOR NO KEY UPDATE"}  # SQLite's transactions lock everything
# So many keys are named in an error.
_NAMED = 5


def refuse_closed(register: Register) -> None:
    """Raises RegisterClosedError."""
    _refuse_ended(register.path, register.end_date)


def _refuse_ended(path: str, end_date: str) -> None:
    if end_date:
        raise RegisterClosedError(
            f"The list {path} was closed on {end_date}.", "Publish to the list that took its place."
        )


def refuse_new_keeper(register: Register) -> None:
    """Raises KeeperChangedError, RegisterClosedError."""
    # Locked until the end of the transaction: a change of keeper is before this publication or after it.
    keeper_id, end_date = fetch(_KEEPER + _LOCK.get(connection.vendor, ""), [register.pk])[0]
    if keeper_id != register.keeper_id:
        raise KeeperChangedError(
            f"{register.path} passed to another keeper while this was being published, so nothing was published.",
            "Ask the new keeper.",
        )
    _refuse_ended(register.path, end_date)


def refuse_altered(register: Register, head: RegisterHead) -> TreeWriter:
    """Check that what the next checkpoint will go on from is what the last one signed, with the same key.

    Were it not, the new one would contradict the old, for ever and for every auditor. Returns the tree that was
    checked. Raises AlteredLogError.
    """
    key = identity.signer(register.path).verifier_key
    try:
        signed = open_checkpoint(head.checkpoint, key)
        tree = TreeWriter(head.size, StoredTiles(register.pk))
        stored = Checkpoint(key.name, head.size, tree.root())
    except (CheckpointError, TileError) as error:
        raise _altered(register, f" {error}") from error
    if signed != stored or stored.root != bytes(head.root):
        raise _altered(register)
    return tree


def refuse_hidden(register: Register, keys: Sequence[str]) -> None:
    """Raises HiddenRecordsError if there are any: they were erased or are held, and rows would bring them back."""
    if keys:
        some = ", ".join(keys[:_NAMED]) + (" …" if len(keys) > _NAMED else "")
        raise HiddenRecordsError(
            f"{len(keys):,} records of {register.path} were erased or are held back, and would be published again: "
            f"{some}.",
            "Leave them out, or confirm that they may be published: guildhall publish --replace-erased.",
        )


def refuse_superseding_hidden(register: Register, old: int, new: int) -> None:
    """The same of what was hidden while a publication of the entries after `old` up to `new` was being made."""
    hidden = states.fresh(register.pk)
    before = Entry.objects.filter(register=register, superseded_by__gt=old, superseded_by__lte=new)
    rows = before.order_by("number").values_list("number", "key")
    refuse_hidden(register, [key for number, key in rows.iterator() if hidden.state(number) != HERE])


def _altered(register: Register, why: str = "") -> AlteredLogError:
    return AlteredLogError(
        f"What is stored of {register.path} is not what was signed last, so nothing more is published in it.{why}",
        "Check the list with guildhall verify, and put the database, or the log key, back as it was.",
    )
