"""The command that writes copies of lists as static files."""

from __future__ import annotations

import json
from pathlib import Path

import click

from guildhall.config.commands.progress import progress_bar
from guildhall.registers.queries import registers
from guildhall.registers.static.export import Copied, export_static
from guildhall.registers.static.folder import MARK


@click.command("export-static")
@click.argument("names", metavar="[LIST]... DEST", nargs=-1, required=True)
@click.option("--standard", default="", help="Also all lists to this data standard.")
@click.option("--all", "is_all", is_flag=True, help="All lists of the hall.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def export_static_command(*, names: tuple[str, ...], standard: str, is_all: bool, as_json: bool) -> None:
    """Write copies of lists into the folder DEST, as files that any web server can hand out and anyone can check.

    Run again it writes what is new, for every list that is in DEST, and takes out what was hidden or erased since.
    """
    *paths, destination = names
    if standard:
        known = registers.standard(standard)
        paths += registers.registers().filter(standard_name=known.name).values_list("path", flat=True)
    if is_all:
        paths += registers.registers().values_list("path", flat=True)
    place = Path(destination)
    if not paths and not (place / MARK).exists():
        raise click.UsageError("Name at least one list and then the folder, or say --all or --standard.")
    with progress_bar("Writing") as report:
        done = export_static(paths, place, lambda _path, written, size: report(written, size))
    if as_json:
        click.echo(json.dumps({"destination": str(place), "lists": [vars(one) for one in done]}, indent=2))
        return
    for one in done:
        click.echo(f"{one.path}: {_told(one)}")
    click.echo(f"Check it with: guildhall verify {place}")


def _told(one: Copied) -> str:
    if one.is_removed:
        return "removed, because the hall shows it no more."
    return f"{one.changes:,} changes; {'brought up to date' if one.files else 'nothing new'}."


COMMANDS = (export_static_command,)
