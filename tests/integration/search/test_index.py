from __future__ import annotations

import pytest

from guildhall.search import index, plan
from guildhall.search.analysis import Content
from guildhall.search.expressions import count, ids
from guildhall.search.find import find, matches
from guildhall.search.models import Document, Gram, Word

pytestmark = pytest.mark.django_db


def keys(words: str, kind: str = "record") -> list[str]:
    return [hit.document.key for hit in find(plan.read(words), kind=kind, limit=50).hits]


def put(key: str, title: str, text: str = "", **more: str | int) -> Content:
    content = Content(int(more.pop("collection", 1)), str(more.pop("kind", "record")), key, title, text, **more)  # type: ignore[arg-type]
    index.replace([content])
    return content


def test_replace_forgets_the_old_words() -> None:
    put("A", "Oak", "old forest")
    put("A", "Elm", "new meadow")
    assert keys("elm") == keys("meadow") == ["A"]
    assert count("soak", most=10) == count("sforest", most=10) == 0
    assert set(Word.objects.values_list("word", "documents")) == {("elm", 1), ("new", 1), ("meadow", 1)}
    assert not Gram.objects.filter(word="forest").exists()


def test_replace_takes_the_last_of_several_with_one_name() -> None:
    index.replace(
        [Content(1, "record", "A", "Oak"), Content(1, "record", "A", "Elm"), Content(2, "record", "A", "Ash")]
    )
    assert sorted(Document.objects.values_list("title", flat=True)) == ["Ash", "Elm"]
    assert keys("oak") == []


def test_delete_takes_out_what_is_there() -> None:
    put("A", "Oak")
    put("B", "Oak")
    index.delete(1, ["A", "no such"])
    assert keys("oak") == ["B"]
    assert Word.objects.get(word="oak").documents == 1


def test_clear_takes_everything_out() -> None:
    put("A", "Oak")
    index.clear()
    assert ids("soak", limit=5) == []
    assert not Document.objects.exists()
    assert not Word.objects.exists()
    put("A", "Elm")
    assert keys("elm") == ["A"]


def test_document_of_odd_text_can_be_found_and_replaced() -> None:
    odd = "quote \" and ' % _ * 🌳 " + "x" * 30_000
    put("a/b ~ \U0001f333", odd, odd)
    put("a/b ~ \U0001f333", "plain")
    assert keys("plain") == ["a/b ~ \U0001f333"]
    assert keys("quote") == []


def test_matches_are_of_the_collections_alone() -> None:
    for collection, key in ((1, "A"), (1, "B"), (2, "A"), (3, "A")):
        put(key, "Oak", collection=collection)
    read = plan.read("oaks")
    first = matches(read, [1, 2], limit=2)
    assert first.found == [(1, "A"), (1, "B")]
    assert first.after is not None
    rest = matches(read, [1, 2], limit=2, after=first.after)
    assert (rest.found, rest.after) == ([(2, "A")], None)


def test_many_collections_can_be_asked_for_at_once() -> None:
    put("A", "Oak", collection=2_999)
    assert matches(plan.read("oak"), range(3_000), limit=5).found == [(2_999, "A")]
