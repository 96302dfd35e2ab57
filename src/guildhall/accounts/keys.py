"""API keys: made, shown once, checked, revoked.

A key is `guildhall_` and a name, which may be told, and a secret of 256 random bits. A secret that nobody can guess
needs no slow hash: SHA-256 is right for it, where it would be wrong for a password.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import OperationalError, transaction
from django.utils import timezone

from guildhall.accounts import audit
from guildhall.accounts.errors import KeyDetailsError, KeyNeededError, KeyRefusedError, KeyScopeError, UnknownKeyError
from guildhall.accounts.models import ApiKey, AuditEvent
from guildhall.kit.limits import Limit
from guildhall.kit.unhurried import unhurried
from guildhall.kit.words import date_words
from guildhall.registers.models import Register
from guildhall.registers.queries import registers

READ, PUBLISH = "read", "publish"
SCOPES = (READ, PUBLISH)
USUAL_DAYS, MOST_DAYS = 365, 3 * 365
_PREFIX, _NAME_BYTES, _SECRET_BYTES = "guildhall", 6, 32
_SHAPE = re.compile(rf"{_PREFIX}_([0-9a-f]{{{_NAME_BYTES * 2}}})_([0-9a-f]{{{_SECRET_BYTES * 2}}})")
_MOST_LABEL = 100
_MOST_EVENTS = 1_000
# Wrong keys of one client; good ones are never refused for what others tried.
_FAILURES = Limit("key", most=20, seconds=300)
# The hall's own lists are written by its own commands, each of which does more than publish.
_OWN_LISTS = frozenset(("hall/erasure", "hall/hold", "hall/organisation", "hall/register", "hall/standard"))


@dataclass(frozen=True)
class NewKey:
    """`secret` is the whole key. It is shown now and never again."""

    key: ApiKey
    secret: str


def create_key(
    *,
    organisation: str,
    scope: str,
    paths: Sequence[str] = (),
    expires: datetime | None = None,
    label: str = "",
    actor: str = audit.OPERATOR,
    now: datetime | None = None,
) -> NewKey:
    """Make a key for an organisation: for some of the lists that it keeps, or for all of them.

    Raises UnknownOrganisationError, UnknownRegisterError, KeyDetailsError.
    """
    now = now or timezone.now()
    owner = registers.organisation(organisation)
    expires = expires or now + timedelta(days=USUAL_DAYS)
    _refuse_details(scope, expires, label, now)
    for path in paths:
        _refuse_other_keeper(registers.register(path), owner.slug)
    name, secret = secrets.token_hex(_NAME_BYTES), secrets.token_hex(_SECRET_BYTES)
    with transaction.atomic():
        key = ApiKey.objects.create(
            name=name,
            secret_hash=_hashed(secret),
            organisation=owner,
            registers=sorted(set(paths)),
            scope=scope,
            label=label,
            created=now,
            expires=expires,
        )
        audit.record(actor=actor, action=audit.KEY_CREATED, organisation=owner.slug, subject=name)
    return NewKey(key, f"{_PREFIX}_{name}_{secret}")


def revoke_key(name: str, *, actor: str = audit.OPERATOR, now: datetime | None = None) -> ApiKey:
    """End a key at once; one that was revoked already stays as it was. Raises UnknownKeyError."""
    with transaction.atomic():
        key = ApiKey.objects.select_for_update(of=("self",)).select_related("organisation").filter(name=name).first()
        if key is None:
            raise _unknown(name)
        if key.revoked is None:
            key.revoked = now or timezone.now()
            key.save(update_fields=["revoked"])
            audit.record(actor=actor, action=audit.KEY_REVOKED, organisation=key.organisation.slug, subject=name)
    return key


def keys(organisation: str | None = None) -> list[ApiKey]:
    """All, or an organisation's, the newest first. Raises UnknownOrganisationError."""
    found = ApiKey.objects.select_related("organisation").order_by("-created", "name")
    return list(found.filter(organisation=registers.organisation(organisation)) if organisation else found)


def key_history(name: str) -> list[AuditEvent]:
    """What was done with a key and to it, the newest first, at most 1,000. Raises UnknownKeyError."""
    if not ApiKey.objects.filter(name=name).exists():
        raise _unknown(name)
    return list(audit.of_key(name)[:_MOST_EVENTS])


def authenticate(authorization: str, *, client: str, now: datetime | None = None) -> ApiKey:
    """The key that a request brings in its header `Authorization: Bearer …`. `client` is whose tries are counted.

    Raises KeyNeededError, KeyRefusedError, TooManyError.
    """
    now = now or timezone.now()
    scheme, _, given = authorization.strip().partition(" ")
    if scheme.lower() != "bearer" or not given.strip():
        raise KeyNeededError(
            "Whoever publishes here shows a key.", "Send it in the header: Authorization: Bearer guildhall_…"
        )
    key = _found(given.strip())
    if key is None:
        _FAILURES.count(client, now=now.timestamp())
        raise KeyRefusedError("This hall does not know the key.", "Check that it was copied whole, or ask for another.")
    if key.revoked is not None:
        raise KeyRefusedError(f"The key {key.name} was revoked on {date_words(key.revoked)}.", "Ask for another.")
    if key.expires <= now:
        raise KeyRefusedError(f"The key {key.name} was good until {date_words(key.expires)}.", "Ask for another.")
    _note_use(key, now)
    return key


def refuse_publishing(key: ApiKey, register: Register) -> None:
    """Check that a key may publish in a list. Raises KeyScopeError."""
    if key.scope != PUBLISH:
        raise KeyScopeError(f"The key {key.name} is for reading.", "Use a key to publish.")
    if register.path in _OWN_LISTS:
        raise KeyScopeError(f"{register.path} is written by the hall alone.", "Ask whoever runs the hall.")
    if register.keeper_id != key.organisation_id:
        raise KeyScopeError(
            f"{register.path} is kept by {register.keeper.name}, and the key {key.name} is for lists that "
            f"{key.organisation.name} keeps.",
            "Publish to a list of your own, or ask its keeper.",
        )
    if key.registers and register.path not in key.registers:
        raise KeyScopeError(
            f"The key {key.name} is for {', '.join(key.registers)} only.", f"Use a key for {register.path}."
        )


def _unknown(name: str) -> UnknownKeyError:
    return UnknownKeyError(f"There is no key called {name}.", "See their names with: guildhall keys list")


def _found(given: str) -> ApiKey | None:
    """The key itself, compared in constant time, whether there is one of that name or not."""
    shape = _SHAPE.fullmatch(given)
    name, secret = (shape[1], shape[2]) if shape else ("", given)
    key = ApiKey.objects.select_related("organisation").filter(name=name).first()
    is_right = hmac.compare_digest(_hashed(secret), bytes(key.secret_hash) if key else bytes(32))
    return key if is_right else None


def _hashed(secret: str) -> bytes:
    return sha256(secret.encode("utf-8", "surrogateescape")).digest()


def _note_use(key: ApiKey, now: datetime) -> None:
    """To the minute is enough, and it may be missed while others write: nobody is kept waiting for it."""
    if key.last_used is not None and now - key.last_used < timedelta(minutes=1):
        return
    try:
        with unhurried():
            ApiKey.objects.filter(pk=key.pk).update(last_used=now)
    except OperationalError:
        if transaction.get_connection().in_atomic_block:
            raise


def _refuse_details(scope: str, expires: datetime, label: str, now: datetime) -> None:
    if scope not in SCOPES:
        raise KeyDetailsError(f"A key cannot be for {scope}.", f"It is for one of: {', '.join(SCOPES)}.")
    if not now < expires <= now + timedelta(days=MOST_DAYS):
        raise KeyDetailsError(
            f"A key cannot be good until {date_words(expires)}.", f"Give a day to come, at most {MOST_DAYS} days ahead."
        )
    if len(label) > _MOST_LABEL:
        raise KeyDetailsError("What was given as label is too long.", f"Give {_MOST_LABEL} characters at most.")


def _refuse_other_keeper(register: Register, organisation: str) -> None:
    if register.keeper.slug != organisation:
        raise KeyDetailsError(
            f"{register.path} is kept by {register.keeper.slug}, not by {organisation}.",
            "Make the key for the keeper, or for other lists.",
        )
