"""The command that names what is wrong with a hall and what to do about it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from guildhall.config.doctor.examine import examine
from guildhall.config.doctor.findings import State

_MARKS = {State.WELL: "  well ", State.LOOK: "  LOOK ", State.WRONG: "  WRONG"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def doctor(*, as_json: bool) -> None:
    """Name what is wrong with the hall and what to do about it.

    The exit status is 0 if nothing is wrong, 1 if something is. What merely deserves a look does not change it.
    """
    findings = list(examine())
    bad = [one for one in findings if one.state is State.WRONG]
    if as_json:
        click.echo(json.dumps({"well": not bad, "findings": [asdict(one) for one in findings]}, indent=2))
    else:
        for one in findings:
            click.echo(f"{_MARKS[one.state]}  {one.about}: {one.told}")
            if one.remedy:
                click.echo(f"           {one.remedy}")
        click.echo(f"{len(bad):,} things are wrong." if bad else "Nothing is wrong.")
    sys.exit(1 if bad else 0)


COMMANDS = (doctor,)
