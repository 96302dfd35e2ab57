"""Commands for a hall that was put back from a copy: whether it is the one that signed last, and if not, what then."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

import click

from guildhall.config.environment import read_origin
from guildhall.config.health import why_nothing_is_signed
from guildhall.registers import elsewhere, last_checkpoints
from guildhall.registers.last_checkpoints import UnreadableCheckpointsError
from guildhall.registers.restored import Difference, RestoredHallError, differences
from guildhall.registers.succession import OriginRefusedError, start_new_origin

_MOST = 20


@click.command("restore-check")
@click.option(
    "--checkpoint",
    "sources",
    multiple=True,
    metavar="SOURCE",
    help="Compare with a checkpoint from elsewhere too, a file or an address. May be repeated.",
)
@click.option(
    "--none", "there_is_none", is_flag=True, help="State that no checkpoint is known anywhere, and sign again."
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def restore_check(*, sources: tuple[str, ...], there_is_none: bool, as_json: bool) -> None:
    """Say whether the hall may sign: whether the database holds all that it has signed.

    It is compared with the file last-checkpoints, beside the log key. Where that was lost, or put back together with
    the database, --checkpoint compares with what others have kept: a list's checkpoint from a mirror, the file in
    which guildhall verify remembers, or a copy of last-checkpoints. Say --none only if there is nothing anywhere: if
    the database is old, what is signed from then on contradicts what was signed before.
    """
    missing: list[Difference] = []
    if there_is_none and elsewhere.is_known_here():
        raise click.UsageError(f"{last_checkpoints.file()} is there and counts. Say nothing more than restore-check.")
    if sources:
        missing = elsewhere.heed(
            {path: note for source in sources for path, note in elsewhere.checkpoints_of(source).items()}
        )
    elif there_is_none:
        elsewhere.state_none()
    else:
        missing = _missing_here()
    refusal = why_nothing_is_signed()
    if as_json:
        click.echo(json.dumps(_as_json(missing, refusal), indent=2, ensure_ascii=False))
    else:
        _tell(missing, refusal)
    sys.exit(1 if refusal else 0)


def _missing_here() -> list[Difference]:
    try:
        known = last_checkpoints.read()
    except UnreadableCheckpointsError:
        return []  # which is then the reason why nothing is signed
    return differences(known.checkpoints) if known is not None else []


def _tell(missing: list[Difference], refusal: RestoredHallError | None) -> None:
    for one in missing[:_MOST]:
        click.echo(f"  {one}")
    if len(missing) > _MOST:
        click.echo(f"  and {len(missing) - _MOST:,} more lists")
    if refusal is None:
        click.echo("This hall holds all that it has signed, as far as is known, and signs.")
        return
    click.echo(f"{refusal.title}: {refusal.problem}", err=True)
    click.echo(refusal.remedy if not missing else _CHOICES, err=True)


_CHOICES = """What you can do:
  1. Look for a newer copy of the database and restore that: nothing is lost then.
  2. If there is none, publish on under a new origin, on the record: guildhall new-origin NAME"""


def _as_json(missing: list[Difference], refusal: RestoredHallError | None) -> dict[str, object]:
    return {
        "signs": refusal is None,
        "problem": refusal.problem if refusal else "",
        "remedy": refusal.remedy if refusal else "",
        "lost": [
            {"register": one.path, "first-entry": one.held + 1, "last-entry": one.signed}
            for one in missing
            if one.is_lost
        ],
        "altered": [{"register": one.path, "entries": one.signed} for one in missing if not one.is_lost],
    }


@click.command("new-origin")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do it without asking.")
def new_origin(*, name: str, yes: bool) -> None:
    """Go on under the origin NAME after part of the history was lost. The old origin stays on the record.

    Everyone who checks this hall will be told that it is another, and must trust its key anew. /log-keys says which
    origins there were, with the last checkpoints known of each.
    """
    try:
        read_origin(name)
    except ValueError as error:
        raise OriginRefusedError(f"{name} cannot be an origin.", f"It {error}.") from error
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("Nobody can be asked here. Say --yes to go on under the new origin.")
        click.confirm(f"Sign as {name} from now on? This cannot be taken back.", abort=True, err=True)
    start_new_origin(name, now=datetime.now(UTC))
    click.echo(f"This hall signs as {name} now. Set GUILDHALL_ORIGIN to it, and start its programs again.")


COMMANDS = (restore_check, new_origin)
