"""Commands that copy the hall while it serves, and put a copy back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import click
from django.conf import settings

from guildhall.config.backups import run
from guildhall.config.backups.manifest import Manifest
from guildhall.kit.exceptions import GuildhallError
from guildhall.registers import identity
from guildhall.registers.restored import refuse_restored


@click.command()
@click.argument("dest", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def backup(*, dest: Path, as_json: bool) -> None:
    """Copy the hall's database into the new folder DEST, while it serves.

    Neither the log key nor the secret key is in it: whoever steals a backup can sign nothing. Keep copies of both
    elsewhere.
    """
    made = run.back_up(dest)
    if as_json:
        click.echo(json.dumps(_facts(made), indent=2))
        return
    size = sum(facts["bytes"] for facts in made.files.values())
    click.echo(f"{dest}: {made.origin}, {made.registers:,} lists with {made.entries:,} changes, {size:,} bytes.")
    if not settings.GUILDHALL_LOG_KEY:
        click.echo("The log key is not in it. Keep a copy of it in another safe place.")


@click.command()
@click.argument("src", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in the place of the hall that is there, for ever.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def restore(*, src: Path, replace: bool, as_json: bool) -> None:
    """Put the backup in the folder SRC into the hall's database, after a look at every byte of it.

    The log key and the file last-checkpoints in the data folder stay as they are: if the backup lacks something that
    was signed since, the hall signs nothing until that is settled.
    """
    found = run.put_back(src.resolve(), replace=replace)
    hindrances = [error for error in map(_hindrance, _CHECKS) if error]
    if as_json:
        told = [{"problem": error.problem, "remedy": error.remedy} for error in hindrances]
        click.echo(json.dumps(_facts(found) | {"signs": not hindrances, "hindrances": told}, indent=2))
        return
    click.echo(f"{found.origin} is back as it was at {found.made}, with {found.entries:,} changes. Start it again.")
    for error in hindrances:
        click.echo(f"It can be read, and signs nothing yet. {error.problem}", err=True)
        click.echo(error.remedy, err=True)


_CHECKS: tuple[Callable[[], object], ...] = (identity.log_key_seed, refuse_restored)


def _hindrance(check: Callable[[], object]) -> GuildhallError | None:
    """What stands in the way of signing, if this finds something."""
    try:
        check()
    except GuildhallError as error:
        return error
    return None


def _facts(manifest: Manifest) -> dict[str, object]:
    told = asdict(manifest)
    return {name: told[name] for name in ("origin", "made", "database", "position", "registers", "entries", "files")}


COMMANDS = (backup, restore)
