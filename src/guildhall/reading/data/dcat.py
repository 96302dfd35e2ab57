"""Every list, and all lists to each standard, as a DCAT-AP catalogue in JSON-LD, for national catalogues to harvest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from guildhall.kit.access import anyone
from guildhall.kit.negotiate import Format
from guildhall.kit.values import licence_address
from guildhall.log.leaf import format_time
from guildhall.reading import addresses
from guildhall.reading.data import packages
from guildhall.reading.data.packages import JSON_LD
from guildhall.reading.data.streams import streamed
from guildhall.registers.exports import facts, subject
from guildhall.registers.exports.subject import Subject
from guildhall.registers.models import Register
from guildhall.registers.queries import registers

_AT_ONCE = 200
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_MEDIA_TYPES = "http://www.iana.org/assignments/media-types/"
_ENGLISH = "http://publications.europa.eu/resource/authority/language/ENG"


@anyone
def catalogue(request: HttpRequest) -> HttpResponseBase:
    return streamed(request, JSON_LD, lambda: _catalogue(request))


def _catalogue(request: HttpRequest) -> Iterator[str]:
    """One object a line: the catalogue itself, then its data sets."""
    at = request.build_absolute_uri
    kept = registers.lists_by_standard()
    named = [row.name for row in registers.standards() if kept.get(row.name)]
    paths = Register.objects.order_by("path").values_list("path", flat=True)
    ids = [at(f"{addresses.standard(name)}/records") for name in named] + [
        at(addresses.register(path)) for path in paths
    ]
    publisher: dict[str, Any] = {
        "@type": "foaf:Agent",
        "foaf:name": settings.GUILDHALL_TITLE,
        "foaf:homepage": _at(at("/")),
    }
    told = {
        "@id": at("/catalogue.jsonld"),
        "@type": "dcat:Catalog",
        "dct:title": settings.GUILDHALL_TITLE,
        "dct:description": "Lists that organisations keep to shared data standards, with their whole history.",
        "dct:publisher": publisher,
        "dct:language": _at(_ENGLISH),
        "foaf:homepage": _at(at("/")),
        "dcat:dataset": [_at(one) for one in ids],
    }
    yield f'{{"@context":{json.dumps(_CONTEXT)},"@graph":[\n{_json(told)}'
    for name in named:
        yield f",\n{_json(_dataset(request, subject.of_standard(name)))}"
    for register in registers.registers().iterator(chunk_size=_AT_ONCE):
        yield f",\n{_json(_dataset(request, subject.of_register(register)))}"
    yield "\n]}\n"


def _dataset(request: HttpRequest, known: Subject) -> dict[str, Any]:
    page = request.build_absolute_uri(packages.page_address(known))
    sources = [register.source for register in known.registers if register.source and not known.is_joined]
    licences = facts.licences(known)
    made: dict[str, Any] = {
        "@id": page,
        "@type": "dcat:Dataset",
        "dct:identifier": page,
        "dct:title": known.title,
        "dct:description": packages.description(known),
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": packages.keeper(known)},
        "dct:modified": {"@value": format_time(known.time), "@type": "xsd:dateTime"} if known.time else None,
        "dct:conformsTo": _at(request.build_absolute_uri(addresses.standard(known.standard.name))),
        "dct:language": _at(_ENGLISH),
        "dcat:landingPage": _at(page),
        "dcat:keyword": [known.standard.title],
        "dcat:contactPoint": _contact(),
        "dct:provenance": [_statement("dct:ProvenanceStatement", source) for source in sources],
        "dcat:distribution": [
            _distribution(one, address, licences) for one, address in packages.distributions(request, known)
        ],
    }
    return {name: value for name, value in made.items() if value}


def _distribution(known: Format, address: str, licences: list[str]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "@type": "dcat:Distribution",
        "dct:title": known.name.upper(),
        "dcat:accessURL": _at(address),
        "dcat:downloadURL": _at(address),
        "dcat:mediaType": _at(f"{_MEDIA_TYPES}{known.media_type}"),
    }
    # A distribution has one licence, with an address; what is more, or has none, is told in words.
    found = licence_address(licences[0]) if len(licences) == 1 else None
    if found:
        told["dct:license"] = _at(found)
    elif licences:
        told["dct:rights"] = _statement("dct:RightsStatement", "; ".join(licences))
    return told


def _statement(kind: str, words: str) -> dict[str, str]:
    return {"@type": kind, "rdfs:label": words}


def _contact() -> dict[str, Any] | None:
    contact = settings.GUILDHALL_CONTACT
    if not contact:
        return None
    name = "vcard:hasEmail" if "@" in contact and "://" not in contact else "vcard:hasURL"
    return {
        "@type": "vcard:Organization",
        "vcard:fn": settings.GUILDHALL_TITLE,
        name: _at(f"mailto:{contact}" if name == "vcard:hasEmail" else contact),
    }


def _at(address: str) -> dict[str, str]:
    return {"@id": address}


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
