"""What follows what: a new log key, and, where history was lost, a new origin. Both are on the record at /log-keys.

Either signs the newest checkpoint of every list anew, in the transaction that changes key or origin: so what is
current is always signed by the key and under the origin of today, and what was signed before stays valid by the key of
its time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from guildhall.kit.exceptions import BadRequestError, ConflictError
from guildhall.log.checkpoint import Checkpoint, sign_checkpoint
from guildhall.log.notes import Signer, VerifierKey
from guildhall.log.successions import Succession, past_origin_text
from guildhall.registers import identity, key_files, last_checkpoints
from guildhall.registers.last_checkpoints import body_of
from guildhall.registers.models import HallIdentity, KeySuccession, PastOrigin, RegisterHead
from guildhall.registers.remembering import remember_anew
from guildhall.registers.restored import RestoredHallError, refuse_restored

_AT_ONCE = 500


class NothingLostError(ConflictError):
    """A new origin is for a hall that has lost part of its history."""

    title = "There is no need for a new origin"


class OriginRefusedError(BadRequestError):
    """A name under which this hall cannot sign."""

    title = "This cannot be the hall's origin"


def change_key(*, compromised: bool, now: datetime) -> VerifierKey:
    """Sign with a new key from now on, and say so under the old one. Returns the new verifier key.

    The new key is on the disk before anything says that there is one. Raises RestoredHallError, LogKeyLostError,
    LogKeyChangedError.
    """
    refuse_restored()
    # One that was cut short after it was announced is ended first.
    key_files.take_next(bytes(HallIdentity.objects.get().public_key))
    seed = key_files.make(key_files.NEXT)
    with transaction.atomic():
        heads = _locked_heads()
        hall = HallIdentity.objects.select_for_update().get()
        before, after = Signer(hall.origin, identity.log_key_seed()), Signer(hall.origin, seed)
        if before.verifier_key == after.verifier_key:
            return after.verifier_key  # another operator has just done it, with the key that both found waiting
        succession = Succession(before.verifier_key, after.verifier_key, now, compromised=compromised)
        KeySuccession.objects.create(
            origin=hall.origin,
            predecessor=before.verifier_key.format(),
            successor=after.verifier_key.format(),
            note=succession.signed(before, after),
        )
        hall.public_key = after.verifier_key.public_key
        hall.save(update_fields=["public_key"])
        _sign_anew(heads, hall.origin, seed)
    key_files.take_next(after.verifier_key.public_key)
    remember_anew()
    return after.verifier_key


def start_new_origin(name: str, *, now: datetime) -> None:
    """Sign under a new origin from now on, and put the old one on the record with its last checkpoints.

    Raises NothingLostError, OriginRefusedError, LogKeyLostError, LogKeyChangedError.
    """
    try:
        refuse_restored()
    except RestoredHallError:
        pass
    else:
        raise NothingLostError(
            "This hall has lost nothing that it has signed.", "An origin that is in use is never given up."
        )
    with transaction.atomic():
        heads = _locked_heads()
        hall = HallIdentity.objects.select_for_update().get()
        if name == hall.origin or PastOrigin.objects.filter(origin=name).exists():
            raise OriginRefusedError(
                f"This hall has signed as {name} before.", "Choose a name that was never used, such as one with a year."
            )
        seed = identity.log_key_seed()
        signer = Signer(name, seed)
        old_key = signer.verifier_key.named(hall.origin)
        PastOrigin.objects.create(
            origin=hall.origin,
            note=signer.sign(past_origin_text(name, old_key, now)),
            checkpoints="\n".join(_last_of(hall.origin, heads)),
        )
        hall.origin = name
        hall.save(update_fields=["origin"])
        _sign_anew(heads, name, seed)
    remember_anew()


def _locked_heads() -> list[RegisterHead]:
    """All of them, until the end of the transaction: no publication ends meanwhile, and no list is opened."""
    heads = RegisterHead.objects.select_for_update(of=("self",)).select_related("register")
    # Whoever opens a list holds this one, so that after it nobody can add to the others.
    heads.get(register__path="hall/register")
    return list(heads.order_by("pk"))


def _sign_anew(heads: list[RegisterHead], origin: str, seed: bytes) -> None:
    for head in heads:
        name = identity.log_of(origin, head.register.path)
        head.checkpoint = sign_checkpoint(Signer(name, seed), Checkpoint(name, head.size, bytes(head.root)))
    RegisterHead.objects.bulk_update(heads, ["checkpoint"], batch_size=_AT_ONCE)


def _last_of(origin: str, heads: list[RegisterHead]) -> Iterable[str]:
    """The last checkpoint known of each list under an origin: the file's, or the database's where that goes further."""
    known = last_checkpoints.read_or_none()
    last = dict(known.checkpoints) if known is not None and known.origin == origin else {}
    for head in heads:
        path = head.register.path
        if path not in last or body_of(last[path]).size < head.size:
            last[path] = head.checkpoint
    return (last[path] for path in sorted(last))


# ---- what is published of it


def published_keys() -> str:
    """What /log-keys says: the keys of today's origin, the newest first; then what followed what, as signed notes."""
    hall = HallIdentity.objects.get()
    own = list(KeySuccession.objects.filter(origin=hall.origin).order_by("pk"))
    past = PastOrigin.objects.order_by("pk")
    earlier = KeySuccession.objects.exclude(origin=hall.origin).order_by("pk")
    keys = [identity.verifier_key().format(), *(one.predecessor for one in reversed(own))]
    parts = ["".join(f"{key}\n" for key in keys), *(one.note for one in own), *(one.note for one in earlier)]
    for one in past:
        parts += [one.note, *([one.checkpoints] if one.checkpoints else [])]
    return "\n".join(parts)
