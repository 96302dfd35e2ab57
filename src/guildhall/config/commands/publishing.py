"""Commands that publish: a file, a data standard, an organisation."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

import click

from guildhall.config.commands.progress import staged_progress
from guildhall.publishing import registers as opening
from guildhall.publishing.files import Preview, preview_file, publish_file
from guildhall.registers.compare import ADDED, CHANGED
from guildhall.registers.publish import Receipt

_EXAMPLES = 5


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--register", "path", required=True, help="The list, such as hackney/brownfield-land.")
@click.option("--standard", help="Its data standard. May be left out for a list that is there already.")
@click.option("--dry-run", is_flag=True, help="Show what would change and publish nothing.")
@click.option("--yes", is_flag=True, help="Publish without asking.")
@click.option("--close-missing", is_flag=True, help="Give an end date to records that the file no longer has.")
@click.option(
    "--replace-erased", is_flag=True, help="Publish also records that were erased, or are held, if the file has them."
)
@click.option("--reason", default="", help="Why, in a few words. Everyone can read it.")
@click.option("--title", default="", help="For a new list: what it is called.")
@click.option("--source", default="", help="For a new list: where its facts come from.")
@click.option(
    "--source-date", default="", help="For a new list: when the facts were true: YYYY, YYYY-MM or YYYY-MM-DD."
)
@click.option("--licence", default="", help="For a new list. Left out: the Open Government Licence v3.0.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def publish(
    *,
    file: Path,
    path: str,
    standard: str | None,
    dry_run: bool,
    yes: bool,
    close_missing: bool,
    replace_erased: bool,
    reason: str,
    title: str,
    source: str,
    source_date: str,
    licence: str,
    as_json: bool,
) -> None:
    """Publish FILE, a CSV, as the list that --register names. Shows what will change and asks first."""
    with staged_progress() as report:
        preview = preview_file(file, path=path, standard_name=standard, on_progress=report)
    if not as_json:
        _show_preview(preview, close_missing=close_missing)
    receipt = None
    if preview.is_clean and not dry_run and _agreed(preview, yes=yes, close_missing=close_missing):
        description = opening.Description(title=title, source=source, source_date=source_date, licence=licence)
        with staged_progress() as report:
            receipt = publish_file(
                preview,
                reason=reason,
                close_missing=close_missing,
                replace_erased=replace_erased,
                description=description,
                on_progress=report,
            )
    if as_json:
        click.echo(json.dumps(_as_json(preview, receipt), indent=2, ensure_ascii=False))
    elif receipt is not None:
        _show_receipt(receipt)
    if not preview.is_clean:
        if not as_json:
            click.echo("Nothing was published. Correct these rows in the file and publish it again.", err=True)
        sys.exit(1)


def _agreed(preview: Preview, *, yes: bool, close_missing: bool) -> bool:
    """Whether to go on: nothing to do needs no question; without a terminal only --yes will do."""
    found = preview.comparison
    if yes or not (found.added or found.changed or (close_missing and found.missing)):
        return True
    if not sys.stdin.isatty():
        raise click.UsageError("Nobody can be asked here. Say --yes to publish, or --dry-run to look only.")
    # Asked beside the answer, which may be JSON for a program.
    if click.confirm(f"Publish this to {preview.path}? It can be corrected later but never removed.", err=True):
        return True
    click.echo("Nothing was published.", err=True)
    return False


def _show_preview(preview: Preview, *, close_missing: bool) -> None:
    report, found = preview.report, preview.comparison
    is_new = "" if preview.register else " (a new list)"
    click.echo(f"{preview.file.name} -> {preview.path}{is_new}, data standard {preview.standard.name}")
    for note in report.notes:
        click.echo(f"  Note: {note}")
    click.echo(f"  {report.row_count:>9,} rows")
    click.echo(f"  {found.added:>9,} new{_some(found.examples[ADDED], found.added)}")
    click.echo(f"  {found.changed:>9,} changed{_some(found.examples[CHANGED], found.changed)}")
    click.echo(f"  {found.unchanged:>9,} unchanged")
    ending = "; they will be given an end date" if close_missing and found.missing else ""
    click.echo(f"  {len(found.missing):>9,} missing from the file{_some(found.missing, len(found.missing))}{ending}")
    if found.hidden:
        named = _some(found.hidden, len(found.hidden))
        click.echo(f"  {len(found.hidden):>9,} of them taken down before: erased by law, or held{named}")
    click.echo(f"  {report.error_count:>9,} in error")
    for group in report.groups:
        click.echo(f"    {group.summary}")
        for problem in group.examples:
            click.echo(f"      {problem}")


def _some(keys: list[str], count: int) -> str:
    if not keys:
        return ""
    return f": {', '.join(keys[:_EXAMPLES])}{' …' if count > _EXAMPLES else ''}"


def _show_receipt(receipt: Receipt) -> None:
    if receipt.publication is None:
        click.echo(f"{receipt.path} is the same already: nothing was published.")
        return
    click.echo(
        f"Published to {receipt.path}: {receipt.added:,} new, {receipt.changed:,} changed, {receipt.closed:,} ended, "
        f"{receipt.unchanged:,} unchanged."
    )
    click.echo("Its new checkpoint:\n" + receipt.checkpoint.rstrip())


def _as_json(preview: Preview, receipt: Receipt | None) -> dict[str, Any]:
    found, report = preview.comparison, preview.report
    return {
        "register": preview.path,
        "standard": preview.standard.name,
        "rows": report.row_count,
        "new": found.added,
        "changed": found.changed,
        "unchanged": found.unchanged,
        "missing": len(found.missing),
        "taken-down": len(found.hidden),
        "in-error": report.error_count,
        "notes": list(report.notes),
        "problems": [
            {"row": problem.row, "column": problem.column, "value": problem.value, "problem": str(problem)}
            for group in report.groups
            for problem in group.examples
        ],
        "published": None if receipt is None else dataclasses.asdict(receipt),
    }


@click.group()
def standard() -> None:
    """Look after the data standards of this hall."""


@standard.command("add")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", help="Its short name, if the file has none.")
@click.option("--key", multiple=True, help="The field that names a record, if the file does not say. May be repeated.")
def standard_add(*, file: Path, name: str | None, key: tuple[str, ...]) -> None:
    """Add the Table Schema in FILE, a JSON file, or a new version of it."""
    try:
        descriptor = json.loads(file.read_bytes())
    except ValueError as error:
        raise opening.StandardRefusedError(
            f"{file.name} is not JSON: {error}.", "Give a Table Schema as JSON."
        ) from error
    if not isinstance(descriptor, dict):
        raise opening.StandardRefusedError(f"{file.name} does not hold a Table Schema.", "It must be a JSON object.")
    added = opening.add_standard(descriptor, name=name, key=key or None)
    for finding in added.findings:
        click.echo(f"  Note: {finding.message}")
    click.echo(f"The data standard {added.standard.name}, version {added.standard.version}, is ready to use.")


@click.group()
def organisation() -> None:
    """Look after the organisations of this hall."""


@organisation.command("add")
@click.argument("slug")
@click.option("--name", required=True, help="What it is called.")
@click.option("--kind", required=True, help="council, central-government, supplier, community or other.")
@click.option("--website", default="", help="Its home page.")
def organisation_add(*, slug: str, name: str, kind: str, website: str) -> None:
    """Add an organisation that can keep lists. SLUG is its short name in addresses and never changes."""
    opening.add_organisation({"organisation": slug, "name": name, "kind": kind, "website": website})
    click.echo(f"{name} can now keep lists under {slug}/.")


COMMANDS = (publish, standard, organisation)
