"""What a static copy says of its lists: a data package, the data standard, and a plain page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from guildhall.registers import identity
from guildhall.registers.exports import facts
from guildhall.registers.exports.subject import Subject
from guildhall.registers.models import Standard
from guildhall.registers.static.folder import as_json
from guildhall.schema.portable import portable_field

CSV, RECORDS, SCHEMA, PACKAGE, PAGE = "records.csv", "records.json", "schema.json", "datapackage.json", "index.html"
_SHOWN = {
    "description": "What it is",
    "organisation": "Whose it is",
    "kept-by": "Kept by",
    "unofficial-copy": "Unofficial copy",
    "standard": "Data standard",
    "source": "Source",
    "source-date": "Date of the source",
    "checked-on": "Checked on",
    "licence": "Licence",
    "changes": "Changes",
    "last-changed": "Last changed",
    "hidden": "What is left out",
}
_FILES = {
    CSV: "Records as CSV",
    RECORDS: "Records as JSON",
    SCHEMA: "The data standard, as a Table Schema",
    PACKAGE: "Description for programs, as a data package",
}
_HTML = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


def of_list(told: Subject) -> Iterator[tuple[str, bytes]]:
    """Each file by its name."""
    schema = _schema(told)
    yield SCHEMA, as_json(schema)
    yield PACKAGE, as_json(_package(told, schema))
    yield PAGE, _page(told.title, _list_body(told))


def of_hall(titles: Iterable[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
    """The files of the whole copy, from the path and title of each list: its page, and the lists for programs."""
    lists = list(titles)
    links = "\n".join(
        f'<li><a href="registers/{path}/{PAGE}">{escape(title)}</a> ({escape(path)})</li>' for path, title in lists
    )
    body = f"<p>Copies of lists of the hall {escape(identity.origin())}.</p>\n<ul>\n{links}\n</ul>\n{_how_to_check('')}"
    yield PAGE, _page("Copies of lists", body)
    results = [{"path": path, "title": title} for path, title in lists]
    yield "registers/index.json", as_json({"results": results, "next": None})


def _schema(told: Subject) -> dict[str, Any]:
    descriptor = Standard.objects.get(name=told.standard.name, is_current=True).descriptor
    own = {one["name"]: one for one in descriptor["fields"]}
    fields = [portable_field(one, own[one.name]) for one in told.fields]
    return {"fields": fields, "primaryKey": list(told.key_columns), "missingValues": [""]}


def _package(told: Subject, schema: dict[str, Any]) -> dict[str, Any]:
    known = facts.of(told)
    package = {
        "profile": "tabular-data-package",
        "name": told.stem,
        "title": told.title,
        "description": known.get("description", ""),
        "version": str(told.size),
        "licenses": [{"name": "other", "title": licence} for licence in facts.licences(told)],
        "sources": [{"title": known["source"]}] if "source" in known else [],
        "resources": [
            {
                "name": told.stem,
                "path": CSV,
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": schema,
            }
        ],
    }
    return {name: value for name, value in package.items() if value}


def _list_body(told: Subject) -> str:
    known = facts.of(told)
    rows = "\n".join(
        f"<dt>{name}</dt>\n<dd>{escape(known[fact])}</dd>" for fact, name in _SHOWN.items() if fact in known
    )
    files = "\n".join(f'<li><a href="{file}">{name}</a></li>' for file, name in _FILES.items())
    return f"<dl>\n{rows}\n</dl>\n<h2>Files</h2>\n<ul>\n{files}\n</ul>\n{_how_to_check(told.registers[0].path)}"


def _how_to_check(path: str) -> str:
    where = f"registers/{path}/" if path else ""
    return (
        "<h2>How to check it</h2>\n<p>Nothing can be changed in this copy unnoticed. Check it with the command "
        f"<code>guildhall verify ADDRESS/{where}</code>, where ADDRESS is that of the whole copy. "
        f"Ask for the key of {escape(identity.origin())} elsewhere than here, and give it with <code>--key</code>.</p>"
    )


def _page(title: str, body: str) -> bytes:
    return _HTML.format(title=escape(title), body=body).encode()
