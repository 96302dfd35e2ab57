"""Whether the database is the one that was signed from: a hall put back from an old copy signs nothing.

Were it to go on from what an old copy holds, it would sign a second history beside the one that people have seen, and
every auditor would rightly call it a forgery. So what the database holds is compared with the last checkpoints known
outside it: in short before each publication, list by list by the worker and by `guildhall restore-check`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guildhall.kit.exceptions import ConflictError
from guildhall.log.tiles import TileError, tree_root
from guildhall.registers import last_checkpoints
from guildhall.registers.last_checkpoints import UNKNOWN, LastCheckpoints, UnreadableCheckpointsError, body_of
from guildhall.registers.models import HallIdentity, Register, RegisterHead
from guildhall.registers.stage import StoredTiles
from guildhall.registers.statements import fetch

_PUBLISHED = (
    "SELECT publication.checkpoint FROM registers_publication publication"
    " JOIN registers_register register ON register.id = publication.register_id"
    " WHERE publication.position = %s AND register.path = %s"
)


class RestoredHallError(ConflictError):
    """The database is not the one that was signed from last, or it cannot be told."""

    title = "This hall signs nothing now"


@dataclass(frozen=True)
class Difference:
    """A list that holds `held` entries where `signed` were signed; or as many, and they are others."""

    path: str
    signed: int
    held: int

    @property
    def is_lost(self) -> bool:
        """Whether entries `held + 1` to `signed` are lost; else the list's past is not as it was signed."""
        return self.held < self.signed

    def __str__(self) -> str:
        if not self.is_lost:
            return f"{self.path}: its first {self.signed:,} entries are not those that were signed"
        if self.held + 1 == self.signed:
            return f"{self.path}: entry {self.signed:,} is lost"
        return f"{self.path}: entries {self.held + 1:,} to {self.signed:,} are lost"


def refuse_restored(register: Register | None = None, head: RegisterHead | None = None) -> None:
    """Check that the hall may sign, and go on from this list as its head has it. Raises RestoredHallError.

    It costs one look at a file and two short queries, so that every publication can afford it.
    """
    hall = HallIdentity.objects.only("origin", "keeps_checkpoints").get()
    try:
        known = last_checkpoints.read()
        if known is None:
            _refuse_missing(hall)
        else:
            _refuse_other(hall, known)
            if register is not None and _difference(register.path, head, known.checkpoints.get(register.path, "")):
                raise _other()
    except UnreadableCheckpointsError as error:
        raise RestoredHallError(error.problem, error.remedy) from error


def refuse_used_folder() -> None:
    """Check that no other hall has signed from this data folder before one is created. Raises RestoredHallError."""
    known = last_checkpoints.read()
    if known is not None:
        raise RestoredHallError(
            f"The hall {known.origin} has signed from this data folder, and the database is empty.",
            "Put its database back with guildhall restore, or give the new hall a data folder of its own "
            "(GUILDHALL_HOME).",
        )


def _refuse_missing(hall: HallIdentity) -> None:
    # On its first day, or just brought up to date from a release that knew nothing of this, a hall has none yet.
    if hall.keeps_checkpoints:
        raise RestoredHallError(
            f"The file {last_checkpoints.file()} is not there, so it cannot be told whether this hall was put back "
            "from an old copy.",
            "Put the file back if it was lost by mistake. Otherwise see: guildhall restore-check --help",
        )


def _refuse_other(hall: HallIdentity, known: LastCheckpoints) -> None:
    if known.origin != hall.origin:
        raise RestoredHallError(
            f"The last checkpoints known in this data folder are those of the hall {known.origin}, and the database is "
            f"that of {hall.origin}.",
            "Give each hall a data folder of its own (GUILDHALL_HOME), or put the right database back.",
        )
    if not has_last(known):
        raise _other()


def _other() -> RestoredHallError:
    return RestoredHallError(
        "The database is older than what this hall has signed, or another.",
        "Run guildhall restore-check: it says what is missing and what can be done. Lists can be read meanwhile.",
    )


def has_last(known: LastCheckpoints) -> bool:
    """Whether the last publication known is here. All before it then are too: a copy has what came before its end."""
    if not known.position:
        return True
    if known.position == UNKNOWN:
        return not differences(known.checkpoints)
    here = fetch(_PUBLISHED, [known.position, known.last])
    if not here:
        return False
    # Origin and key may have changed since.
    found, signed = body_of(here[0][0]), body_of(known.note)
    return (found.size, found.root) == (signed.size, signed.root)


def differences(checkpoints: Mapping[str, str]) -> list[Difference]:
    """What is not here of what these checkpoints, by the paths of their lists, show to have been signed."""
    heads = {head.register.path: head for head in RegisterHead.objects.select_related("register")}
    found = [_difference(path, heads.get(path), note) for path, note in sorted(checkpoints.items())]
    return [one for one in found if one is not None]


def _difference(path: str, head: RegisterHead | None, note: str) -> Difference | None:
    if not note or (head is not None and head.checkpoint == note):
        return None
    signed = body_of(note)
    held = head.size if head is not None else 0
    if held >= signed.size and (head is None or _root(head, signed.size) == signed.root):
        return None
    return Difference(path, signed.size, held)


def _root(head: RegisterHead, size: int) -> bytes | None:
    if head.size == size:
        return bytes(head.root)
    try:
        return tree_root(size, StoredTiles(head.pk))
    except TileError:
        return None
