"""`guildhall verify`: check a list, or a whole hall, with nothing but its address and its key."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from guildhall.log.notes import NoteError, VerifierKey
from guildhall.log.verify import check
from guildhall.log.verify.findings import Finding, printable
from guildhall.log.verify.known import KeyChangedError, Known, KnownError, default_path
from guildhall.log.verify.session import Session, Trust, establish_key
from guildhall.log.verify.sources import SourceError, http_client
from guildhall.log.verify.target import find_target

HOLDS, FAILS, CANNOT_TELL = 0, 1, 2


class VerifierKeyType(click.ParamType[VerifierKey]):
    """A verifier key, NAME+ID+KEY."""

    name = "key"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> VerifierKey:
        try:
            return VerifierKey.parse(value)
        except NoteError as error:
            self.fail(str(error), param, ctx)


@click.command("verify")
@click.argument("address")
@click.option(
    "--key", type=VerifierKeyType(), help="The hall's key, a line of its /log-keys. Default: the one remembered."
)
@click.option("--record", metavar="KEY", help="Check this one record only, without reading the list.")
@click.option(
    "--known",
    "known_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file that remembers what was seen before. Default: one of your own.",
)
@click.option("--json", "as_json", is_flag=True, help="Say what was found as JSON.")
def verify(
    address: str, key: VerifierKey | None, record: str | None, known_path: Path | None, *, as_json: bool
) -> None:
    """Check that nothing in a list was altered since it was published.

    ADDRESS is that of a list (…/registers/hackney/project/), of a whole hall, or a folder with copies of the same
    files. Everything is worked out again: the signature, every change, the values of each, and that they go on from
    what was seen last time. The exit status is 0 if all holds, 1 if something does not, 2 if it could not be told.
    """
    known_path = known_path or default_path()
    try:
        with http_client() as client:
            target = find_target(address, client)
            if record is not None and target.path is None:
                raise click.UsageError("--record needs the address of one list, not of a whole hall.")
            known = Known.load(known_path)
            hall_key, trust = establish_key(target, known, key)
            with _progress() as report, Session(target, hall_key, known, report) as session:
                if record is not None and target.path is not None:
                    session.check_record(target.path, record)
                else:
                    session.check_lists(target.paths())
        findings = list(session.findings.values())
        if any(finding.checkpoint for finding in findings):
            known.trust(target.hall.address, hall_key)
        known.save()
    except KeyChangedError as error:
        _end(str(error), FAILS, as_json=as_json)
    except (SourceError, KnownError) as error:
        _end(str(error), CANNOT_TELL, as_json=as_json)
    except KeyboardInterrupt:
        _end("Stopped before everything was checked.", CANNOT_TELL, as_json=as_json)
    _tell(findings, hall_key, trust, as_json=as_json)
    sys.exit(_status(findings))


@contextmanager
def _progress() -> Iterator[check.Progress]:
    """A bar for the list that is being checked, where someone is watching."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bars:
        task = bars.add_task("", total=None)

        def report(path: str, done: int, total: int) -> None:
            bars.update(task, description=path, completed=done, total=total)

        yield report


def _tell(findings: list[Finding], key: VerifierKey, trust: Trust, *, as_json: bool) -> None:
    if as_json:
        told = {
            "origin": key.name,
            "key": key.format(),
            "key-trust": trust.value,
            "holds": _status(findings) == HOLDS,
            "registers": [finding.as_json() for finding in findings],
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for finding in findings:
        for line in finding.lines():
            click.echo(printable(line))
    if len(findings) > 1:
        click.echo(_summary(findings, key))
    if trust is Trust.FOLLOWED:
        click.echo(f"This hall has changed its key, and signed for it with the one before: {key.format()}")
    if trust is Trust.FIRST_USE:
        click.echo(f"This hall was not known here, so its key was taken on trust and remembered: {key.format()}")
        click.echo("Compare it with one from elsewhere, or give that with --key.")


def _summary(findings: list[Finding], key: VerifierKey) -> str:
    failing = sum(bool(finding.problems) for finding in findings)
    unread = sum(bool(finding.unread) for finding in findings)
    changes = sum(finding.size for finding in findings)
    all_of_them = f"{key.name}: {len(findings):,} lists, {changes:,} changes"
    if not failing and not unread:
        return f"{all_of_them}. All hold."
    return f"{all_of_them}. {failing:,} do not hold, {unread:,} could not be checked."


def _status(findings: list[Finding]) -> int:
    if any(finding.problems for finding in findings):
        return FAILS
    return CANNOT_TELL if any(finding.unread for finding in findings) else HOLDS


def _end(sentence: str, status: int, *, as_json: bool) -> NoReturn:
    if as_json:
        click.echo(json.dumps({"holds": False, "error": sentence}, ensure_ascii=False, indent=2))
    click.echo(printable(sentence), err=True)
    sys.exit(status)
