"""What a list is and holds, as GOV.UK Registers told it, and the proofs that are given one at a time."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from guildhall.kit.access import anyone
from guildhall.kit.answers import json_answer, revalidated
from guildhall.kit.negotiate import JSON, Format, offers
from guildhall.log.leaf import format_time, multihash
from guildhall.reading.data import etags
from guildhall.registers import catalogue
from guildhall.registers.models import Register
from guildhall.registers.queries import registers
from guildhall.registers.queries.proofs import Proofs
from guildhall.schema.model import Field

HASHING = {"digest-length": 32, "function-type": 18, "codec": "sha2-256"}
# The data types of GOV.UK Registers, version 2, by our field's format and then by its type; others are strings.
_BY_FORMAT = {"curie": "curie", "uri": "url", "text": "text"}
_BY_TYPE = {
    "integer": "integer",
    "date": "datetime",
    "datetime": "datetime",
    "year": "datetime",
    "yearmonth": "datetime",
    "duration": "period",
}


@anyone
@offers(JSON)
def context(request: HttpRequest, chosen: Format, organisation: str, name: str) -> HttpResponseBase:
    found = registers.register(f"{organisation}/{name}")
    return revalidated(request, etags.of_register(found, request, chosen), lambda: json_answer(_context(found)))


@anyone
@offers(JSON)
def register_proof(request: HttpRequest, chosen: Format, organisation: str, name: str) -> HttpResponseBase:
    found = registers.register(f"{organisation}/{name}")
    proof = {"root-hash": multihash(bytes(found.head.root)), "total-entries": found.head.size}
    return revalidated(request, etags.of_register(found, request, chosen), lambda: json_answer(proof))


@anyone
@offers(JSON)
def entry_proof(  # noqa: PLR0917 - the parts of its address
    request: HttpRequest, chosen: Format, organisation: str, name: str, number: int, size: int
) -> HttpResponseBase:
    """That entry `number` is in the tree of `size` entries. Raises UnknownTileError."""
    found = registers.register(f"{organisation}/{name}")
    return _proof(request, chosen, found, lambda proofs: proofs.inclusion(number, size))


@anyone
@offers(JSON)
def consistency_proof(  # noqa: PLR0917 - the parts of its address
    request: HttpRequest, chosen: Format, organisation: str, name: str, old: int, new: int
) -> HttpResponseBase:
    """That the tree of `old` entries is the beginning of that of `new`. Raises UnknownTileError."""
    found = registers.register(f"{organisation}/{name}")
    return _proof(request, chosen, found, lambda proofs: proofs.consistency(old, new))


def datatype(known: Field) -> str:
    kind = known.item_type if known.is_list else known.type
    return _BY_FORMAT.get(known.format) or _BY_TYPE.get(kind, "string")


def _proof(
    request: HttpRequest, chosen: Format, found: Register, path: Callable[[Proofs], list[bytes]]
) -> HttpResponseBase:
    def make() -> HttpResponseBase:
        return json_answer({"audit-path": [multihash(one) for one in path(Proofs(found, found.head.size))]})

    return revalidated(request, etags.of_register(found, request, chosen), make)


def _context(register: Register) -> dict[str, object]:
    head = register.head
    standard = catalogue.current_standard(register.standard_name)
    first = registers.first_publication(register)
    status = {"start-date": format_time(first.time if first else 0)}
    if register.end_date:
        status["end-date"] = register.end_date
    return {
        "id": register.name,
        "title": register.title,
        "description": register.description,
        "custodian": register.keeper.name,
        "licence": register.licence,
        "hashing-algorithm": HASHING,
        "root-hash": multihash(bytes(head.root)),
        "schema": [
            {
                "id": known.name,
                "datatype": datatype(known),
                "cardinality": "n" if known.is_list else "1",
                "title": known.title,
                "description": known.description,
            }
            for known in standard.key_first
        ],
        # Salts make every entry's values a blob of its own.
        "statistics": {"total-records": head.records, "total-entries": head.size, "total-blobs": head.size},
        "status": status,
    }
