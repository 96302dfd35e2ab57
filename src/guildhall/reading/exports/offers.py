"""What a page says of a list's downloads before anyone clicks: format, length, and of when each is."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guildhall.kit.negotiate import CSV, JSON, Format
from guildhall.reading.exports import formats, lengths
from guildhall.registers.exports import WRITERS, facts, files
from guildhall.registers.exports.subject import Subject

_TITLES = {
    CSV.name: gettext_lazy("CSV, for any program"),
    formats.XLSX.name: gettext_lazy("Excel (XLSX)"),
    JSON.name: gettext_lazy("JSON"),
    formats.NDJSON.name: gettext_lazy("NDJSON, one record a line"),
    formats.PARQUET.name: gettext_lazy("Parquet, for data tools"),
    formats.SQLITE.name: gettext_lazy("SQLite, which opens in Datasette"),
    formats.GEOJSON.name: gettext_lazy("GeoJSON, for maps"),
}


@dataclass(frozen=True)
class Offer:
    """One format at its address. `length` is in bytes, None where it is not known; `about`, if it is reckoned.

    `is_ready` is False while a large file is still to be made, `is_too_large` where none will be. `time` is None where
    the file shows the list as the page does; else it is of when the list was, in seconds since 1970.
    """

    format: str
    title: str
    url: str
    length: int | None = None
    is_ready: bool = True
    is_too_large: bool = False
    time: int | None = None
    about: bool = False


@dataclass(frozen=True)
class Downloads:
    """All formats: those that most people want, and the others. `records` is None where they were not counted."""

    first: tuple[Offer, ...]
    others: tuple[Offer, ...]
    use_url: str
    records: int | None
    time: int


def of(subject: Subject) -> Downloads:
    """A list whole, or all lists to a standard, in all that there is."""
    package = Offer("json", _("Description of all these files (datapackage.json)"), package_address(subject))
    return _downloads(subject, "", subject.records, (package,))


def of_excerpt(subject: Subject, query: str, records: int | None) -> Downloads:
    """What was asked for at an address that ends in `query`, in all that there is; `records`, if known, are so many."""
    return _downloads(subject, query, records)


def _downloads(subject: Subject, query: str, records: int | None, more: tuple[Offer, ...] = ()) -> Downloads:
    base = base_address(subject)
    known = [(one, _offer(subject, one, f"{base}.{one.name}{query}", records)) for one in formats.of(subject.standard)]
    first = tuple(offer for one, offer in known if one in {CSV, formats.XLSX})
    rest = tuple(offer for one, offer in known if one not in {CSV, formats.XLSX})
    excel = replace(
        _offer(subject, CSV, f"{base}.csv{query}{'&' if query else '?'}for=excel", records), title=_("CSV for Excel")
    )
    return Downloads(first, (excel, *rest, *more), use_address(subject), records, subject.time)


def base_address(subject: Subject) -> str:
    """The address of its files, but for the suffix."""
    place = facts.address(subject)
    return f"/{place}" if subject.is_joined else f"/{place}list"


def use_address(subject: Subject) -> str:
    return f"/standards/{subject.standard.name}/use" if subject.is_joined else f"/{facts.address(subject)}use"


def package_address(subject: Subject) -> str:
    name = "datapackage.json"
    return f"/standards/{subject.standard.name}/{name}" if subject.is_joined else f"/{facts.address(subject)}{name}"


def _offer(subject: Subject, known: Format, url: str, records: int | None) -> Offer:
    offer = Offer(known.name, str(_TITLES[known.name]), url)
    if subject.excerpt is None:
        kept = _kept(subject, known)
        if kept is not None:
            with suppress(FileNotFoundError):  # a newer one has just taken its place
                return replace(offer, length=kept.length, time=None if kept.stamp == subject.stamp else kept.time)
        if formats.is_file(known) and subject.is_large:
            return replace(offer, is_ready=False)
    elif formats.is_file(known) and (records is None or records > subject.bound.records):
        return replace(offer, is_too_large=True)
    length = None if records is None else lengths.reckoned(subject, known, records)
    return replace(offer, length=length, about=length is not None)


def _kept(subject: Subject, known: Format) -> files.Kept | None:
    """The file that would be given: an earlier one only of what is not made, or written, when it is asked for."""
    if formats.is_file(known) and subject.is_large:
        return files.newest(subject, known.name)
    return files.current(subject, known.name) if known.name in WRITERS else None
