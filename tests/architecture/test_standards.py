"""The data standards that the package brings: each parses without findings, and its examples are what they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from guildhall.schema.lint import lint
from guildhall.schema.load import parse_standard
from guildhall.schema.rows import check_row

from .source import named, standards

STANDARDS = standards()


def descriptor(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return read


def test_there_are_the_standards_that_a_hall_needs() -> None:
    assert {"standard", "organisation", "register", "erasure", "hold", "local-authority"} <= {
        path.stem for path in STANDARDS
    }


def test_names_of_standards_are_used_once() -> None:
    names = [descriptor(path)["name"] for path in STANDARDS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", STANDARDS, ids=named)
def test_standard_is_named_as_its_file_and_needs_no_mending(path: Path) -> None:
    read = descriptor(path)
    assert read["name"] == path.stem
    assert lint(read) == []


@pytest.mark.parametrize("path", STANDARDS, ids=named)
def test_every_field_has_a_title_and_a_meaning(path: Path) -> None:
    for field in parse_standard(descriptor(path)).fields:
        assert field.title, f"{named(path)}: {field.name} has no title"
        assert field.description.endswith("."), f"{named(path)}: {field.name} does not say what it means"


@pytest.mark.parametrize("path", STANDARDS, ids=named)
def test_examples_pass(path: Path) -> None:
    standard = parse_standard(descriptor(path))
    assert standard.examples, f"{named(path)} has no examples"
    for example in standard.examples:
        _, problems = check_row(standard, example)
        assert not problems, f"{named(path)}: {[str(problem) for problem in problems]}"


@pytest.mark.parametrize("path", STANDARDS, ids=named)
def test_invalid_examples_fail(path: Path) -> None:
    standard = parse_standard(descriptor(path))
    assert standard.invalid_examples, f"{named(path)} has no invalidExamples"
    for example in standard.invalid_examples:
        _, problems = check_row(standard, example)
        assert problems, f"{named(path)}: this passed: {example}"


@pytest.mark.parametrize("path", STANDARDS, ids=named)
def test_example_of_each_field_passes(path: Path) -> None:
    """Beside each field, and together they make a record."""
    standard = parse_standard(descriptor(path))
    whole = dict(standard.examples[0])
    for field in standard.fields:
        if field.example:
            _, problems = check_row(standard, whole | {field.name: field.example})
            assert not problems, f"{named(path)}: {field.name}: {[str(problem) for problem in problems]}"
