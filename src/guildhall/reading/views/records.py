"""One record with its whole history, one change, and how we know that a record is unaltered."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guildhall.kit.access import anyone
from guildhall.log.leaf import entry_leaf, from_multihash
from guildhall.log.merkle import leaf_hash
from guildhall.log.proofs import ProofError, verify_inclusion
from guildhall.log.tiles import TileError
from guildhall.reading import hiding
from guildhall.reading.cells import Cell, CellReader, record_title, rows
from guildhall.reading.state import state_of
from guildhall.reading.views.lists import about
from guildhall.registers import catalogue
from guildhall.registers.models import Publication, Register
from guildhall.registers.queries import reasons as why
from guildhall.registers.queries import records, registers
from guildhall.registers.queries.history import Step, history
from guildhall.registers.queries.proofs import Proofs
from guildhall.schema.model import Field, Standard

# A record's page tells its latest changes; the rest are in the download of its history.
STEPS = 50


@dataclass(frozen=True)
class FieldStep:
    """What one change did to one field."""

    title: str
    was: list[Cell]
    now: list[Cell]


@dataclass(frozen=True)
class HistoryStep:
    """One change of a record as the page tells it."""

    number: int
    time: int
    is_first: bool
    reason: str
    fields: list[FieldStep]
    hidden: str  # why its values may not be shown; empty as a rule


@anyone
def record(request: HttpRequest, organisation: str, name: str, key: str) -> HttpResponse:
    found = registers.register(f"{organisation}/{name}")
    standard = catalogue.current_standard(found.standard_name)
    state = state_of(request, found, standard)
    now = records.record(found, key, state.size)
    # One more than is told: what the earliest one changed is seen against it.
    changes = records.record_entries(found, key, state.size, newest=STEPS + 1)
    steps = history(changes)[-STEPS:]
    context = about(found) | {
        "standard": standard,
        "state": state,
        "row": rows(standard, [(found, now)])[0],
        "steps": list(reversed(told(found, standard, steps))),
        "has_earlier": len(changes) > STEPS,
    }
    return render(request, "reading/record.html", context)


@anyone
def entry(request: HttpRequest, organisation: str, name: str, number: int) -> HttpResponse:
    found = registers.register(f"{organisation}/{name}")
    change = records.entry(found, number, found.head.size)
    standard = catalogue.current_standard(found.standard_name)
    steps = history(records.record_entries(found, change.key, number, newest=2))
    context = about(found) | {
        "standard": standard,
        "change": change,
        "row": rows(standard, [(found, change)])[0],
        "step": told(found, standard, steps[-1:])[0],
        "publication": registers.publication_of(found, number),
    }
    return render(request, "reading/entry.html", context)


@anyone
def proof(request: HttpRequest, organisation: str, name: str, key: str) -> HttpResponse:
    """Work out the proof of one record here and now, and say what it shows."""
    found = registers.register(f"{organisation}/{name}")
    size = found.head.size
    standard = catalogue.current_standard(found.standard_name)
    now = records.record(found, key, size)
    leaf = leaf_hash(entry_leaf(now.number, now.key, now.time, from_multihash(now.hash)))
    path: list[bytes] = []
    try:
        path = Proofs(found, size).inclusion(now.number, size)
        verify_inclusion(now.number - 1, size, leaf, path, bytes(found.head.root))
        holds = now.is_hidden or records.values_are_whole(found, now.number)
    except (ProofError, TileError):
        holds = False
    context = about(found) | {
        "title": record_title(standard, now),
        "change": now,
        "steps": [step.hex() for step in path],
        "holds": holds,
        "fingerprint": bytes(found.head.root).hex(),
        # Quoted for the shell: a key may hold anything, and people copy this.
        "command": shlex.join(
            ["guildhall", "verify", request.build_absolute_uri(f"/registers/{found.path}/"), f"--record={key}"]
        ),
    }
    return render(request, "reading/record_proof.html", context)


def told(found: Register, standard: Standard, steps: list[Step]) -> list[HistoryStep]:
    """Changes of one list as pages tell them: fields by their titles, values with their links."""
    reader = CellReader(standard, [(found, step.change) for step in steps])
    fields = {known.name: known for known in standard.fields}
    places = {name: place for place, name in enumerate(fields)}
    reasons = _reasons(found, [step.change.number for step in steps])
    return [
        HistoryStep(
            step.change.number,
            step.change.time,
            step.is_first,
            reasons.get(step.change.number, ""),
            [
                FieldStep(
                    _title(fields.get(one.name), one.name),
                    _cells(reader, fields.get(one.name), one.was, found),
                    _cells(reader, fields.get(one.name), one.now, found),
                )
                for one in sorted(step.fields, key=lambda one: places.get(one.name, len(places)))
            ],
            hiding.words(step.change),
        )
        for step in steps
    ]


def _title(known: Field | None, name: str) -> str:
    return known.title if known else name


def _cells(reader: CellReader, known: Field | None, values: list[str], found: Register) -> list[Cell]:
    """A field that the standard has no more is shown as it was written."""
    return reader.cells(known, values, found) if known else [Cell(value) for value in values]


def _reasons(found: Register, numbers: list[int]) -> dict[int, str]:
    """Why each change was made, in the publisher's words. Of a list's publications, those of the changes are read."""
    came_with = [Q(first_entry__lte=number, last_entry__gte=number) for number in numbers]
    publications = Publication.objects.filter(reduce(or_, came_with), register=found).exclude(reason="")
    return {
        number: publication.reason
        for publication in why.told(publications.select_related("register__head"))
        for number in numbers
        if publication.first_entry <= number <= publication.last_entry
    }
