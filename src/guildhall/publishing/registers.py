"""Opening registers, and adding the organisations and standards that they need."""

from __future__ import annotations

import datetime
import difflib
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from guildhall.kit.exceptions import BadRequestError, ConflictError
from guildhall.registers import catalogue, hall
from guildhall.registers.errors import UnknownOrganisationError
from guildhall.registers.models import Organisation, Register, RegisterHead
from guildhall.registers.publish import Clock, Options, Receipt, publish
from guildhall.registers.queries import registers
from guildhall.registers.rows import ListRows
from guildhall.schema.lint import Finding, lint, mend
from guildhall.schema.load import StandardError, parse_standard
from guildhall.schema.model import Standard
from guildhall.schema.rows import check_row

_PATH = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*")


class RegisterNameError(BadRequestError):
    """A list's name that cannot be an address."""

    title = "This cannot be the name of a list"


class RegisterTakenError(ConflictError):
    """A list that is to be opened is open already, and to another standard."""

    title = "This list is open already"


class StandardRefusedError(BadRequestError):
    """A Table Schema that cannot be used as it is, and why."""

    title = "This data standard cannot be added"


class ItemRefusedError(BadRequestError):
    """An entry for one of the hall's own registers that does not keep to its standard."""

    title = "These details cannot be published"


@dataclass(frozen=True)
class Description:
    """What is told of a new list. Empty texts are left out; the title is made from the standard's where it is empty."""

    title: str = ""
    source: str = ""
    source_date: str = ""
    licence: str = ""


@dataclass(frozen=True)
class AddedStandard:
    standard: Standard
    findings: list[Finding]
    receipt: Receipt


def check_path(path: str) -> Organisation:
    """The organisation that a new list would belong to. Raises RegisterNameError, UnknownOrganisationError."""
    if not _PATH.fullmatch(path):
        raise RegisterNameError(
            f"{path} cannot be the name of a list.",
            "Write it as organisation/name in lower case, such as hackney/brownfield-land.",
        )
    slug = path.partition("/")[0]
    found = Organisation.objects.filter(slug=slug).first()
    if found is not None:
        return found
    near = difflib.get_close_matches(slug, Organisation.objects.values_list("slug", flat=True), n=3)
    raise UnknownOrganisationError(
        f"There is no organisation called {slug} in this hall.",
        (f"Did you mean {' or '.join(near)}? " if near else "") + "Add it with: guildhall organisation add",
    )


def open_register(path: str, standard: Standard, description: Description, *, clock: Clock = time.time) -> Register:
    """Publish a new list in `hall/register`; it is kept by the organisation itself.

    If someone else opens it at the same time, what the first said of it stands. Raises RegisterTakenError.
    """
    organisation = check_path(path)
    item = {
        "register": path,
        "organisation": organisation.slug,
        "keeper": organisation.slug,
        "standard": standard.name,
        "title": description.title or f"{standard.title}: {organisation.name}",
        "licence": description.licence or "Open Government Licence v3.0",
        "source": description.source or organisation.name,
        "source-date": description.source_date,
        "start-date": datetime.datetime.fromtimestamp(clock(), tz=datetime.UTC).date().isoformat(),
    }
    with transaction.atomic():
        RegisterHead.objects.select_for_update().get(register__path="hall/register")
        if not Register.objects.filter(path=path).exists():
            _publish_in("hall/register", item, f"{path} was opened", clock)
        register = registers.register(path)
    if register.standard_name != standard.name:
        raise RegisterTakenError(
            f"Someone else has just opened {path}, to the data standard {register.standard_name}.",
            "Publish to that data standard, or to another list.",
        )
    return register


def add_organisation(item: Mapping[str, str], *, clock: Clock = time.time) -> Receipt:
    """Publish an organisation in `hall/organisation`. Raises ItemRefusedError."""
    return _publish_in("hall/organisation", item, f"{item.get('name', '')} was added", clock)


def add_standard(
    descriptor: Mapping[str, Any],
    *,
    name: str | None = None,
    key: tuple[str, ...] | None = None,
    clock: Clock = time.time,
) -> AddedStandard:
    """Lint, mend and publish a Table Schema in `hall/standard`. Raises StandardRefusedError."""
    whole = dict(descriptor)
    if name:
        whole["name"] = name
    if key:
        whole["primaryKey"] = list(key)
    whole.setdefault("title", str(whole.get("name", "")).replace("-", " ").capitalize())
    whole.setdefault("version", "1")
    findings = lint(whole)
    try:
        mended = mend(whole)
        standard = parse_standard(mended)
    except StandardError as error:
        raise StandardRefusedError(
            str(error), "Correct the schema, or give what it lacks with --name or --key."
        ) from error
    item = hall.standard_item(mended)
    receipt = _publish_in("hall/standard", item, f"{standard.title} was added", clock)
    return AddedStandard(standard, findings, receipt)


def _publish_in(path: str, item: Mapping[str, str], reason: str, clock: Clock) -> Receipt:
    """Publish one record in one of the hall's own registers."""
    register = registers.register(path)
    standard = catalogue.current_standard(register.standard_name)
    values, problems = check_row(standard, {name: value for name, value in item.items() if value})
    if problems:
        raise ItemRefusedError(" ".join(str(problem) for problem in problems))
    return publish(register, ListRows.of(standard, [values]), options=Options(reason=reason), clock=clock)
