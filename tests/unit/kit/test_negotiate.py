from __future__ import annotations

import pytest
from django.test import RequestFactory

from guildhall.kit.exceptions import NotAcceptableError
from guildhall.kit.negotiate import CSV, HTML, JSON, Format, choose, quality, wants_page

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
ALL = (JSON, CSV, HTML)


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        (BROWSER, HTML),
        ("text/csv", CSV),
        ("text/csv;charset=UTF-8", CSV),
        ("Text/CSV ; q=0.5", CSV),
        ("application/json, text/html;q=0.9", JSON),
        ("text/html, application/json;q=0.9", HTML),
        ("text/*", CSV),
        ("text/*;q=0.1, text/html", HTML),
        ("*/*;q=0.1, text/csv;q=0", JSON),
        ("application/xml, */*;q=0.1", JSON),
        ("text/csv;q=nonsense", CSV),
    ],
)
def test_choose_goes_by_accept(accept: str | None, wanted: Format) -> None:
    headers = {} if accept is None else {"accept": accept}
    assert choose(RequestFactory().get("/", headers=headers), "", ALL) == wanted


def test_choose_takes_the_suffix_before_the_parameter_and_that_before_accept() -> None:
    request = RequestFactory().get("/?format=csv", headers={"accept": "text/html"})
    assert choose(request, "json", ALL) == JSON
    assert choose(request, "", ALL) == CSV
    assert choose(request, "JSON", ALL) == JSON


@pytest.mark.parametrize("accept", ["application/xml", "image/png, text/turtle", "application/json;q=0", "nonsense"])
def test_choose_refuses_what_cannot_be_given_and_says_what_can(accept: str) -> None:
    with pytest.raises(NotAcceptableError) as refused:
        choose(RequestFactory().get("/", headers={"accept": accept}), "", (JSON,))
    assert "application/json" in refused.value.remedy


def test_choose_tells_how_to_write_a_key_that_looks_like_a_suffix() -> None:
    with pytest.raises(NotAcceptableError) as refused:
        choose(RequestFactory().get("/"), "22", ALL)
    assert "~2" in refused.value.remedy


@pytest.mark.parametrize(
    ("header", "media_type", "wanted"),
    [
        ("text/html", "text/html", 1.0),
        ("text/html;q=0.3", "text/html", 0.3),
        ("text/*;q=0.5, text/html;q=0.2, */*;q=0.9", "text/html", 0.2),
        ("text/*;q=0.5, */*;q=0.9", "text/csv", 0.5),
        ("text/plain", "text/csv", 0.0),
        ("text/csv;q=7", "text/csv", 1.0),
    ],
)
def test_quality_is_that_of_the_most_specific_range(header: str, media_type: str, wanted: float) -> None:
    assert quality(header, media_type) == wanted


@pytest.mark.parametrize(
    ("accept", "suffix", "wanted"),
    [(BROWSER, "", True), (BROWSER, "json", False), ("*/*", "", False), ("", "", False), ("text/html", "xml", True)],
)
def test_wants_page_is_true_of_browsers_only(accept: str, suffix: str, *, wanted: bool) -> None:
    assert wants_page(RequestFactory().get("/", headers={"accept": accept}), suffix) is wanted
