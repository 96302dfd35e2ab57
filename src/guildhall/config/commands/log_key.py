"""Commands for the key that the hall signs with."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from django.conf import settings

from guildhall.registers.succession import change_key


@click.group("log-key")
def log_key() -> None:
    """Look after the key that this hall signs with."""


@log_key.command("rotate")
@click.option(
    "--compromised", is_flag=True, help="The key may be in the wrong hands: nobody shall follow it by itself."
)
def rotate(*, compromised: bool) -> None:
    """Sign with a new key from now on, which the old one vouches for at /log-keys.

    The hall may go on serving meanwhile. The old key is kept beside the new one, under its own name.
    """
    key = change_key(compromised=compromised, now=datetime.now(UTC))
    click.echo(f"This hall signs with a new key now: {key.format()}")
    click.echo(f"It is in {settings.GUILDHALL_HOME}/log-key. Keep a copy of it in a safe place, as of the one before.")
    if settings.GUILDHALL_LOG_KEY:
        click.echo("Take GUILDHALL_LOG_KEY out of the environment, or give it what stands in that file.")
    if compromised:
        click.echo(
            "Tell everyone who checks this hall, by another way than the hall itself, to give verify the new key."
        )


COMMANDS = (log_key,)
