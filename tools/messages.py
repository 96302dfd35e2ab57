"""Collect the words of the pages for translators: `make messages`.

Writes `src/guildhall/locale/{language}/LC_MESSAGES/django.po` for each language, keeping what was translated, and
compiles it. Words that are not translated yet are shown in English.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "guildhall"
LANGUAGES = ("cy",)
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
# plural(count, one, many) of the templates says how many.
KEYWORDS = DEFAULT_KEYWORDS | {"plural": (2, 3), "gettext_lazy": None, "gettext_noop": None}
OPTIONS = {"**.html": {"trimmed": "true"}}


def collected() -> Catalog:
    """Every text that pages and modules give to gettext, with the files that it stands in."""
    catalog = Catalog(project="Guildhall", charset="utf-8")
    found = extract_from_dir(
        PACKAGE, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=["Translators:"], strip_comment_tags=True
    )
    for name, _line, message, comments, context in found:
        catalog.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    for title, name in titles_of_errors():
        catalog.add(title, None, [(name, 0)])
    return catalog


def titles_of_errors() -> Iterator[tuple[str, str]]:
    """What pages give to gettext as `error.title`, with the file: no one call of gettext has these texts."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for known in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(known, ast.ClassDef) and known.name.endswith("Error"):
                for line in known.body:
                    match line:
                        case ast.Assign(targets=[ast.Name(id="title")], value=ast.Constant(value=str(title))):
                            yield title, path.relative_to(PACKAGE).as_posix()


def updated(language: str, template: Catalog) -> Catalog:
    """The language's catalogue with what is new in it and without what is gone."""
    catalog = _kept(language) or _empty(language)
    catalog.update(template, no_fuzzy_matching=True, update_header_comment=False)
    catalog.obsolete.clear()
    return catalog


def write(language: str, catalog: Catalog) -> bool:
    """Write and compile the catalogue, unless it says the same already. Returns whether it was written."""
    path = _path(language, "po")
    kept = _kept(language)
    if kept is not None and _says(kept) == _says(catalog):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=110, sort_output=True, include_lineno=False)
    compiled = _empty(language)
    for message in catalog:
        if message.id and _is_translated(message):
            compiled[message.id] = message
    with _path(language, "mo").open("wb") as file:
        write_mo(file, compiled)
    return True


def _kept(language: str) -> Catalog | None:
    path = _path(language, "po")
    return read_po(BytesIO(path.read_bytes()), locale=language) if path.exists() else None


def _empty(language: str) -> Catalog:
    catalog = Catalog(
        locale=language,
        project="Guildhall",
        version="1",
        msgid_bugs_address="-",
        last_translator="-",
        language_team="-",
        fuzzy=False,
    )
    catalog.header_comment = (
        "# The words of the pages, by `make messages`. What has no translation is shown in English."
    )
    return catalog


def _says(catalog: Catalog) -> set[tuple[object, object]]:
    return {(message.id, message.string) for message in catalog if message.id}


def _is_translated(message: Message) -> bool:
    """Every form of it: one that is missing would be shown as nothing."""
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def _path(language: str, suffix: str) -> Path:
    return PACKAGE / "locale" / language / "LC_MESSAGES" / f"django.{suffix}"


def main() -> int:
    template = collected()
    for language in LANGUAGES:
        catalog = updated(language, template)
        written = write(language, catalog)
        translated = sum(1 for message in catalog if message.id and _is_translated(message))
        print(f"{language}: {len(catalog)} texts, {translated} translated{'' if written else ', nothing new'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
