"""What the project's files may hold, and how long they may be."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from .source import DOCS, ROOT, modules, named, text_files

MOST_LINES = 500
WANTED_LINES = 300
MOST_FUNCTION_LINES = 45
# Modules that may have more lines than are wanted, each with its reason beside it.
LONG: frozenset[str] = frozenset()

# Split so that this file does not hold what it looks for.
PLACES = re.compile(
    "|".join(
        [
            r"(?<![\w.])/(wo" + r"rk|ro" + r"ot|ho" + r"me)/",
            r"files\.python" + r"hosted\.org",
            r"py" + r"pi\.org/simple",
            r"registry\.np" + r"mjs\.org",
            r"deb\." + r"debian\.org",
            r"--(extra-)?index" + r"-url[ =]",
            r"--find" + r"-links[ =]",
        ]
    )
)
_PINNED = re.compile(r'\s*"(?P<name>[\w.-]+)(\[\w+\])?==(?P<version>[\w.]+)",\s*# \S+.*')
_LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")


@pytest.mark.parametrize("path", text_files(), ids=named)
def test_file_names_no_place_of_one_machine_and_no_registry(path: Path) -> None:
    found = PLACES.search(path.read_text("utf-8"))
    assert found is None, f"{named(path)} holds {found and found[0]!r}"


def test_lock_of_npm_names_no_address() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-node.txt"])
def test_every_requirement_is_pinned_with_hashes(name: str) -> None:
    text = (ROOT / name).read_text()
    blocks = [block for block in re.split(r"\n(?=\S)", text) if block and not block.startswith("#")]
    assert blocks
    for block in blocks:
        assert re.match(r"[\w.-]+==\S+ \\\n    --hash=sha256:", block), block.partition("\n")[0]
    assert "://" not in text


def test_every_dependency_is_pinned_with_a_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)["project"]
    wanted = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    lines = [found for line in text.splitlines() if (found := _PINNED.fullmatch(line))]
    assert sorted(line["name"] for line in lines) == sorted(re.split(r"[\[=]", one)[0] for one in wanted)


def test_requirements_pin_what_the_project_asks_for() -> None:
    """After a change in pyproject.toml: make requirements."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    files = {"": project["dependencies"], "-dev": extras["dev"], "-node": extras["node"]}
    for suffix, wanted in files.items():
        pinned = set(re.findall(r"^(\S+==\S+)", (ROOT / f"requirements{suffix}.txt").read_text(), flags=re.MULTILINE))
        asked = {re.sub(r"\[\w+\]", "", one).lower() for one in wanted}
        assert asked <= pinned, f"requirements{suffix}.txt lacks {asked - pinned}"


@pytest.mark.parametrize("path", modules(), ids=named)
def test_module_and_its_functions_are_short(path: Path) -> None:
    text = path.read_text("utf-8")
    lines = text.count("\n")
    assert lines <= (MOST_LINES if named(path) in LONG else WANTED_LINES), f"{named(path)} has {lines} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= MOST_FUNCTION_LINES, f"{named(path)}: {node.name} has {length} lines"


@pytest.mark.parametrize("path", [*DOCS.rglob("*.md"), *ROOT.glob("*.md")], ids=named)
def test_links_of_documentation_lead_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
    for found in _LINK.finditer(text):
        target, _, anchor = found["target"].partition("#")
        if "://" in target:
            continue
        page = (path.parent / target) if target else path
        assert page.exists(), f"{named(path)} leads to {target}, which is not there"
        if anchor:
            assert anchor in _anchors(page), f"{named(path)}: {target} has no heading {anchor}"


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_of_documentation_can_be_reached_from_its_index() -> None:
    seen: set[Path] = set()
    waiting = [DOCS / "index.md"]
    while waiting:
        page = waiting.pop().resolve()
        if page in seen or page.suffix != ".md" or not page.exists():
            continue
        seen.add(page)
        targets = [found["target"].partition("#")[0] for found in _LINK.finditer(page.read_text("utf-8"))]
        waiting += [page.parent / target for target in targets if target and "://" not in target]
    assert {named(path.resolve()) for path in DOCS.rglob("*.md")} <= {
        named(path) for path in seen if ROOT in path.parents
    }


def test_every_decision_is_listed_with_its_own_title() -> None:
    folder = DOCS / "adr"
    listed = dict(re.findall(r"\[(\d{4})\]\(([^)]+)\)", (folder / "README.md").read_text("utf-8")))
    decisions = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    assert [path.name for path in decisions] == sorted(listed.values())
    for number, path in enumerate(decisions, 1):
        text = path.read_text("utf-8")
        assert text.startswith(f"# {number:04}: ")
        for heading in ("## Context", "## Decision", "## Consequences"):
            assert heading in text, f"{path.name} has no {heading}"
