"""Commands that set a hall up and look after it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from django.core.management import call_command
from django.db import connection

from guildhall.config.commands import exporting
from guildhall.config.commands.progress import Report, progress_bar
from guildhall.reading.postcodes.load import load_postcodes
from guildhall.registers import hall
from guildhall.registers.bootstrap import ensure_hall
from guildhall.registers.followers import exports
from guildhall.registers.followers import run as followers
from guildhall.registers.hiding import removal
from guildhall.registers.identity import origin
from guildhall.registers.queries import registers
from guildhall.registers.sequencer import latest_position, sequence
from guildhall.starter.load import load_starter

# Any number will do, as long as no other program of this database locks the same one.
_MIGRATING = 0x6D6967


@click.command()
def migrate() -> None:
    """Create the hall's tables, or bring them up to date, and create the hall itself at the first run."""
    with _alone():
        call_command("migrate", interactive=False, verbosity=0)
        ensure_hall()
    sequence()
    click.echo(f"The hall {origin()} is ready.")


@contextmanager
def _alone() -> Iterator[None]:
    """One at a time on PostgreSQL, where several machines may be brought up to date together."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])


@click.command("load-starter")
def load_starter_command() -> None:
    """Load the lists and data standards that a new hall opens with. What is there already is left as it is."""
    with progress_bar("Loading the starter lists") as report:
        loaded = load_starter(on_progress=report)
    with progress_bar("Making lists quick to filter") as report:
        _follow(report)
    click.echo(f"{loaded.lists:,} lists with {loaded.records:,} records; {loaded.published:,} changes published now.")


def _follow(report: Report) -> None:
    waiting = max(followers.is_behind(known.name) for known in followers.FOLLOWERS)
    for known in followers.FOLLOWERS:
        for _ in followers.steps(known):
            report(waiting - followers.is_behind(known.name), waiting)
    report(waiting, waiting)


@click.command("load-postcodes")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load_postcodes_command(*, file: Path) -> None:
    """Load FILE, the CSV of the ONS Postcode Directory, so that councils are found by postcode.

    It takes the place of the file that was loaded before, at once when all of it is there.
    """
    with progress_bar("Loading postcodes") as report:
        loaded = load_postcodes(file, on_progress=report)
    click.echo(f"{loaded.postcodes:,} postcodes in {loaded.councils:,} councils can be looked up now.")
    if loaded.elsewhere:
        click.echo(f"{loaded.elsewhere:,} outside the United Kingdom, or without a council, were left out.")
    if loaded.bad:
        click.echo(f"{loaded.bad:,} rows make no sense and were left out, such as {loaded.first_bad}.")


@click.command()
@click.argument("follower")
def rebuild(follower: str) -> None:
    """Make again what is derived from the lists: a FOLLOWER by its name (values), or hall (its own tables)."""
    if follower == "hall":
        click.echo(f"{hall.rebuild():,} changes of the hall's own lists applied again.")
        return
    if follower == exports.NAME:
        click.echo(f"{exporting.rebuild():,} files of large lists made again.")
        return
    known = followers.follower(follower)
    click.echo(f"{sum(followers.rebuild(known)):,} changes read again for {follower}.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def status(*, as_json: bool) -> None:
    """Say what the hall holds and whether anything lags behind."""
    totals, erasing = registers.totals(), removal.status()
    facts = {
        "origin": origin(),
        "registers": totals.registers,
        "records": totals.records,
        "organisations": totals.organisations,
        "standards": totals.standards,
        "position": latest_position(),
        "followers": {known.name: {"behind": followers.is_behind(known.name)} for known in followers.FOLLOWERS}
        | {exports.NAME: {"behind": sum(1 for _ in exports.waiting())}},
        "erasures-to-be-removed": erasing.erasures,
    }
    if as_json:
        click.echo(json.dumps(facts, indent=2))
        return
    click.echo(f"{facts['origin']}: {totals.registers:,} lists with {totals.records:,} records,")
    click.echo(f"{totals.organisations:,} organisations, {totals.standards:,} data standards.")
    for known in followers.FOLLOWERS:
        behind = followers.is_behind(known.name)
        click.echo(f"{known.name}: {'up to date' if not behind else f'{behind:,} publications behind'}.")
    late = sum(1 for _ in exports.waiting())
    click.echo(f"{exports.NAME}: {'up to date' if not late else f'{late:,} files to be made'}.")
    if erasing.erasures:
        click.echo(f"erasures: copies of {erasing.changes:,} changes are still to be removed.")


COMMANDS = (migrate, load_starter_command, load_postcodes_command, rebuild, status)
