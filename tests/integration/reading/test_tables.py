"""Tables on pages: what is asked stands in the address, and the download of it is the same."""

from __future__ import annotations

import base64
import csv
import io
import json
import re

import pytest
from django.db.models import F
from django.test import Client

from guildhall.reading.asking import decode_place, encode_place
from guildhall.registers.models import FollowerCursor
from guildhall.registers.queries.scan import Place
from integration.registers.woods import wood_register

from .halls import small_hall

pytestmark = pytest.mark.usefixtures("hall")

PAGE = "/registers/ambridge/wood/"
BROWSER = {"accept": "text/html"}


def shown(client: Client, address: str) -> str:
    answer = client.get(address, headers=BROWSER)
    assert answer.status_code == 200, answer.content
    return re.sub(r"\s+", " ", answer.content.decode())


def csv_rows(client: Client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_page_shows_filters_as_tags_that_can_be_taken_away(client: Client) -> None:
    wood_register()
    page = shown(client, f"{PAGE}?species=oak&planted__after=1995&_sort=-planted")
    assert "Species is oak" in page
    assert "Planted is after 1995" in page
    assert re.search("<title>[^<]+: Species is oak, Planted is after 1995 ", page)
    assert 'href="/registers/ambridge/wood/?planted__after=1995&amp;_sort=-planted"' in page
    assert 'aria-sort="descending"' in page
    assert "records of 60" in page


def test_page_offers_exactly_what_it_shows_as_a_download(client: Client) -> None:
    wood_register()
    asked = "?species=oak&_sort=-height&_columns=wood,height"
    page = shown(client, PAGE + asked)
    for suffix in ("csv", "json"):
        assert f'href="{PAGE}list.{suffix}{asked.replace("&", "&amp;")}"' in page
    rows = csv_rows(client, f"{PAGE}list.csv{asked}")
    assert len(rows) == 12
    assert list(rows[0]) == ["wood", "height"]
    heights = [float(row["height"]) for row in rows if row["height"]]
    assert heights == sorted(heights, reverse=True)
    told = client.get(f"{PAGE}list.json{asked}")
    assert len(json.loads(b"".join(told.streaming_content))) == 12  # type: ignore[attr-defined]


def test_page_searches_within_and_keeps_what_was_asked_already(client: Client) -> None:
    wood_register()
    page = shown(client, f"{PAGE}?q=oaks&kind=new&_sort=-height&_columns=height")
    assert "4 records of 60" in page
    assert f'<a class="gh-filters__tag" href="{PAGE}?kind=new&amp;_sort=-height&amp;_columns=height">' in page
    assert "Has “oaks”" in page
    box = page[page.index('<form class="gh-asking__search"') : page.index("</form>", page.index("gh-asking__search"))]
    assert 'name="q" type="search" value="oaks"' in box
    for kept in ('name="kind" value="new"', 'name="_sort" value="-height"', 'name="_columns" value="height"'):
        assert f'<input type="hidden" {kept}>' in box
    assert len(csv_rows(client, f"{PAGE}list.csv?q=oaks&kind=new")) == 4
    told = client.get("/api/v1/registers/ambridge/wood/records?q=oakk&kind=new&_limit=3").json()
    assert (told["total"], len(told["results"]), told["looked-for-instead"]) == (4, 3, {"oakk": ["oak"]})
    told = client.get(told["next"]).json()
    assert (len(told["results"]), told["next"]) == (1, None)


def test_page_says_what_became_of_words_that_were_not_found(client: Client) -> None:
    wood_register()
    assert "Instead these were looked for: oak" in shown(client, f"{PAGE}?q=oakk")
    assert "so these were left out: “oak”" in shown(client, f"{PAGE}?q=oak+elm")
    assert "no letters or digits to look for" in shown(client, f"{PAGE}?q=%25%22")
    assert "No record is like this" in shown(client, f"{PAGE}?q=zzzqqq")


def test_answer_of_a_part_is_asked_again_once_followers_have_moved(client: Client) -> None:
    wood_register()
    for address in (f"{PAGE}list.json?q=oak", "/api/v1/standards/wood/records?q=oak"):
        tag = client.get(address).headers["ETag"]
        assert client.get(address, headers={"if-none-match": tag}).status_code == 304
        FollowerCursor.objects.filter(name="search").update(position=F("position") - 1)
        assert client.get(address, headers={"if-none-match": tag}).status_code == 200


def test_form_leads_to_an_address_that_can_be_sent_on(client: Client) -> None:
    wood_register()

    def leads_to(query: str) -> str:
        answer = client.get(f"{PAGE}?{query}", headers=BROWSER)
        assert answer.status_code == 302
        return str(answer.headers["Location"])

    assert leads_to("kind=new&_field=species&_operator=is&_value=oak") == f"{PAGE}?kind=new&species=oak"
    assert leads_to("_field=format&_operator=is&_value=pdf") == f"{PAGE}?format__is=pdf"
    assert leads_to("_field=note&_operator=filled&_value=") == f"{PAGE}?note__empty=no"
    assert leads_to("species=oak&_field=&_operator=is&_value=") == f"{PAGE}?species=oak"
    assert leads_to("kind=new&_column=species&_column=note") == f"{PAGE}?kind=new&_columns=species,note"


def test_counts_are_links_and_show_titles_of_what_is_linked(client: Client) -> None:
    small_hall()
    page = shown(client, "/standards/product-use/records")
    assert '<a class="govuk-link" href="/standards/product-use/records?product=planx">PlanX</a>' in page
    assert "Product is PlanX" in shown(client, "/standards/product-use/records?product=planx")


def test_joined_lists_are_filtered_by_organisation_region_type_and_keeper(client: Client) -> None:
    small_hall()
    base = "/standards/product-use/records"
    assert "2 records of 3" in shown(client, f"{base}?organisation=hackney")
    assert len(csv_rows(client, f"{base}.csv?kept-by__not=hall")) == 1
    assert len(csv_rows(client, f"{base}.csv?region=London&organisation-type=London+borough")) == 3
    assert csv_rows(client, f"{base}.csv?region=Nowhere") == []


def test_joined_lists_show_what_records_say_before_who_says_it(client: Client) -> None:
    small_hall()
    page = shown(client, "/standards/product-use/records")
    titles = [
        re.sub(r"<[^>]+>|[↕↑↓]", "", one).partition(",")[0].strip()
        for one in re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page)
    ]
    assert titles[:3] == ["Organisation", "Record", "Product"]
    assert titles[-2:] == ["Source date", "Kept by"]
    assert "Short name" not in titles


def test_page_of_nothing_found_says_what_to_do(client: Client) -> None:
    wood_register()
    page = shown(client, f"{PAGE}?species=OAK")
    assert "No record is like this" in page
    assert "capitals" in page
    assert "0 records of 60" in page


@pytest.mark.parametrize(
    "query",
    ["colour=red", "species__like=x", "_sort=colour", "_columns=x", "planted__after=2001-02-30", "_after=z", "q__is=1"],
)
def test_page_refuses_what_cannot_be_asked_in_plain_words(client: Client, query: str) -> None:
    wood_register()
    answer = client.get(f"{PAGE}?{query}", headers=BROWSER)
    assert answer.status_code == 400
    assert "text/html" in answer.headers["Content-Type"]


@pytest.mark.parametrize("query", ["species=%25", "name__contains='%22%25_", "name__contains=*)+OR+1=1", "name=🌳"])
def test_page_takes_signs_of_query_languages_for_what_they_are(client: Client, query: str) -> None:
    wood_register()
    assert "0 records of 60" in shown(client, f"{PAGE}?{query}")


def test_large_page_goes_on_looking_from_where_it_was_stopped(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    wood_register()
    monkeypatch.setattr("guildhall.registers.queries.filters.SMALL", 0)
    monkeypatch.setattr("guildhall.registers.queries.walks.LOOK_SECONDS", 0)
    monkeypatch.setattr("guildhall.registers.queries.walks._BATCH", 10)
    page = shown(client, f"{PAGE}?name=Wood+35")
    assert "Only a part of the list was looked through" in page
    assert "None found so far" in page
    rows = csv_rows(client, f"{PAGE}list.csv?name=Wood+35")
    assert [row["wood"] for row in rows] == ["W035"]


@pytest.mark.parametrize("place", [Place(None, "a/b", "k"), Place(1.5, "a/b", "~/ 🌳"), Place("x", "a/b", '"')])
def test_places_can_be_written_and_read_again(place: Place) -> None:
    assert decode_place(encode_place(place)) == place


@pytest.mark.parametrize("text", ["", "x", "W10", "bnVsbA", "WzEsMiwzXQ", "WyJhIiwiYiIsImMiLCJkIl0", "é", "="])
def test_what_is_no_place_is_not_read(text: str) -> None:
    assert decode_place(text) is None


@pytest.mark.parametrize("value", ["1" + "0" * 400, "NaN", "Infinity", "1e400", "true", "[]"])
def test_a_place_whose_value_is_no_number_or_text_is_not_read(value: str) -> None:
    assert decode_place(base64.b64encode(f'[{value},"a/b","k"]'.encode()).decode()) is None


def test_a_place_with_half_a_character_is_not_read() -> None:
    assert decode_place(base64.b64encode(b'["a","a/b","\\ud800"]').decode()) is None


@pytest.mark.parametrize(("sort", "value"), [("height", "oak"), ("name", 3.5), ("", "oak")])
def test_a_place_of_another_order_is_refused(client: Client, sort: str, value: str | float) -> None:
    wood_register()
    place = encode_place(Place(value, "ambridge/wood", "W003"))
    for address in (PAGE, "/api/v1/registers/ambridge/wood/records"):
        response = client.get(address, {"_sort": sort, "_after": place}, headers={"accept": "text/html"})
        assert response.status_code == 400
        assert "There is no page at this place" in response.content.decode()
