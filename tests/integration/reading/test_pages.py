"""Every page of a small hall: each draws, and each link on it leads somewhere."""

from __future__ import annotations

import html
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.test import Client

from guildhall.reading.asking import encode_place
from guildhall.registers.models import Entry
from guildhall.registers.queries import registers
from guildhall.registers.queries.scan import Place

from .halls import ODD_KEYS, odd_list, put, small_hall

pytestmark = pytest.mark.usefixtures("hall")

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


class Links(HTMLParser):
    """The addresses on a page, the names that they may lead to, and whatever a strict policy would refuse."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.names: list[str] = []
        self.refused: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"href", "action", "src"} and value:
                self.hrefs.append(value)
            if name == "id" and value:
                self.names.append(value)
            if name == "style" or name.startswith("on"):
                self.refused.append(f"{tag} {name}")
        if tag in {"script", "style"}:
            self.refused.append(tag)


@pytest.fixture
def reader() -> Client:
    return Client(headers={"accept": BROWSER})


def crawl(reader: Client, start: str) -> dict[str, Links | None]:
    """Follow every link of the hall's own, from a page on. Other formats are fetched and not followed.

    From one state of a page (filtered, sorted, on another day) no further state is followed: there is no end of them.
    """
    seen: dict[str, Links | None] = {}
    waiting = [(start, "")]
    while waiting:
        address, source = waiting.pop()
        if address in seen:
            continue
        response = reader.get(address)
        assert response.status_code in {200, 302}, f"{source} leads to {address}: {response.status_code}"
        if response.status_code == 302:
            seen[address] = None
            waiting.append((urldefrag(urljoin(address, response.headers["Location"])).url, address))
            continue
        is_page = response.headers["Content-Type"].startswith("text/html")
        body = b"".join(response) if response.streaming else response.content
        seen[address] = Links(body.decode()) if is_page else None
        for href in seen[address].hrefs if is_page else []:  # type: ignore[union-attr]
            target = urldefrag(urljoin(f"http://testserver{address}", href)).url
            is_next_state = "?" in address and "?" in target
            is_own = urlsplit(target).netloc == "testserver" and not target.startswith("http://testserver/static/")
            if is_own and not is_next_state:
                waiting.append((target.removeprefix("http://testserver"), address))
    return seen


def test_crawl_of_a_small_hall_finds_every_page_and_no_dead_link(reader: Client) -> None:
    small_hall()
    odd_list("oddington")
    seen = crawl(reader, "/")
    pages = {address: links for address, links in seen.items() if links is not None}
    assert {
        "/",
        "/councils",
        "/councils/hackney",
        "/councils/isle-of-anglesey",
        "/products",
        "/products/planx",
        "/products/unused",
        "/registers/",
        "/registers/hackney/product-use/",
        "/registers/hackney/product-use/entries",
        "/registers/hackney/product-use/entries/1",
        "/registers/hackney/product-use/proof",
        "/registers/hackney/product-use/records/planning",
        "/registers/hackney/product-use/records/planning/proof",
        "/standards",
        "/standards/product-use",
        "/standards/product-use/records",
        "/organisations",
        "/organisations/hall",
        "/organisations/idox",
        "/help",
        "/accessibility",
        "/privacy",
    } <= set(pages)
    for address, links in pages.items():
        assert not links.refused, f"{address} has {links.refused}"
        assert len(links.names) == len(set(links.names)), f"{address} uses an id twice"
        for href in links.hrefs:
            if href.startswith("#"):
                assert href[1:] in links.names, f"{address} leads to {href}, which is not on it"


def test_crawl_reaches_the_record_of_every_odd_key(reader: Client) -> None:
    register = odd_list()
    seen = crawl(reader, f"/registers/{register.path}/")
    shown = [links for address, links in seen.items() if f"{register.path}/records/" in address and links]
    assert len(shown) >= 2 * len(ODD_KEYS)


def test_values_are_escaped_on_every_page(reader: Client) -> None:
    register = odd_list()
    base = f"/registers/{register.path}/"
    number = register.head.size - 1
    for path in ("", "records/full", "records/full/proof", "entries", f"entries/{number}"):
        text = reader.get(base + path).content.decode()
        assert "<script" not in text
        assert "alert(&#34;1&#34;)" in text


def test_pages_of_an_empty_hall_draw(reader: Client) -> None:
    for path in ("/", "/councils", "/products", "/registers/", "/standards", "/organisations", "/help"):
        assert reader.get(path).status_code == 200
    for name in ("erasure", "hold"):
        for path in ("", "entries", "proof"):
            assert reader.get(f"/registers/hall/{name}/{path}").status_code == 200
        assert reader.get(f"/standards/{name}/records").status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ynys mon", "/councils/isle-of-anglesey"),
        ("Môn", "/councils/isle-of-anglesey"),
        ("hck", "/councils/hackney"),
        ("E09000012", "/councils/hackney"),
        ("borough hackney", "/councils/hackney"),
    ],
)
def test_search_for_a_council_goes_straight_to_the_only_one(reader: Client, query: str, found: str) -> None:
    small_hall()
    response = reader.get("/councils", {"q": query})
    assert (response.status_code, response.headers["Location"]) == (302, found)


def test_search_finds_former_councils_only_when_asked(reader: Client) -> None:
    small_hall()
    assert "No council of today is called" in reader.get("/councils?q=old+town").content.decode()
    assert reader.get("/councils?q=old+town&former=yes").headers["Location"] == "/councils/old-town"
    assert reader.get("/councils?q=E07000999&former=yes").headers["Location"] == "/councils/old-town"
    page = reader.get("/councils/old-town").content.decode()
    assert "This council no longer exists" in page
    assert "London Borough of Hackney" in page


def test_council_in_wales_has_its_welsh_name_too(reader: Client) -> None:
    small_hall()
    assert "Sir Ynys Môn" in reader.get("/councils/isle-of-anglesey").content.decode()
    assert "In Welsh" not in reader.get("/councils/hackney").content.decode()


@pytest.mark.parametrize("code", ["HCK", "E09000012"])
def test_council_is_found_by_its_codes(reader: Client, code: str) -> None:
    small_hall()
    assert reader.get(f"/councils/{code}").headers["Location"] == "/councils/hackney"


def test_use_that_has_ended_is_not_shown_as_use(reader: Client) -> None:
    small_hall()
    assert "No council is known to use it" in reader.get("/products/unused").content.decode()
    assert "/products/unused" not in reader.get("/councils/hackney").content.decode()
    assert "/products/planx" in reader.get("/councils/hackney").content.decode()
    counts = {one["product"]: one["organisations"] for one in Client().get("/products.json").json()["results"]}
    assert counts == {"planx": 2, "unused": None}


def test_record_tells_its_latest_changes_and_where_the_earlier_are(reader: Client) -> None:
    register = odd_list()
    for number in range(60):
        put(register, [{"odd": "full", "title": f"Title {number}"}])
    address = f"/registers/{register.path}/records/full"
    text = reader.get(address).content.decode()
    assert "Title 59" in text
    assert "changed from" in text
    assert text.count("gh-timeline__step ") + text.count('gh-timeline__step"') == 50
    assert f"{address}/changes.csv" in text
    assert "Added" not in text.partition("gh-timeline")[2].partition("</ol>")[0]


def test_change_tells_its_own_reason_and_what_it_did(reader: Client) -> None:
    register = odd_list()
    text = reader.get(f"/registers/{register.path}/entries/{register.head.size}").content.decode()
    assert "A better title" in text
    assert "Odd 1" in text
    assert "Changed" in text
    first = reader.get(f"/registers/{register.path}/entries/1").content.decode()
    assert "The first odd things" in first
    assert "A better title" not in first


def test_lists_are_paged_forwards_and_back(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guildhall.reading.views.lists.INDEX_PAGE", 2)
    paths = [one.path for one in registers.registers()]
    middle = reader.get("/registers/", {"after": paths[1]}).content.decode()
    assert [path for path in paths if f"/registers/{path}/" in middle] == paths[2:4]
    before = reader.get("/registers/", {"before": paths[2]}).content.decode()
    assert [path for path in paths if f"/registers/{path}/" in before] == paths[:2]
    assert "Previous page" not in before


def test_joined_view_is_paged_by_the_longest_place(reader: Client) -> None:
    small_hall()
    place = encode_place(Place(None, f"{'a' * 100}/{'b' * 99}", "k" * 256))
    assert reader.get("/standards/product-use/records", {"_after": place}).status_code == 200


@pytest.mark.parametrize(
    "forged",
    [
        b'{"odd":"full","title":"Forged"',
        b'{"title":{"a":1},"parts":[1,2],"odd":7}',
        b"[1]",
        b"",
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_record_that_was_tampered_with_says_so(reader: Client, forged: bytes) -> None:
    register = odd_list()
    Entry.objects.filter(register=register, key="full").update(item=forged)
    base = f"/registers/{register.path}/"
    assert "does not check out" in reader.get(f"{base}records/full/proof").content.decode()
    for path in ("records/full", "", "entries", "records/full.json", "records.csv", "list.json", "blobs.csv"):
        response = reader.get(base + path)
        assert response.status_code == 200
        assert b"".join(response) if response.streaming else response.content


def test_command_that_people_copy_is_quoted_for_the_shell(reader: Client) -> None:
    register = odd_list()
    base = f"/registers/{register.path}/records/"
    command = html.unescape(reader.get(f"{base}q%3Fa=b%23c/proof").content.decode())
    assert "guildhall verify http://testserver/registers/hackney/odd/ '--record=q?a=b#c'" in command
    assert "--record=full<" in reader.get(f"{base}full/proof").content.decode()
