from __future__ import annotations

import datetime
import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from guildhall.accounts import keys as actions
from guildhall.accounts.errors import KeyDetailsError, UnknownKeyError
from guildhall.accounts.models import ApiKey
from guildhall.config.commands.keys import keys
from guildhall.publishing.appending import Wanted, append
from integration.registers.makers import tree_register

pytestmark = pytest.mark.usefixtures("hall")


def run(*arguments: str, status: int = 0) -> tuple[str, str]:
    """What the command wrote to the output, and beside it."""
    done = CliRunner().invoke(keys, arguments)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == status, done.output
    return done.stdout, done.stderr


@pytest.fixture(autouse=True)
def _trees(hall: None) -> None:
    tree_register()


def test_created_key_is_all_that_is_written_to_the_output_and_works() -> None:
    secret, told = run("create", "--organisation", "ambridge", "--registers", "ambridge/tree", "--label", "Trees")
    assert actions.authenticate(f"Bearer {secret.strip()}", client="here").registers == ["ambridge/tree"]
    assert "It is not shown again" in told
    assert secret.strip() not in told


def test_list_shows_keys_and_no_secret() -> None:
    secret, _ = run("create", "--organisation", "ambridge", "--scope", "read", "--label", "Trees")
    name = secret.split("_")[1]
    told, _ = run("list")
    assert told.startswith(f"{name} (Trees): ambridge, read, all its lists; good until ")
    assert told.endswith("never used\n")
    assert secret.strip().rpartition("_")[2] not in told
    (row,) = json.loads(run("list", "--json", "--organisation", "ambridge")[0])
    assert (row["name"], row["last-used"], row["revoked"]) == (name, None, None)
    assert run("list", "--organisation", "hall")[0] == "There are no keys.\n"


def test_revoked_key_is_shown_as_such() -> None:
    name = run("create", "--organisation", "ambridge")[0].split("_")[1]
    assert run("revoke", name)[0] == f"The key {name} of ambridge is good no longer.\n"
    assert "; revoked " in run("list")[0]
    with pytest.raises(UnknownKeyError):
        run("revoke", "none")


def test_history_tells_what_was_published_with_a_key() -> None:
    secret = run("create", "--organisation", "ambridge")[0].strip()
    name, key = secret.split("_")[1], actions.authenticate(f"Bearer {secret}", client="here")
    append(key, Wanted("ambridge/tree", "application/json", lambda: b'{"tree": "T1"}'))
    run("revoke", name)
    lines = run("history", name)[0].splitlines()
    assert [line.partition(": ")[2] for line in lines] == [
        "key revoked, by operator",
        f"published to ambridge/tree, publication 1, by key {name}",
        "key created, by operator",
    ]
    told = json.loads(run("history", name, "--json")[0])
    assert [(one["action"], one["publication"]) for one in told][1] == ("published", 1)
    with pytest.raises(UnknownKeyError):
        run("history", "none")


def test_key_expires_at_the_end_of_a_day_or_after_some_days() -> None:
    day = timezone.localdate() + datetime.timedelta(days=30)
    run("create", "--organisation", "ambridge", "--expires", day.isoformat())
    expires = timezone.localtime(ApiKey.objects.get().expires)
    assert (expires.date(), expires.hour, expires.minute) == (day, 23, 59)
    run("create", "--organisation", "ambridge", "--expires", "90d")
    left = ApiKey.objects.latest("expires").expires - timezone.now()
    assert datetime.timedelta(days=89) < left <= datetime.timedelta(days=90)


@pytest.mark.parametrize("when", ["tomorrow", "2027-02-30", "", "-1d", "1.5d"])
def test_expiry_that_is_no_time_is_refused(when: str) -> None:
    _, told = run("create", "--organisation", "ambridge", "--expires", when, status=2)
    assert "such as 2027-03-31" in told


@pytest.mark.parametrize("when", ["0d", "99999d", "2001-01-01"])
def test_expiry_that_is_past_or_far_is_refused(when: str) -> None:
    with pytest.raises(KeyDetailsError):
        run("create", "--organisation", "ambridge", "--expires", when)
