"""The same documents come in the same order on both databases."""

from __future__ import annotations

import pytest

from guildhall.search import find as finding
from guildhall.search import index, plan, vocabulary
from guildhall.search.analysis import Content
from guildhall.search.find import Cursor, Found, find
from guildhall.search.plan import Reason

pytestmark = pytest.mark.django_db

PLACES = [
    Content(1, "place", "BTH", "City of Bath", "A city with baths in the west"),
    Content(1, "place", "bath", "Another thing", "Its key is a word"),
    Content(1, "place", "X1", "Bath", "Alone"),
    Content(1, "place", "X2", "Bathing", "Waters to swim in"),
    Content(1, "place", "X3", "Wells", "Near Bath, and smaller"),
    Content(1, "place", "X4", "Frome", "", "Lists of Bath"),
    Content(1, "place", "X5", "Ended Bath", "Gone", boost=-1),
    Content(1, "place", "X6", "Ynys Môn", "Anglesey: sir yng ngogledd Cymru"),
    Content(1, "place", "X7", "Middlesbrough", "On the Tees"),
    Content(1, "place", "X8", "Stoke-on-Trent", "Potteries"),
    Content(2, "thing", "X1", "Bath towel", ""),
]


@pytest.fixture(autouse=True)
def _places() -> None:
    index.replace(PLACES)


def search(words: str, *, kind: str = "place", limit: int = 50) -> Found:
    return find(plan.read(words), kind=kind, limit=limit)


def told(words: str) -> list[tuple[str, str]]:
    return [(hit.document.key, hit.reason.value) for hit in search(words).hits]


def test_best_come_first() -> None:
    assert told("bath") == [
        ("bath", Reason.KEY),
        ("X1", Reason.NAME),
        ("BTH", Reason.TITLE),
        ("X5", Reason.TITLE),
        ("X2", Reason.TITLE),
        ("X3", Reason.TEXT),
        ("X4", Reason.CONTEXT),
    ]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("bth", "BTH"),
        ("BATHS west", "BTH"),
        ("ynys mon", "X6"),
        ("Ynys Môn", "X6"),
        ("ngogledd", "X6"),
        ("Middlesborough", "X7"),
        ("midlesbrough", "X7"),
        ("middl", "X7"),
        ("stoke on trent", "X8"),
        ("pottery", "X8"),
        ("which place is near wells", "X3"),
        ("potteries zzzz", "X8"),
    ],
)
def test_slips_accents_and_endings_are_forgiven(words: str, first: str) -> None:
    assert search(words).hits[0].document.key == first


def test_kinds_are_kept_apart() -> None:
    assert [hit.document.title for hit in search("bath", kind="thing").hits] == ["Bath towel"]
    assert search("bath", kind="none") == Found([], None, 0)


def test_word_that_stands_nowhere_is_replaced_and_told() -> None:
    read = plan.read("midlesbrough tees")
    assert read.instead == {"midlesbrough": ("middlesbrough",)}
    assert read.missing == ()
    assert plan.read("potteries swim").missing == ("potteries",)


@pytest.mark.parametrize(
    "words", ["", "   ", "🌳", '"', "%", "''; --", "*", "AND", "NOT bath OR", "a" * 10_000, "x " * 5_000, "\0"]
)
def test_whatever_is_typed_is_answered(words: str) -> None:
    assert search(words).total >= 0


def test_many_are_counted_no_further_and_paged_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "SORTED", 10)
    monkeypatch.setattr(finding, "MOST_COUNTED", 30)
    index.replace([Content(5, "tree", f"T{number}", "Oak", f"oak number {number}") for number in range(25)])
    index.replace([Content(5, "tree", f"U{number}", "Elm", f"beside an oak {number}") for number in range(7)])
    read = plan.read("oak")
    seen: list[str] = []
    start: Cursor | None = Cursor()
    while start is not None:
        page = find(read, kind="tree", limit=6, start=Cursor.read(str(start)))
        assert page.is_more_than_counted
        assert page.hits
        seen += [hit.document.key for hit in page.hits]
        start = page.after
    assert seen == [f"T{number}" for number in range(25)] + [f"U{number}" for number in range(7)]


def test_cursor_that_is_none_is_refused() -> None:
    assert Cursor.read("") is None
    assert Cursor.read("3x1") is None
    assert Cursor.read("9s0") == Cursor(9)
    assert find(plan.read("bath"), kind="place", limit=5, start=Cursor(9)).hits == []


def test_likelier_word_is_offered_where_one_stands_that_is_rare() -> None:
    index.replace([Content(6, "tree", str(number), "Chestnut") for number in range(20)])
    index.replace([Content(6, "tree", "slip", "Chesnut")])
    assert vocabulary.likelier("chesnut") == ["chestnut"]
    assert vocabulary.likelier("chestnut") == []
