"""However large a list, and whether or not followers know of it: what is hidden is read as having no values."""

from __future__ import annotations

import pytest

from guildhall.registers.followers import run as followers
from guildhall.registers.hiding.actions import What, erase, hold, lift
from guildhall.registers.models import Register
from guildhall.registers.queries import filters, registers
from guildhall.registers.queries.facets import facets_kept
from guildhall.registers.queries.filters import find

from .test_filters import INDEXED, Pairs, all_keys, question, with_file
from .woods import wood_register

pytestmark = pytest.mark.usefixtures("hall")

PATH = "ambridge/wood"
SORTS: list[Pairs] = [[("_sort", sort)] for sort in ("species", "-planted", "height", "-height", "-wood")]
ASKED = [pairs for pairs, _ in INDEXED] + SORTS + [[("kind", "new"), ("_sort", "-height")]]


@pytest.fixture
def register() -> Register:
    """Of 60 woods some latest changes, one earlier change, and one record with all its changes are hidden."""
    size = wood_register().head.size
    hold(what=What(PATH, entries=[f"{size - 9}-{size - 5}", "3"]))
    hold(what=What(PATH, key="W021"))
    erase(what=What(PATH, entries=[str(size - 7), str(size)]), ground="unlawful")
    return registers.register(PATH)


def _answers(register: Register) -> list[list[str]]:
    scope = with_file(register)
    return [all_keys(scope, question(scope, pairs)) for pairs in ASKED]


@pytest.mark.parametrize("have_heard", [False, True])
def test_tables_of_every_size_agree_on_what_is_hidden(
    register: Register,
    have_heard: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = _answers(register)
    assert any("W021" in keys for keys in expected)
    if have_heard:
        followers.catch_up()
    monkeypatch.setattr(filters, "SMALL", 0)
    assert _answers(register) == expected, "narrowed"
    monkeypatch.setattr(filters, "NARROW", 0)
    assert _answers(register) == expected, "walked"
    monkeypatch.setattr(filters, "can_walk", lambda _asked: False)
    assert _answers(register) == expected, "from its file"


def test_counts_leave_out_what_is_hidden_at_once(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filters, "SMALL", 0)
    scope = with_file(register)
    assert facets_kept(scope) == []
    shown = {pair[1].key: pair[1].item for pair in find(scope, question(scope, []), limit=100).rows}
    followers.catch_up()
    counts = {facet.column: dict(facet.values) for facet in facets_kept(scope)}
    assert counts["kind"]["new"] == sum(item.get("kind") == "new" for item in shown.values())
    assert counts["kind"]["ancient"] == sum(item.get("kind") == "ancient" for item in shown.values())


def test_tables_are_as_before_when_holds_are_lifted(monkeypatch: pytest.MonkeyPatch) -> None:
    register = wood_register()
    monkeypatch.setattr(filters, "SMALL", 0)
    before = _answers(register)
    hold(what=What(PATH, publication=2))
    followers.catch_up()
    lift(what=What(PATH, publication=2))
    followers.catch_up()
    assert _answers(registers.register(PATH)) == before
