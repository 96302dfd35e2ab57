"""What every file says of itself: whose it is, its source, licence and dates, and what was signed for it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings

from guildhall.log.leaf import format_time
from guildhall.registers import identity
from guildhall.registers.exports.subject import Subject

_MANY = 40
_HIDDEN = (
    "Values of some records were erased by law, or are held while a mistake is looked into: only their keys are here."
)


def of(subject: Subject, records: int | None = None) -> dict[str, str]:
    """Facts by their names, in order; what is not known is left out. `records` is how many a file has."""
    excerpt = subject.excerpt
    told = {
        "title": subject.title,
        "description": subject.standard.description if subject.is_joined else subject.registers[0].description,
        "standard": f"{subject.standard.name} {subject.standard.version}",
        "hall": f"{settings.GUILDHALL_TITLE} ({identity.origin()})",
        "asked": excerpt.words() if excerpt else "",
        "address": f"{identity.origin()}/{address(subject)}{_query(subject)}",
        "records": "" if records is None else str(records),
        "changes": str(subject.size),
        "last-changed": format_time(subject.time) if subject.size else "",
        "hidden": _HIDDEN if any(register.head.hidden_runs for register in subject.registers) else "",
    }
    told |= _joined(subject) if subject.is_joined else _one(subject)
    return {name: value for name, value in told.items() if value}


def _query(subject: Subject) -> str:
    """The parameters that show this very excerpt for ever."""
    return f"?{urlencode(subject.excerpt.params)}" if subject.excerpt and subject.excerpt.params else ""


def address(subject: Subject) -> str:
    """Its place in the hall, without a slash before it."""
    if subject.is_joined:
        return f"standards/{subject.standard.name}/records"
    return f"registers/{subject.registers[0].path}/"


def licences(subject: Subject) -> list[str]:
    """The licences of its lists, each once."""
    return sorted({register.licence for register in subject.registers if register.licence})


def _one(subject: Subject) -> dict[str, str]:
    register = subject.registers[0]
    told = {
        "organisation": register.organisation.name,
        "kept-by": register.keeper.name,
        "unofficial-copy": "yes" if register.is_unofficial_copy else "",
        "licence": register.licence,
        "source": register.source,
        "checkpoint": subject.excerpt.checkpoint if subject.excerpt else register.head.checkpoint,
    }
    if not subject.is_past:  # of when the facts of an earlier state were is not known here any more
        told |= {"source-date": register.source_date, "checked-on": register.checked_on}
    return told


def _joined(subject: Subject) -> dict[str, str]:
    sources = sorted({register.source for register in subject.registers if register.source})
    return {
        "lists": str(len(subject.registers)),
        "licence": "; ".join(licences(subject)),
        "source": "; ".join(sources[:_MANY]),
    }
