"""Descriptions of a list's files for programs: a Frictionless data package, and schema.org for search engines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from guildhall.kit.access import anyone
from guildhall.kit.answers import csv_answer, json_answer, revalidated
from guildhall.kit.negotiate import CSV, JSON, Format
from guildhall.kit.values import licence_address
from guildhall.reading import addresses
from guildhall.reading.data import etags
from guildhall.reading.exports import formats, offers
from guildhall.registers import catalogue
from guildhall.registers.exports import facts, files, subject
from guildhall.registers.exports.subject import Subject
from guildhall.registers.queries import registers
from guildhall.schema.portable import portable_field

JSON_LD = Format("jsonld", "application/ld+json", "application/ld+json")
_SCHEMA_ORG = "https://schema.org/"
# A package names so many sources.
_SOURCES = 100
_TABULAR = {CSV.name, formats.XLSX.name, formats.PARQUET.name}


@anyone
def list_package(request: HttpRequest, organisation: str, name: str) -> HttpResponseBase:
    """A list's `datapackage.json`."""
    return _of_list(request, f"{organisation}/{name}", JSON, package)


@anyone
def joined_package(request: HttpRequest, name: str) -> HttpResponseBase:
    """That of all lists to a standard."""
    return _of_standard(request, name, JSON, package)


@anyone
def list_dataset(request: HttpRequest, organisation: str, name: str) -> HttpResponseBase:
    """A list as a schema.org Dataset, in JSON-LD."""
    return _of_list(request, f"{organisation}/{name}", JSON_LD, dataset)


@anyone
def joined_dataset(request: HttpRequest, name: str) -> HttpResponseBase:
    """That of all lists to a standard."""
    return _of_standard(request, name, JSON_LD, dataset)


@anyone
def template(request: HttpRequest, name: str) -> HttpResponseBase:
    """An empty CSV with the header of a standard: what a list to it is written in."""
    registers.standard(name)
    standard = catalogue.current_standard(name)

    def make() -> HttpResponse:
        response = csv_answer([known.name for known in standard.fields], ())
        response.headers["Content-Disposition"] = f'attachment; filename="{name}-template.csv"'
        return response

    return revalidated(request, etags.of_hall(request, CSV, name, standard.version), make)


def package(request: HttpRequest, known: Subject) -> dict[str, Any]:
    """A Data Package (version 1 of the specification) that names all formats."""
    told = facts.of(known)
    made: dict[str, Any] = {
        "profile": "data-package",
        "name": known.stem,
        "id": request.build_absolute_uri(page_address(known)),
        "title": known.title,
        "description": told.get("description", ""),
        "homepage": request.build_absolute_uri(page_address(known)),
        "version": str(known.size),
        "created": told.get("last-changed"),
        "licenses": [_licence(text) for text in facts.licences(known)],
        "sources": [{"title": source} for source in _sources(known)[:_SOURCES]],
        "contributors": [{"title": keeper(known), "role": "publisher"}],
        "resources": list(_resources(request, known)),
    }
    if "checkpoint" in told:
        made["checkpoint"] = told["checkpoint"]
    return {name: value for name, value in made.items() if value}


def dataset(request: HttpRequest, known: Subject) -> dict[str, Any]:
    """A schema.org Dataset."""
    told = facts.of(known)
    page = request.build_absolute_uri(page_address(known))
    made: dict[str, Any] = {
        "@context": _SCHEMA_ORG,
        "@type": "Dataset",
        "@id": page,
        "url": page,
        "name": known.title,
        "description": description(known),
        "version": str(known.size),
        "license": [_license(text) for text in facts.licences(known)],
        "creator": _maker(request, known),
        "publisher": {"@type": "Organization", "name": keeper(known)},
        "dateModified": told.get("last-changed"),
        "temporalCoverage": told.get("source-date"),
        "isAccessibleForFree": True,
        "variableMeasured": [one.title for one in known.fields],
        "isPartOf": request.build_absolute_uri(page_address_of_standard(known)),
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "name": settings.GUILDHALL_TITLE,
            "url": request.build_absolute_uri("/"),
        },
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": one.media_type, "contentUrl": address, "name": one.name}
            for one, address in distributions(request, known)
        ],
    }
    return {name: value for name, value in made.items() if value}


def description(known: Subject) -> str:
    """What it is, in sentences: its own words, then what its standard says."""
    own = "" if known.is_joined else known.registers[0].description
    told = [text for text in (own, known.standard.description) if text]
    if known.is_joined:
        told.append(f"All lists that organisations keep to this data standard, read as one: {len(known.registers):,}.")
    elif known.registers[0].is_unofficial_copy:
        told.append(f"Unofficial copy, not kept by {known.registers[0].organisation.name}.")
    return " ".join(told) or f"{known.title}, kept to the data standard {known.standard.title}."


def distributions(request: HttpRequest, known: Subject) -> Iterator[tuple[Format, str]]:
    """Each format with its whole address."""
    for one in formats.of(known.standard):
        yield one, request.build_absolute_uri(f"{offers.base_address(known)}.{one.name}")


def page_address(known: Subject) -> str:
    return f"/{facts.address(known)}"


def page_address_of_standard(known: Subject) -> str:
    return addresses.standard(known.standard.name)


def _of_list(request: HttpRequest, path: str, chosen: Format, make: Any) -> HttpResponseBase:
    found = registers.register(path)
    tag = etags.of_register(found, request, chosen)
    return revalidated(request, tag, lambda: _typed(make(request, subject.of_register(found)), chosen))


def _of_standard(request: HttpRequest, name: str, chosen: Format, make: Any) -> HttpResponseBase:
    registers.standard(name)
    tag = etags.of_hall(request, chosen, name)
    return revalidated(request, tag, lambda: _typed(make(request, subject.of_standard(name)), chosen))


def _typed(told: Mapping[str, Any], chosen: Format) -> HttpResponse:
    response = json_answer(told)
    response.headers["Content-Type"] = chosen.content_type
    return response


def _resources(request: HttpRequest, known: Subject) -> Iterator[dict[str, Any]]:
    schema = _table_schema(known)
    for one, address in distributions(request, known):
        told: dict[str, Any] = {
            "name": f"{known.stem}-{one.name}",
            "path": address,
            "format": one.name,
            "mediatype": one.media_type,
        }
        if one is CSV:
            told |= {"profile": "tabular-data-resource", "encoding": "utf-8"}
        if one.name in _TABULAR:
            told["schema"] = schema
        kept = files.current(known, one.name) if formats.is_file(one) else None
        yield told | ({"bytes": kept.length} if kept else {})


def _table_schema(known: Subject) -> dict[str, Any]:
    """The standard as it was added, its fields in the order of the columns; before them those of a joined view."""
    descriptor = registers.standard(known.standard.name).descriptor
    told = {one["name"]: one for one in descriptor["fields"]}
    leading = [{"name": name, "type": "string"} for name in known.leading]
    own = [
        portable_field(one, told[one.name], is_alone=not known.is_joined) | {"name": known.column(one)}
        for one in known.fields
    ]
    return {"fields": [*leading, *own], "primaryKey": list(known.key_columns), "missingValues": [""]}


def _licence(text: str) -> dict[str, str]:
    address = licence_address(text)
    return {"name": "OGL-UK-3.0", "path": address, "title": text} if address else {"name": "other", "title": text}


def _license(text: str) -> str | dict[str, str]:
    """For schema.org: its address, or its name where we know none."""
    return licence_address(text) or {"@type": "CreativeWork", "name": text}


def _sources(known: Subject) -> list[str]:
    return list(dict.fromkeys(register.source for register in known.registers if register.source))


def keeper(known: Subject) -> str:
    """Who answers for it: of all lists to a standard, the hall that reads them as one."""
    return settings.GUILDHALL_TITLE if known.is_joined else known.registers[0].keeper.name


def _maker(request: HttpRequest, known: Subject) -> dict[str, str] | None:
    if known.is_joined:
        return None
    organisation = known.registers[0].organisation
    address = request.build_absolute_uri(addresses.organisation(organisation))
    return {"@type": "Organization", "name": organisation.name, "url": organisation.website or address}
