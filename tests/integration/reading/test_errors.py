"""Errors as people and programs read them."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from guildhall.kit import errors
from guildhall.kit.exceptions import BusyError, GuildhallError, NotReadyError
from guildhall.reading.views import about

pytestmark = pytest.mark.usefixtures("hall")

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def reader() -> Client:
    return Client(headers={"accept": BROWSER}, raise_request_exception=False)


@pytest.fixture
def program() -> Client:
    return Client(headers={"accept": "*/*"}, raise_request_exception=False)


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/councils/none",
        "/organisations/none",
        "/products/none",
        "/standards/none",
        "/registers/none/none/",
        "/registers/hall/none/entries",
        "/registers/hall/register/records/none",
        "/registers/hall/register/records/none/proof",
        "/registers/hall/register/records/%00",
        "/registers/hall/register/records/%ff",
        "/registers/hall/register/entries/0",
    ],
)
def test_what_is_not_there_is_a_page_for_people_and_a_problem_for_programs(
    reader: Client, program: Client, path: str
) -> None:
    page, problem = reader.get(path), program.get(path)
    assert page.status_code == problem.status_code == 404
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert problem.headers["Content-Type"] == "application/problem+json"
    text = page.content.decode()
    told = problem.json()
    assert set(told) <= {"title", "status", "detail", "remedy", "request-id"}
    assert f'<h1 class="gh-heading__text">{told["title"]}</h1>' in text
    assert told["detail"].partition("{")[0] in text
    # One can go on from it.
    assert 'action="/councils"' in text
    assert 'action="/registers/"' in text
    for response in (page, problem):
        assert response.headers["Cache-Control"] == "no-store"
        assert "Accept" in response.headers["Vary"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert problem.headers["Access-Control-Allow-Origin"] == "*"


def test_suffix_decides_before_accept(reader: Client) -> None:
    response = reader.get("/registers/none/none/records.json")
    assert response.headers["Content-Type"] == "application/problem+json"


def test_fault_of_ours_says_nothing_of_what_it_was(
    reader: Client, program: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(about, "render", fail)
    for client in (reader, program):
        response = client.get("/help")
        assert response.status_code == 500
        assert b"secret" not in response.content
        assert b"Something went wrong" in response.content
    assert "secret detail" in caplog.text


def test_fault_is_told_even_if_no_page_can_be_drawn(
    reader: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_args: object, **_named: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(about, "render", fail)
    monkeypatch.setattr(errors, "render", fail)
    response = reader.get("/help")
    assert (response.status_code, response.headers["Content-Type"]) == (500, "text/plain; charset=utf-8")
    told = response.content.decode()
    assert told.startswith("The fault is ours, not yours. It has been noted. Try again in a few minutes.")
    assert told.endswith(f"with the number {response.headers['X-Request-ID']}.\n")
    assert "could not be drawn" in caplog.text


def test_busy_list_says_when_to_come_again(reader: Client, program: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_args: object) -> None:
        raise BusyError("Someone else is publishing to hackney/project.", "Try again in 7 seconds.", retry_after=7)

    monkeypatch.setattr(about, "render", busy)
    for client in (reader, program):
        response = client.get("/help")
        assert (response.status_code, response.headers["Retry-After"]) == (409, "7")
        assert b"Try again in 7 seconds." in response.content


def test_what_is_not_ready_yet_is_no_error_in_the_log(
    reader: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def not_ready(*_args: object) -> None:
        raise NotReadyError("The file is still being made.", "Ask again in a minute.")

    def broken(*_args: object) -> None:
        raise GuildhallError("The disk is full.")

    monkeypatch.setattr(about, "render", not_ready)
    assert reader.get("/help").status_code == 503
    assert caplog.records == []
    monkeypatch.setattr(about, "render", broken)
    assert reader.get("/help").status_code == 500
    assert [one.levelname for one in caplog.records] == ["ERROR"]


@pytest.mark.parametrize("path", ["/councils?q=", "/registers/?q=", "/products?q="])
def test_search_for_what_cannot_be_text_is_refused(program: Client, reader: Client, path: str) -> None:
    for text in ("%00", "x" * 301):
        assert program.get(path + text).status_code == 400
        assert b"This cannot be answered" in reader.get(path + text).content


def test_host_that_is_not_ours_is_refused_and_not_repeated(reader: Client) -> None:
    response = reader.get("/help", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert b"evil" not in response.content


def test_methods_are_refused_on_pages_too(reader: Client) -> None:
    response = reader.post("/councils", {"q": "x"})
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert b"This cannot be done here" in response.content


@pytest.mark.parametrize("path", ["/", "/help", "/councils", "/registers/hall/register/", "/standards/register"])
def test_page_answers_head_and_asking_again(reader: Client, path: str) -> None:
    page = reader.get(path)
    head = reader.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Type"] == page.headers["Content-Type"]
    assert page.headers["Cache-Control"] == "no-cache"
    assert reader.get(path, headers={"if-none-match": page.headers["ETag"]}).status_code == 304


def test_values_of_an_error_are_escaped(reader: Client, program: Client) -> None:
    path = "/registers/hall/register/records/%3Cscript%3Ealert(1)%3C~1script%3E"
    assert b"<script" not in reader.get(path).content
    assert "<script>" in json.loads(program.get(path).content)["detail"]


def test_small_files_that_browsers_and_robots_ask_for_are_there(program: Client) -> None:
    assert program.get("/favicon.ico").headers["Location"].startswith("/static/guildhall/favicon")
    assert program.get("/robots.txt").content.startswith(b"User-agent: *")
