from __future__ import annotations

from guildhall.search.marks import EXCERPT, excerpt, marked
from guildhall.search.plan import Plan, Word


def plan(*words: str) -> Plan:
    return Plan(tuple(Word(word) for word in words), "".join(words))


def told(text: str, *words: str) -> str:
    return "".join(f"[{piece.text}]" if piece.is_marked else piece.text for piece in marked(text, plan(*words)))


def test_words_are_marked_as_they_are_written() -> None:
    assert told("Planning in Ynys Môn, by plan", "plans", "mon") == "[Planning] in Ynys [Môn], by [plan]"
    assert told("King\u2019s Lynn", "kings") == "[King\u2019s] Lynn"
    assert told("www.hackney.gov.uk/x", "hackney") == "[www.hackney.gov.uk]/x"
    assert told("<b>bold</b>", "bold") == "<b>[bold]</b>"
    assert told("nothing", "other") == "nothing"


def test_words_in_the_place_of_others_are_marked() -> None:
    replaced = Plan((Word("hackny", ("hackney",)),), "hackny")
    assert [piece.text for piece in marked("In Hackney", replaced) if piece.is_marked] == ["Hackney"]


def test_excerpt_begins_shortly_before_the_first_word() -> None:
    pieces = excerpt("word " * 200 + "Hackney " + "more " * 200, plan("hackney"))
    text = "".join(piece.text for piece in pieces)
    assert text.startswith("…word")
    assert text.endswith("…")
    assert "Hackney" in text
    assert len(text) <= EXCERPT + 2
    assert excerpt("nothing of it", plan("hackney")) == []
