from __future__ import annotations

import datetime
import re

import pytest
from django.db import connection
from django.utils import timezone

from guildhall.accounts import audit, keys
from guildhall.accounts.errors import KeyDetailsError, KeyNeededError, KeyRefusedError, KeyScopeError, UnknownKeyError
from guildhall.accounts.keys import authenticate, create_key, refuse_publishing, revoke_key
from guildhall.accounts.models import ApiKey, AuditEvent
from guildhall.kit import limits
from guildhall.kit.exceptions import TooManyError
from guildhall.kit.models import Attempts
from guildhall.registers.errors import UnknownOrganisationError, UnknownRegisterError
from guildhall.registers.queries import registers
from integration.registers.makers import tree_register

pytestmark = pytest.mark.usefixtures("hall")

DAY = datetime.timedelta(days=1)
HERE = "192.0.2.1"


def shown(secret: str) -> str:
    return f"Bearer {secret}"


@pytest.fixture
def made(hall: None) -> keys.NewKey:
    tree_register()
    return create_key(organisation="ambridge", scope="publish")


def test_key_is_recognised_and_its_secret_is_not_kept(made: keys.NewKey) -> None:
    assert re.fullmatch(r"guildhall_[0-9a-f]{12}_[0-9a-f]{64}", made.secret)
    assert authenticate(shown(made.secret), client=HERE) == made.key
    secret = made.secret.rpartition("_")[2]
    with connection.cursor() as cursor:
        for table in ("accounts_apikey", "accounts_auditevent"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - one of two names
            assert secret not in str(cursor.fetchall())


def test_two_keys_share_nothing(made: keys.NewKey) -> None:
    other = create_key(organisation="ambridge", scope="publish")
    assert not set(made.secret.split("_")[1:]) & set(other.secret.split("_")[1:])


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic dTpw", "guildhall_0_0"])
def test_request_without_a_key_is_told_how_to_show_one(hall: None, header: str) -> None:
    with pytest.raises(KeyNeededError) as caught:
        authenticate(header, client=HERE)
    assert caught.value.headers["WWW-Authenticate"].startswith("Bearer ")
    assert not Attempts.objects.exists()


def test_wrong_key_is_refused(made: keys.NewKey) -> None:
    last = "1" if made.secret.endswith("0") else "0"
    for wrong in (made.secret[:-1] + last, made.secret[:-1], made.secret + "0", "x", "\udcff", "guildhall_" + "0" * 77):
        with pytest.raises(KeyRefusedError):
            authenticate(shown(wrong), client=HERE)


def test_key_is_good_until_it_expires(made: keys.NewKey) -> None:
    before = made.key.expires - datetime.timedelta(seconds=1)
    assert authenticate(shown(made.secret), client=HERE, now=before) == made.key
    with pytest.raises(KeyRefusedError, match="was good until"):
        authenticate(shown(made.secret), client=HERE, now=made.key.expires)


def test_revoked_key_is_refused_at_once_and_stays_on_record(made: keys.NewKey) -> None:
    revoke_key(made.key.name)
    first = ApiKey.objects.get().revoked
    with pytest.raises(KeyRefusedError, match="was revoked"):
        authenticate(shown(made.secret), client=HERE)
    revoke_key(made.key.name)
    assert ApiKey.objects.get().revoked == first
    with pytest.raises(UnknownKeyError):
        revoke_key("none")


def test_creating_and_revoking_stand_in_the_audit_trail(made: keys.NewKey) -> None:
    revoke_key(made.key.name)
    told = [(one.actor, one.action, one.subject) for one in audit.events("ambridge")]
    assert told == [("operator", "key revoked", made.key.name), ("operator", "key created", made.key.name)]


def test_last_use_is_kept_to_the_minute(made: keys.NewKey) -> None:
    now = timezone.now()
    authenticate(shown(made.secret), client=HERE, now=now)
    authenticate(shown(made.secret), client=HERE, now=now + datetime.timedelta(seconds=30))
    assert ApiKey.objects.get().last_used == now
    later = now + datetime.timedelta(seconds=61)
    authenticate(shown(made.secret), client=HERE, now=later)
    assert ApiKey.objects.get().last_used == later


def test_client_with_too_many_wrong_keys_has_to_wait_but_good_keys_go_on(made: keys.NewKey) -> None:
    now = timezone.now().replace(minute=0, second=10)
    for _ in range(20):
        with pytest.raises(KeyRefusedError):
            authenticate(shown("wrong"), client=HERE, now=now)
    with pytest.raises(TooManyError) as caught:
        authenticate(shown("wrong"), client=HERE, now=now)
    assert caught.value.headers == {"Retry-After": "290"}
    assert authenticate(shown(made.secret), client=HERE, now=now) == made.key
    with pytest.raises(KeyRefusedError):
        authenticate(shown("wrong"), client="192.0.2.2", now=now)
    with pytest.raises(KeyRefusedError):
        authenticate(shown("wrong"), client=HERE, now=now + datetime.timedelta(seconds=291))
    assert not Attempts.objects.filter(name__contains="192").exists()


def test_past_counts_are_pruned(made: keys.NewKey) -> None:
    with pytest.raises(KeyRefusedError):
        authenticate(shown("wrong"), client=HERE)
    assert limits.prune() == 0
    assert limits.prune(now=timezone.now().timestamp() + 301) == 1
    assert limits.prune() == 0


def test_key_publishes_only_in_lists_that_its_organisation_keeps(made: keys.NewKey) -> None:
    tree_register("borchester")
    refuse_publishing(made.key, registers.register("ambridge/tree"))
    with pytest.raises(KeyScopeError, match="is kept by Borchester"):
        refuse_publishing(made.key, registers.register("borchester/tree"))


def test_key_for_one_list_publishes_in_no_other(made: keys.NewKey) -> None:
    key = create_key(organisation="ambridge", scope="publish", paths=["ambridge/tree"]).key
    refuse_publishing(key, registers.register("ambridge/tree"))
    key.registers = ["ambridge/hedge"]
    with pytest.raises(KeyScopeError, match="is for ambridge/hedge only"):
        refuse_publishing(key, registers.register("ambridge/tree"))


def test_key_for_reading_publishes_nothing(made: keys.NewKey) -> None:
    key = create_key(organisation="ambridge", scope="read").key
    with pytest.raises(KeyScopeError, match="is for reading"):
        refuse_publishing(key, registers.register("ambridge/tree"))


@pytest.mark.parametrize("name", ["erasure", "hold", "organisation", "register", "standard"])
def test_no_key_writes_the_halls_own_lists(hall: None, name: str) -> None:
    key = create_key(organisation="hall", scope="publish").key
    with pytest.raises(KeyScopeError, match="written by the hall alone"):
        refuse_publishing(key, registers.register(f"hall/{name}"))


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"organisation": "none"}, UnknownOrganisationError),
        ({"paths": ["ambridge/none"]}, UnknownRegisterError),
        ({"paths": ["hall/register"]}, KeyDetailsError),
        ({"scope": "all"}, KeyDetailsError),
        ({"expires": timezone.now() - DAY}, KeyDetailsError),
        ({"expires": timezone.now() + 1100 * DAY}, KeyDetailsError),
        ({"label": "x" * 101}, KeyDetailsError),
    ],
    ids=str,
)
def test_key_that_makes_no_sense_is_not_made(hall: None, asked: dict[str, object], error: type[Exception]) -> None:
    tree_register()
    with pytest.raises(error):
        create_key(**{"organisation": "ambridge", "scope": "publish"} | asked)  # type: ignore[arg-type]
    assert not ApiKey.objects.exists()
    assert not AuditEvent.objects.exists()
