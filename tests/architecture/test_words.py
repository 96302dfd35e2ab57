"""What pages may say, and how: people's words, through gettext, without scripts or styles of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from .source import PACKAGE, named, templates

# The words for our machinery. The API and the auditors' reference may use them, pages may not.
MACHINERY = re.compile(
    r"\b(logs?|logged|merkle|hash(es|ed)?|lea(f|ves)|tiles?|items?|checkpoints?|blobs?|registers?|entry|entries|curies?)\b",
    re.IGNORECASE,
)
_PAGES = [path for path in templates() if path.suffix == ".html"]
_ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)  # noqa: S701 - parsed only
_TRANSLATED = {"_", "gettext", "ngettext", "plural"}
# Attributes that people read or hear.
_READ_ALOUD = {"alt", "aria-label", "aria-description", "aria-roledescription", "label", "placeholder", "title"}
_NOT_PROSE = {"script", "style", "code"}
# Stands where an expression stood: also as the name of an element, so it is written in letters.
_PLACE = "q0q"


def _tree(path: Path) -> nodes.Template:
    return _ENVIRONMENT.parse(path.read_text("utf-8"))


def _spoken(tree: nodes.Template) -> Iterator[str]:
    """Every text that is given to gettext."""
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in _TRANSLATED:
            yield from (one.value for one in call.args if isinstance(one, nodes.Const) and isinstance(one.value, str))


def _literal(tree: nodes.Template) -> str:
    """The template's own text, with a placeholder for whatever an expression gives."""
    parts: list[str] = []
    for output in tree.find_all(nodes.Output):
        parts += [one.data if isinstance(one, nodes.TemplateData) else _PLACE for one in output.nodes]
    return "".join(parts)


class _Reader(HTMLParser):
    """What is read of a page, and whatever on it could be run."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.run: list[str] = []
        self._quiet = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style"}:
            self.run.append(f"<{tag}>")
        if tag in _NOT_PROSE:
            self._quiet += 1
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.run.append(f"{tag} {name}=")
            if value and value.strip().lower().startswith("javascript:"):
                self.run.append(f"{tag} {name}={value}")
            if name in _READ_ALOUD and value:
                self.texts.append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag in _NOT_PROSE and self._quiet:
            self._quiet -= 1

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self.texts.append(data)


def _read(path: Path) -> _Reader:
    reader = _Reader()
    reader.feed(_literal(_tree(path)))
    reader.close()
    return reader


@pytest.mark.parametrize("path", _PAGES, ids=named)
def test_template_speaks_of_peoples_work_not_of_our_machinery(path: Path) -> None:
    said = [*_spoken(_tree(path)), *_read(path).texts]
    found = {word[0] for text in said for word in MACHINERY.finditer(re.sub(r"%\(\w+\)s", "", text))}
    assert not found, f"{named(path)} says {', '.join(sorted(found))}"


@pytest.mark.parametrize("path", _PAGES, ids=named)
def test_template_says_nothing_without_gettext(path: Path) -> None:
    bare = [text.replace(_PLACE, "").strip() for text in _read(path).texts]
    words = [text for text in bare if re.search(r"[^\W\d_]{2,}", text)]
    assert not words, f"{named(path)} says {words!r} without gettext"


@pytest.mark.parametrize("path", _PAGES, ids=named)
def test_template_gives_gettext_what_its_text_asks_for(path: Path) -> None:
    """Our gettext always fills in, so a name that is not given would fail when the page is drawn."""
    for call in _tree(path).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "_":
            text = call.args[0]
            if not isinstance(text, nodes.Const):
                continue  # the words of an error, which are marked where they are written
            wanted = set(re.findall(r"%\((\w+)\)", text.value))
            assert wanted == {one.key for one in call.kwargs}, f"{named(path)}:{call.lineno}: {text.value}"


@pytest.mark.parametrize("path", _PAGES, ids=named)
def test_template_has_no_script_and_no_style_of_its_own(path: Path) -> None:
    assert not _read(path).run


@pytest.mark.parametrize("path", _PAGES, ids=named)
def test_template_trusts_no_value(path: Path) -> None:
    trusted = [one.name for one in _tree(path).find_all(nodes.Filter) if one.name == "safe"]
    assert not trusted, f"{named(path)} marks a value as safe"


def test_words_in_code_that_pages_show_speak_of_peoples_work() -> None:
    """What modules hand to gettext is shown on pages too. `data` speaks for the API, to programs."""
    pattern = re.compile(r"""(?<![\w.])n?(?:gettext|_)\(\s*("(?:[^"\\]|\\.)*"(?:\s*,\s*"(?:[^"\\]|\\.)*")*)""")
    modules = [*(PACKAGE / "reading").rglob("*.py"), *(PACKAGE / "kit").rglob("*.py")]
    for path in (path for path in modules if "data" not in path.parts):
        for text in pattern.findall(path.read_text("utf-8")):
            found = MACHINERY.search(re.sub(r"%\(\w+\)s", "", text))
            assert found is None, f"{named(path)} says {found and found[0]} in {text}"
