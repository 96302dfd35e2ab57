"""Stored values are read in few places, each of which asks what is hidden: whoever adds one has to think of it."""

from __future__ import annotations

import re

import pytest

from .source import PACKAGE, modules, named

REGISTERS = "src/guildhall/registers/"
# Where rows of entries are read; by `records.to_change` and `records.change` they become what is shown.
ENTRIES = {
    "compare.py",  # with the states of what it compares
    "exports/frames.py",  # with the states of the rows of each slice
    "followers/run.py",  # handed on with what is hidden
    "followers/values.py",
    "hall.py",  # its own lists, of which what is said now is never hidden
    "hiding/actions.py",  # numbers and keys only
    "hiding/projection.py",
    "hiding/removal.py",
    "hiding/scrub.py",  # written anew
    "publish.py",  # what ends now, but nothing that is hidden
    "queries/asked.py",
    "queries/between.py",
    "queries/indexed.py",  # keys only
    "queries/links.py",
    "queries/one.py",
    "queries/proofs.py",  # with the states of each bundle
    "queries/records.py",
    "queries/several.py",
    "refusals.py",  # numbers and keys only
    "stage.py",  # writes
}
# Where indexed values are read: of entries that are not hidden.
VALUES = {"followers/values.py", "hiding/scrub.py", "queries/between.py", "queries/indexed.py", "queries/links.py"}
VALUES |= {"queries/clauses.py", "queries/kept_counts.py"}
# Where documents are read: of no list in which something was hidden a moment ago.
DOCUMENTS = {"queries/text.py", "hiding/scrub.py"}
PLACES = {
    r"\bEntry\.objects\b|\bregisters_entry\b": ENTRIES,
    r"\bread_item\(": {
        "compare.py",
        "exports/frames.py",
        "queries/records.py",
        "src/guildhall/reading/exports/lengths.py",
    },
    r"\bChange\(": {"queries/records.py"},
    r"\b(Value|ValueCount)\.objects\b|\bregisters_value": VALUES,
    r"\bDocument\.objects\b|\bsearch_document\b": DOCUMENTS,
}


@pytest.mark.parametrize("pattern", PLACES)
def test_stored_values_are_read_only_where_it_is_asked_what_is_hidden(pattern: str) -> None:
    found = {
        named(path).removeprefix(REGISTERS)
        for path in modules()
        if not {"migrations", "log", "search"} & set(path.relative_to(PACKAGE).parts)
        and re.search(pattern, path.read_text("utf-8"))
    }
    assert found <= PLACES[pattern], f"{found - PLACES[pattern]}: give what is hidden its due there, and add it here"
    assert found == PLACES[pattern]
