"""Values as pages show them: nothing that a list holds becomes a part of the page's own HTML."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from guildhall.kit.cells import table_rows
from guildhall.kit.values import render_value

HOSTILE = '<script>alert("1")</script>'


class Seen(HTMLParser):
    """The tags, the addresses and the text of some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.text = ""
        self.feed(str(html))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    ("value", "html"),
    [
        (None, ""),
        ("", ""),
        (7, "7"),
        ("Oak & elm", "Oak &amp; elm"),
        (Markup("<b>bold</b>"), "<b>bold</b>"),
        ([], ""),
        (["one"], "one"),
        (["<", "&"], '<ul class="gh-values"><li>&lt;</li><li>&amp;</li></ul>'),
        ({"text": "Kent", "url": "/councils/kent"}, '<a class="govuk-link" href="/councils/kent">Kent</a>'),
        ({"text": "x", "url": "//elsewhere.example"}, "x"),
        ({"text": "x", "url": "javascript:alert(1)"}, "x"),
        ({"text": "2026-05-03", "is_date": True}, "3 May 2026"),
    ],
)
def test_render_value_draws_each_kind_of_value(value: object, html: str) -> None:
    assert render_value(value) == html


def test_render_value_links_addresses_within_a_sentence() -> None:
    drawn = render_value(f"See https://example.org/a?b=1&c=2, then {HOSTILE}")
    assert Seen(drawn).addresses == ["https://example.org/a?b=1&c=2"]
    assert Seen(drawn).text == f"See example.org/a?b=1&c=2, then {HOSTILE}"
    assert Seen(drawn).tags == ["a"]


def test_render_value_shortens_a_long_address_in_a_table() -> None:
    address = "https://www.example.org/" + "a" * 60
    assert Seen(render_value(address)).text == address
    assert Seen(render_value(address, short=True)).text == "example.org/" + "a" * 27 + "…"


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]))  # a parser reads control characters as others


@given(TEXTS | TEXTS.map(lambda text: f"https://example.org/{text}") | TEXTS.map(lambda text: f"a https://{text} b"))
def test_render_value_draws_no_tags_but_its_own_whatever_a_list_holds(text: str) -> None:
    for value in (text, [text, text], {"text": text, "url": text}, {"text": text, "is_date": True}):
        assert set(Seen(render_value(value)).tags) <= {"a", "li", "ul"}
    if "://" not in text:
        assert Seen(render_value(text)).text == text


def test_table_rows_escapes_cells_and_names_rows() -> None:
    drawn = table_rows(
        ["Name", {"kind": "number"}, {"kind": "date"}], [[HOSTILE, 1234, "2026-05-03"], [["a", "b"], None, ""]]
    )
    assert Seen(drawn).tags == ["tr", "th", "td", "td", "tr", "th", "ul", "li", "li", "td", "span", "td", "span"]
    assert HOSTILE in Seen(drawn).text
    assert '<td class="govuk-table__cell gh-table__cell--number">1,234</td>' in drawn
    assert '<td class="govuk-table__cell gh-table__cell--date">3 May 2026</td>' in drawn


def test_table_rows_has_no_header_where_the_first_cell_names_nothing() -> None:
    assert Seen(table_rows(["A", "B"], [["1", "2"]], header_column=False)).tags == ["tr", "td", "td"]
