"""Commands that take something down: for a while, or for ever by law."""

from __future__ import annotations

import json
import sys

import click

from guildhall.registers.hiding import ranges
from guildhall.registers.hiding.actions import Done, What, erase, grounds, hold, lift, retire, runs_of

_REMOVED = "The worker removes the values from every copy here, within 24 hours."
_PATH = click.argument("path", metavar="LIST")
_ENTRY = click.option("--entry", "entries", multiple=True, help="The number of a change, or a range: 17 or 20-99.")
_PUBLICATION = click.option(
    "--publication", type=int, help="All changes of one publication, by its number in the list."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")


@click.command("hold")
@_PATH
@_ENTRY
@_PUBLICATION
@click.option("--key", default="", help="A record with all its changes, later ones too.")
@click.option("--lift", "is_lifted", is_flag=True, help="Show again what was hidden by the same words.")
@_JSON
def hold_command(
    *, path: str, entries: tuple[str, ...], publication: int | None, key: str, is_lifted: bool, as_json: bool
) -> None:
    """Hide values of LIST everywhere at once, while a mistake is looked into. Nothing is lost by it."""
    what = _what(path, entries, publication, key)
    done = lift(what=what) if is_lifted else [hold(what=what)]
    if as_json:
        click.echo(json.dumps([_as_json(one, "hold") for one in done], indent=2, ensure_ascii=False))
        return
    for one in done:
        click.echo(f"{_told(one)} {'shown again' if is_lifted else 'hidden from now on'} (hall/hold {one.name}).")
    if not is_lifted:
        click.echo("To show it again, say the same with --lift.")


@click.command("erase")
@_PATH
@_ENTRY
@_PUBLICATION
@click.option("--ground", required=True, type=click.Choice(grounds()), help="The legal ground. Everyone can read it.")
@click.option("--yes", is_flag=True, help="Erase without asking.")
@_JSON
def erase_command(
    *, path: str, entries: tuple[str, ...], publication: int | None, ground: str, yes: bool, as_json: bool
) -> None:
    """Erase values of LIST for ever, because a law requires it. That there were such changes stays on record."""
    what = _what(path, entries, publication, "")
    numbers = "; ".join(ranges.written(runs_of(what)))
    if not yes and not _agreed(f"Erase the values of {path}, change {numbers}? They cannot be had back by anyone."):
        return
    done = erase(what=what, ground=ground)
    if as_json:
        click.echo(json.dumps(_as_json(done, "erasure") | {"ground": ground}, indent=2, ensure_ascii=False))
        return
    click.echo(f"{_told(done)} hidden from now on (hall/erasure {done.name}).")
    click.echo(_REMOVED)


@click.command("retire")
@_PATH
@click.option("--ground", required=True, type=click.Choice(grounds()), help="The legal ground. Everyone can read it.")
@click.option("--successor", default="", help="The list that takes its place.")
@click.option("--yes", is_flag=True, help="Retire it without asking.")
@_JSON
def retire_command(*, path: str, ground: str, successor: str, yes: bool, as_json: bool) -> None:
    """Close LIST for ever and erase all of it, because its keys may not be read."""
    if not yes and not _agreed(f"Erase the whole of {path}, keys too? Nobody can have it back."):
        return
    done = retire(path=path, ground=ground, successor=successor)
    if as_json:
        click.echo(json.dumps(_as_json(done, "erasure") | {"ground": ground}, indent=2, ensure_ascii=False))
        return
    click.echo(f"{path} is retired: what it held is gone, from now on (hall/erasure {done.name}).")
    click.echo(_REMOVED)


def _what(path: str, entries: tuple[str, ...], publication: int | None, key: str) -> What:
    if sum((bool(entries), publication is not None, bool(key))) != 1:
        raise click.UsageError("Say what: --entry, which may be repeated, or --publication; or --key of a hold.")
    return What(path, entries, publication, key)


def _agreed(question: str) -> bool:
    if not sys.stdin.isatty():
        raise click.UsageError("Nobody can be asked here. Say --yes to erase.")
    if click.confirm(question, err=True):
        return True
    click.echo("Nothing was erased.", err=True)
    return False


def _told(done: Done) -> str:
    count = "1 change is" if done.changes == 1 else f"{done.changes:,} changes are"
    return f"{done.path}, {'; '.join(ranges.written(done.runs))}: {count}"


def _as_json(done: Done, name: str) -> dict[str, object]:
    return {
        name: done.name,
        "register": done.path,
        "entries": ranges.written(done.runs),
        "changes": done.changes,
        "size": done.receipt.size,
    }


COMMANDS = (hold_command, erase_command, retire_command)
