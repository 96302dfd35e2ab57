"""The command line, `guildhall`: every command of the hall, in the words that its pages use."""

from __future__ import annotations

import json
import os
import sys

import click
import django
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError

from guildhall.log.verify.cli import verify


class Guildhall(click.Group):
    """Sets Django up before a command that needs it, and turns domain errors into one clear message."""

    def invoke(self, ctx: click.Context) -> object:
        from guildhall.kit.exceptions import GuildhallError  # noqa: PLC0415 - after the settings are read

        try:
            return super().invoke(ctx)
        except GuildhallError as error:
            if "--json" in sys.argv:
                told = {"title": error.title, "detail": error.problem, "remedy": error.remedy}
                click.echo(json.dumps({"error": told}, indent=2, ensure_ascii=False))
            click.echo(f"{error.title}: {error.problem}", err=True)
            if error.remedy:
                click.echo(error.remedy, err=True)
            ctx.exit(1)
        except (OperationalError, ProgrammingError) as error:
            click.echo(f"The hall's database cannot be used: {str(error).partition(chr(10))[0]}", err=True)
            click.echo("If the hall is new or was brought up to date, run: guildhall migrate", err=True)
            click.echo("Otherwise see DATABASE_URL in docs/reference/settings.md.", err=True)
            ctx.exit(2)


@click.group(cls=Guildhall, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="guildhall", prog_name="guildhall")
def cli() -> None:
    """Guildhall: lists kept by councils, to shared data standards, that anyone can check."""


def _add_commands() -> None:
    """The commands that work on the hall's database import models, so settings come first."""
    from guildhall.config.commands import (  # noqa: PLC0415 - after django.setup()
        backups,
        doctor,
        exporting,
        hall,
        hiding,
        keys,
        log_key,
        publishing,
        restoring,
        serving,
        static,
    )

    modules = (backups, doctor, exporting, hall, hiding, keys, log_key, publishing, restoring, serving, static)
    for command in (command for module in modules for command in module.COMMANDS):
        cli.add_command(command)


def main() -> None:
    """Run the command line. An auditor's `verify` needs no hall, so it runs without reading any setting."""
    cli.add_command(verify)
    if sys.argv[1:2] != ["verify"]:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guildhall.config.settings")
        try:
            django.setup()
        except ImproperlyConfigured as error:
            click.echo(f"The hall cannot start. {error}", err=True)
            sys.exit(2)
        _add_commands()
    cli()
