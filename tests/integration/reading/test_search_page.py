from __future__ import annotations

import csv
import json
import time

import pytest
from django.test import Client

from guildhall.reading import results
from guildhall.search import find
from guildhall.search.plan import Plan

from .halls import odd_list, small_hall

pytestmark = pytest.mark.usefixtures("hall")

PAGE = {"Accept": "text/html"}


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address, headers=PAGE)
    assert response.status_code == status
    return response.text


def data(client: Client, address: str) -> dict[str, object]:
    response = client.get(address)
    assert response.status_code == 200
    found: dict[str, object] = json.loads(response.content)
    return found


def test_search_shows_each_kind_with_marks_and_reasons(client: Client) -> None:
    small_hall()
    text = page(client, "/search?q=hackney")
    assert text.index(">Councils</h2>") < text.index(">Lists</h2>")
    assert 'href="/councils/hackney"' in text
    assert 'London Borough of <mark class="gh-mark">Hackney</mark>' in text
    assert "Found in its name" in text


def test_search_forgives_and_tells_what_it_looked_for(client: Client) -> None:
    small_hall()
    text = page(client, "/search?q=hackny")
    assert "Nothing here has the word “hackny”" in text
    assert 'href="/councils/hackney"' in text
    assert 'href="/councils/isle-of-anglesey"' in page(client, "/search?q=ynys+mon")


@pytest.mark.parametrize(("words", "reason"), [("HCK", "by its key"), ("planx", "by its key"), ("E09000012", "in its")])
def test_search_finds_keys_and_codes(client: Client, words: str, reason: str) -> None:
    small_hall()
    found = data(client, f"/search?q={words}")
    assert reason in found["results"][0]["reason"]  # type: ignore[index]


def test_search_of_one_kind_is_paged(client: Client) -> None:
    odd_list()
    seen: list[str] = []
    address = "/search.json?q=odd&kind=record&limit=5"
    while address:
        answer = data(client, address)
        seen += [row["key"] for row in answer["results"]]  # type: ignore[attr-defined]
        address = str(answer["next"] or "")
    assert len(seen) == len(set(seen)) == answer["total"]
    text = page(client, "/search?q=odd&kind=record&limit=5")
    assert "Next page" in text
    assert "First page" not in text


def test_search_escapes_what_it_shows(client: Client) -> None:
    odd_list()
    text = page(client, "/search?q=script")
    assert "<script>" not in text
    assert '&lt;<mark class="gh-mark">script</mark>&gt;' in text


def test_search_as_csv_has_the_same_rows(client: Client) -> None:
    small_hall()
    rows = list(csv.DictReader(client.get("/search.csv?q=planning").text.splitlines()))
    assert [row["url"] for row in rows] == [row["url"] for row in data(client, "/search.json?q=planning")["results"]]  # type: ignore[attr-defined]
    assert {row["kind"] for row in rows} >= {"product", "record"}


def test_nothing_found_says_what_to_do(client: Client) -> None:
    text = page(client, "/search?q=zzzzqqqq")
    assert "Nothing found for “zzzzqqqq”" in text
    assert "Signs such as quotes" in text
    assert 'href="/councils"' in text
    assert "There is no word in that" in page(client, "/search?q=%F0%9F%8C%B3")
    assert "Search everything here" in page(client, "/search")


@pytest.mark.parametrize(
    "query",
    ['"', "'", "%25", "*", "a+AND+NOT+b", "NEAR(a,b)", "-", "%F0%9F%8C%B3", "q%3Dx%26y", "%5Cx", "col%3Aa", "^a"],
)
def test_odd_words_are_answered(client: Client, query: str) -> None:
    odd_list()
    page(client, f"/search?q={query}")


@pytest.mark.parametrize(
    "rest",
    ["q=a%00b", "q=" + "x" * 10_000, "q=a&kind=zz", "q=a&after=zz", "q=a&after=1s0", "q=a&limit=0", "q=a&limit=x"],
)
def test_wrong_questions_are_refused_in_words(client: Client, rest: str) -> None:
    page(client, f"/search?{rest}", 400)
    problem = json.loads(client.get(f"/search?{rest}").content)
    assert problem.get("remedy") or "whole number" in problem["detail"]


def test_slow_search_is_stopped_and_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(read: Plan, **_more: object) -> find.Found:
        from django.db import connection  # noqa: PLC0415

        with connection.cursor() as cursor:
            cursor.execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000)"
                " SELECT max(i) FROM n"
            )
        return find.Found([], None, 0)

    odd_list()
    monkeypatch.setattr(results, "SECONDS", 0.2)
    monkeypatch.setattr(find, "find", endless)
    started = time.monotonic()
    text = page(client, "/search?q=odd", 422)
    assert time.monotonic() - started < 5
    assert "stopped after 0.2 seconds" in text


def test_box_stands_on_every_page(client: Client) -> None:
    for address in ("/", "/councils", "/help", "/nothing/here"):
        text = client.get(address, headers=PAGE).text
        assert '<label class="govuk-visually-hidden" for="find-everything">' in text
