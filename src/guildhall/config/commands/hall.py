"""Commands that set a hall up and look after it."""

from __future__ import annotations

import json

import click
from django.core.management import call_command

from guildhall.config.commands.progress import Report, progress_bar
from guildhall.registers import hall
from guildhall.registers.bootstrap import ensure_hall
from guildhall.registers.followers import run as followers
from guildhall.registers.identity import origin
from guildhall.registers.queries import registers
from guildhall.registers.sequencer import latest_position, sequence
from guildhall.starter.load import load_starter


@click.command()
def migrate() -> None:
    """Create the hall's tables, or bring them up to date, and create the hall itself at the first run."""
    call_command("migrate", interactive=False, verbosity=0)
    ensure_hall()
    sequence()
    click.echo(f"The hall {origin()} is ready.")


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


@click.command()
@click.argument("follower")
def rebuild(follower: str) -> None:
    """Make again what is derived from the lists: a FOLLOWER by its name (values), or hall (its own tables)."""
    if follower == "hall":
        click.echo(f"{hall.rebuild():,} changes of the hall's own lists applied again.")
        return
    known = followers.follower(follower)
    click.echo(f"{sum(followers.rebuild(known)):,} changes read again for {follower}.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def status(*, as_json: bool) -> None:
    """Say what the hall holds and whether anything lags behind."""
    totals = registers.totals()
    facts = {
        "origin": origin(),
        "registers": totals.registers,
        "records": totals.records,
        "organisations": totals.organisations,
        "standards": totals.standards,
        "position": latest_position(),
        "followers": {known.name: {"behind": followers.is_behind(known.name)} for known in followers.FOLLOWERS},
    }
    if as_json:
        click.echo(json.dumps(facts, indent=2))
        return
    click.echo(f"{facts['origin']}: {totals.registers:,} lists with {totals.records:,} records,")
    click.echo(f"{totals.organisations:,} organisations, {totals.standards:,} data standards.")
    for known in followers.FOLLOWERS:
        behind = followers.is_behind(known.name)
        click.echo(f"{known.name}: {'up to date' if not behind else f'{behind:,} publications behind'}.")


COMMANDS = (migrate, load_starter_command, rebuild, status)
