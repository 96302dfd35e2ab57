"""Commands that look after API keys."""

from __future__ import annotations

import datetime
import json
import re

import click
from django.utils import timezone

from guildhall.accounts import keys as actions
from guildhall.accounts.models import ApiKey, AuditEvent
from guildhall.kit.words import date_words, time_words

_DAYS = re.compile(r"([0-9]{1,5})d", re.ASCII)


class Expiry(click.ParamType[datetime.datetime]):
    """A day (2027-03-31: to its end) or a number of days (90d)."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime.datetime:
        text = str(value)
        found = _DAYS.fullmatch(text)
        if found:
            return timezone.now() + datetime.timedelta(days=int(found[1]))
        try:
            day = datetime.date.fromisoformat(text)
        except ValueError:
            self.fail(f"{text} is neither a day, such as 2027-03-31, nor a number of days, such as 90d", param, ctx)
        end = datetime.datetime.combine(day, datetime.time.max)
        return timezone.make_aware(end, timezone.get_default_timezone())


@click.group()
def keys() -> None:
    """Make, list and revoke the keys with which programs publish."""


@keys.command("create")
@click.option("--organisation", required=True, help="For which organisation, by its short name.")
@click.option(
    "--registers", "paths", multiple=True, help="For one list only, such as hackney/project. May be repeated."
)
@click.option(
    "--scope", type=click.Choice(actions.SCOPES), default=actions.PUBLISH, help="What for: read or publish (usual)."
)
@click.option("--expires", type=Expiry(), help="Good until the end of a day (2027-03-31), or for some days (90d).")
@click.option("--label", default="", help="What it is for, such as the name of a program. No names of people.")
def create(
    *, organisation: str, paths: tuple[str, ...], scope: str, expires: datetime.datetime | None, label: str
) -> None:
    """Make a key for an organisation. It is shown once; the hall keeps only its hash."""
    made = actions.create_key(organisation=organisation, paths=paths, scope=scope, expires=expires, label=label)
    click.echo(
        f"A key to {scope} for {organisation}, good until {date_words(made.key.expires)}. It is not shown again:",
        err=True,
    )
    click.echo(made.secret)


@keys.command("list")
@click.option("--organisation", help="Only those of one organisation.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def list_keys(*, organisation: str | None, as_json: bool) -> None:
    """List keys, never their secrets: what each is for, until when it is good, when it was last used."""
    found = actions.keys(organisation)
    if as_json:
        click.echo(json.dumps([_as_json(key) for key in found], indent=2, ensure_ascii=False))
        return
    for key in found:
        lists = ", ".join(key.registers) or "all its lists"
        used = f"last used {date_words(key.last_used)}" if key.last_used else "never used"
        label = f" ({key.label})" if key.label else ""
        click.echo(f"{key.name}{label}: {key.organisation.slug}, {key.scope}, {lists}; {_state(key)}; {used}")
    if not found:
        click.echo("There are no keys.")


@keys.command()
@click.argument("name")
def revoke(*, name: str) -> None:
    """End a key at once. NAME is the part of it that keys list shows."""
    key = actions.revoke_key(name)
    click.echo(f"The key {key.name} of {key.organisation.slug} is good no longer.")


@keys.command("history")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def history(*, name: str, as_json: bool) -> None:
    """Tell what was done with the key NAME: when it was made and revoked, and what was published with it."""
    found = actions.key_history(name)
    if as_json:
        click.echo(json.dumps([_event_as_json(event) for event in found], indent=2, ensure_ascii=False))
        return
    for event in found:
        where = f" to {event.subject}, publication {event.publication:,}" if event.publication else ""
        click.echo(f"{time_words(event.time)}: {event.action}{where}, by {event.actor}")


def _state(key: ApiKey) -> str:
    if key.revoked:
        return f"revoked {date_words(key.revoked)}"
    return f"{'expired' if key.expires <= timezone.now() else 'good until'} {date_words(key.expires)}"


def _as_json(key: ApiKey) -> dict[str, object]:
    return {
        "name": key.name,
        "label": key.label,
        "organisation": key.organisation.slug,
        "scope": key.scope,
        "registers": key.registers,
        "created": key.created.isoformat(),
        "expires": key.expires.isoformat(),
        "revoked": key.revoked.isoformat() if key.revoked else None,
        "last-used": key.last_used.isoformat() if key.last_used else None,
    }


def _event_as_json(event: AuditEvent) -> dict[str, object]:
    return {
        "time": event.time.isoformat(),
        "actor": event.actor,
        "action": event.action,
        "organisation": event.organisation,
        "subject": event.subject,
        "publication": event.publication,
    }


COMMANDS = (keys,)
