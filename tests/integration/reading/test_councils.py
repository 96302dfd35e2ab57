"""Councils: found in every way, told with what surrounds them, compared, drawn on maps."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guildhall.publishing.registers import add_organisation, add_standard
from guildhall.registers.queries import registers

from .halls import open_list, put
from .places import country

pytestmark = pytest.mark.usefixtures("hall")

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
MOST_QUERIES = 25


@pytest.fixture
def reader() -> Client:
    country()
    return Client(headers={"accept": BROWSER})


def page(reader: Client, address: str) -> str:
    response = reader.get(address)
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


def slugs(reader: Client, address: str) -> list[str]:
    return [one["council"] for one in reader.get(address).json()["results"]]


@pytest.mark.parametrize("query", ["hackney", "HCK", "E09000012", "hackney london"])
def test_council_that_is_found_alone_is_shown_at_once(reader: Client, query: str) -> None:
    assert reader.get("/councils", {"q": query}).headers["Location"] == "/councils/hackney"


@pytest.mark.parametrize("query", ["Ynys Môn", "ynys mon", "YNYS  MÔN"])
def test_council_is_found_by_its_welsh_name_with_and_without_accents(reader: Client, query: str) -> None:
    assert reader.get("/councils", {"q": query}).headers["Location"] == "/councils/isle-of-anglesey"


def test_name_that_is_mistyped_finds_those_like_it_and_says_so(reader: Client) -> None:
    text = page(reader, "/councils?q=hakney")
    assert "No council is called “hakney”" in text
    assert "/councils/hackney" in text
    assert slugs(reader, "/councils.json?q=hakney") == ["hackney"]


def test_former_council_is_named_as_such_when_only_it_has_the_name(reader: Client) -> None:
    text = page(reader, "/councils?q=old+town")
    assert "No council of today is called “old town”" in text
    assert "/councils/old-town" in text


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/councils.json?region=London", ["hackney", "islington"]),
        ("/councils.json?region=wales", ["isle-of-anglesey"]),
        ("/councils.json?type=CTY", ["kent"]),
        ("/councils.json?type=Non-metropolitan+district", ["canterbury", "dover"]),
        ("/councils.json?region=nowhere", []),
        ("/councils.json?near=51.27,1.09&type=NMD", ["canterbury", "dover"]),
        ("/councils.json?near=dover&region=South+East", ["dover", "canterbury", "kent"]),
    ],
)
def test_councils_are_found_by_region_kind_and_nearness(reader: Client, address: str, found: list[str]) -> None:
    assert slugs(reader, address) == found


@pytest.mark.parametrize("near", ["zz", "91,0", "51.5", "51.5,-0.06,3", "nan,inf", "nowhere", "51.5;-0.06"])
def test_place_that_is_none_is_answered_plainly(reader: Client, near: str) -> None:
    response = reader.get("/councils", {"near": near})
    assert response.status_code == 400
    assert "latitude and longitude" in response.content.decode()


def test_near_tells_how_far_the_middles_are_apart(reader: Client) -> None:
    rows = reader.get("/councils.json?near=51.55,-0.06").json()["results"]
    assert (rows[0]["council"], rows[0]["kilometres"]) == ("hackney", 0.0)
    assert rows[1]["council"] == "islington"
    assert rows[1]["kilometres"] == pytest.approx(3.5, abs=0.1)
    assert "nearest to 51.55, -0.06" in page(reader, "/councils?near=51.55,-0.06")


def test_councils_are_shown_by_region(reader: Client) -> None:
    text = page(reader, "/councils?by=region")
    assert text.index(">London</h2>") < text.index(">South East</h2>") < text.index(">Wales</h2>")


def test_council_tells_its_county_and_the_county_its_districts(reader: Client) -> None:
    assert "/councils/kent" in page(reader, "/councils/canterbury")
    text = page(reader, "/councils/kent")
    assert "Districts" in text
    assert "Canterbury City Council" in text
    assert "Old Town Council" not in text


def test_council_tells_what_it_replaced_and_a_former_one_what_followed(reader: Client) -> None:
    assert "Old Town Council" in page(reader, "/councils/canterbury")
    text = page(reader, "/councils/old-town")
    assert "replaced by" in text
    assert "Canterbury City Council" in text
    assert "We are not your council" not in text


def test_council_that_will_be_replaced_says_so(reader: Client) -> None:
    register = registers.register("hall/organisation")
    put(
        register,
        [
            {
                "organisation": "islington",
                "name": "London Borough of Islington",
                "kind": "council",
                "local-authority": "ISL",
                "end-date": "2099-03-31",
            }
        ],
    )
    put(
        registers.register("hall/local-authority"),
        [
            {
                "local-authority": "ISL",
                "name": "Islington",
                "official-name": "London Borough of Islington",
                "organisation": "islington",
                "local-authority-type": "LBO",
                "nation": "England",
                "end-date": "2099-03-31",
                "replaced-by": ["HCK"],
            }
        ],
    )
    text = page(reader, "/councils/islington")
    assert "This council will be replaced" in text
    assert "London Borough of Hackney" in text


def test_council_tells_its_nearest_and_what_they_use(reader: Client) -> None:
    text = page(reader, "/councils/islington")
    assert "Nearest by distance between their middles" in text
    assert "/products/planx" in text
    assert "Not known" in text
    near = reader.get("/councils/canterbury.json").json()["neighbours"]
    assert near[0] == {"council": "dover", "name": "Dover District Council", "kilometres": 16.0}
    assert "kent" not in [one["council"] for one in near]


def test_council_separates_its_own_lists_from_copies_waiting_to_be_claimed(reader: Client) -> None:
    own, copy = page(reader, "/councils/hackney"), page(reader, "/councils/canterbury")
    assert "Kept by the council itself" in own
    assert "waiting to be claimed" not in own
    assert "waiting to be claimed" in copy
    assert "as of 2018" in copy
    assert "years old" in copy


def test_council_tells_what_changed_lately(reader: Client) -> None:
    text = page(reader, "/councils/hackney")
    assert "What changed lately" in text
    assert "2 records added" in text
    assert "/councils/hackney/changes" in text
    assert "What changed lately" not in page(reader, "/councils/nowhere")


def test_council_has_projects_only_where_there_is_a_list_of_them(reader: Client) -> None:
    assert 'id="projects"' not in page(reader, "/councils/hackney")
    add_standard(
        {
            "name": "project",
            "title": "Project",
            "description": "Work.",
            "version": "1",
            "primaryKey": "project",
            "titleField": "title",
            "fields": [{"name": "project", "type": "string"}, {"name": "title", "type": "string"}],
        }
    )
    put(open_list("hackney", "project"), [{"project": "p1", "title": "Better bins"}])
    assert "Better bins" in page(reader, "/councils/hackney")


def test_former_council_is_told_of_as_such(reader: Client) -> None:
    text = page(reader, "/councils/old-town")
    assert "This council no longer exists" in text
    for of_today in ("Products that it uses", "No lists yet", "The only council here", "shares its residents"):
        assert of_today not in text, of_today


def test_council_without_a_record_among_local_authorities_has_a_page(reader: Client) -> None:
    add_organisation({"organisation": "bare", "name": "Bare Council", "kind": "council"})
    text = page(reader, "/councils/bare")
    assert "No lists yet" in text
    assert reader.get("/councils/bare.json").json()["neighbours"] == []


def test_council_page_asks_the_database_little(reader: Client) -> None:
    page(reader, "/councils/canterbury")
    with CaptureQueriesContext(connection) as asked:
        page(reader, "/councils/canterbury")
    assert 5 < len(asked) <= MOST_QUERIES, [one["sql"][:120] for one in asked]


def test_resident_is_told_whose_pages_they_are_and_how_old(reader: Client) -> None:
    text = page(reader, "/councils/canterbury/services")
    assert "We are not your council" in text
    assert "https://canterbury.example/" in text
    assert "These links may have moved" in text
    assert "2018" in text
    assert text.index("home page") < text.index("https://canterbury.example/meals")
    assert text.index("Schools and children</h2>") > text.index("Other services</h2>")


def test_services_are_searched_by_words_and_by_subject(reader: Client) -> None:
    assert "potholes" not in page(reader, "/councils/canterbury/services?q=school")
    rows = reader.get("/councils/canterbury/services.json?q=potholes").json()["results"]
    assert [one["address"] for one in rows] == ["https://canterbury.example/potholes"]
    assert "No page about “zzz” is known" in page(reader, "/councils/canterbury/services?q=zzz")
    assert "No pages of this council are known" in page(reader, "/councils/dover/services")


def test_resident_is_sent_on_to_web_addresses_alone(reader: Client) -> None:
    script = "javascript:alert(1)"
    add_organisation({"organisation": "deal", "name": "Deal Council", "kind": "council", "website": script})
    link = {"service": "4", "interaction": "reporting", "title": "Bins", "address": script}
    put(open_list("deal", "service-link"), [link])
    assert "Go to its own website" in page(reader, "/councils/canterbury")
    for address in ("/councils/deal", "/councils/deal/services"):
        assert f'href="{script}' not in page(reader, address)


def test_services_of_what_is_no_council_are_not_there(reader: Client) -> None:
    assert reader.get("/councils/hall/services").status_code == 404
    assert reader.get("/councils/hall.json").status_code == 404
    assert reader.get("/councils/no-such/services").status_code == 404


def test_councils_stand_side_by_side(reader: Client) -> None:
    text = page(reader, "/councils/compare?with=hackney&with=canterbury,dover")
    for said in ("PlanX", "Idox", "Kent County Council", "280,941", "Not known", "Not identified"):
        assert said in text, said
    assert "/councils/compare?with=canterbury&amp;with=dover" in text


def test_distances_are_told_in_miles_on_pages_and_in_kilometres_to_programs(reader: Client) -> None:
    compared = page(reader, "/councils/compare?with=canterbury,dover")
    assert "Miles from Canterbury, middle to middle" in compared
    near = page(reader, "/councils/canterbury")
    for text in (compared, near):
        assert re.search(r">\s*10\s*<", text)  # 16.0 kilometres
    assert reader.get("/councils/canterbury.json").json()["neighbours"][0]["kilometres"] == 16.0


def test_comparison_is_given_as_csv_and_json_with_unknown_left_empty(reader: Client) -> None:
    rows = reader.get("/councils/compare.json?with=hackney,dover,islington").json()["results"]
    assert [one["products"] for one in rows] == [["planx", "potholes"], [], None]
    assert [one["keeps-lists"] for one in rows] == ["own", "copy", None]
    text = reader.get("/councils/compare.csv?with=hackney,islington").content.decode()
    first, second = csv.DictReader(io.StringIO(text))
    assert (first["products"], second["products"]) == ("planx;potholes", "")
    assert second["population"] == ""


def test_council_is_added_to_a_comparison_by_its_name(reader: Client) -> None:
    added = reader.get("/councils/compare", {"with": "hackney", "add": "islington"})
    assert added.headers["Location"] == "/councils/compare?with=hackney&with=islington"
    assert "No council that can be added matches" in page(reader, "/councils/compare?add=zzzzz")
    assert "Which one do you mean?" in page(reader, "/councils/compare?with=kent&add=london")


def test_comparison_for_programs_leaves_nothing_out_unseen(reader: Client) -> None:
    refused = reader.get("/councils/compare.json?with=hackney,no-such")
    assert (refused.status_code, refused.json()["detail"]) == (404, "No council is called “no-such”.")
    refused = reader.get("/councils/compare.csv?with=" + ",".join(["hackney"] * 101))
    assert (refused.status_code, refused.json()["remedy"]) == (400, "Name at most 100.")


@pytest.mark.parametrize("names", ["no-such", "<script>", "%00", "hall", "🌳"])
def test_comparison_names_what_is_no_council(reader: Client, names: str) -> None:
    assert "No council is called" in page(reader, f"/councils/compare?with=hackney&with={names}")


def test_comparison_shows_no_more_than_can_be_read(reader: Client) -> None:
    for number in range(15):
        add_organisation({"organisation": f"c{number}", "name": f"Council {number}", "kind": "council"})
    address = "/councils/compare?" + "&".join(f"with=c{number}" for number in range(15))
    assert "Only the first 12 are shown" in page(reader, address)


def test_council_offers_sets_to_compare_it_with(reader: Client) -> None:
    text = page(reader, "/councils/canterbury")
    assert "/councils/compare?with=canterbury&amp;with=dover" in text
    assert "The nearest of the same kind (Non-metropolitan district)" in text


@pytest.mark.parametrize(("by", "said"), [("", "County council"), ("lists", "Keeps it itself")])
def test_map_has_a_link_for_each_council_and_the_same_as_a_table(reader: Client, by: str, said: str) -> None:
    text = page(reader, f"/councils/map?by={by}")
    assert said in text
    for slug in ("hackney", "kent", "isle-of-anglesey"):
        assert text.count(f'href="/councils/{slug}"') == 2, slug
    assert "1 council is not on the map" in text
    assert "old-town" not in text
    assert "style=" not in text


def test_standard_tells_which_councils_keep_it_and_which_do_not(reader: Client) -> None:
    text = page(reader, "/standards/product-use/councils")
    assert text.count('href="/councils/hackney"') == 2
    rows = reader.get("/standards/product-use/councils.json").json()["results"]
    kept = {one["council"]: one["kept"] for one in rows}
    assert (kept["hackney"], kept["canterbury"], kept["kent"]) == ("own", "copy", "nothing")
    (kent,) = [one for one in rows if one["council"] == "kent"]
    assert kent["records"] is None
    text = reader.get("/standards/product-use/councils.csv?kept=own").content.decode()
    assert text.splitlines()[1].startswith("hackney,")
    assert len(text.splitlines()) == 2
    rows = reader.get("/standards/product-use/councils.json?region=london").json()["results"]
    assert {one["region"] for one in rows} == {"London"}
    assert 'value="London" selected' in page(reader, "/standards/product-use/councils?region=London&kept=copy")
    assert "own, copy, nothing" in reader.get("/standards/product-use/councils.json?kept=none").json()["remedy"]
    assert reader.get("/standards/no-such/councils").status_code == 404
    assert "/standards/product-use/councils" in page(reader, "/standards/product-use")


def test_atlas_is_read_again_when_a_list_has_changed(reader: Client) -> None:
    assert "Borough of Newness" not in page(reader, "/councils")
    add_organisation({"organisation": "newness", "name": "Borough of Newness", "kind": "council"})
    assert "Borough of Newness" in page(reader, "/councils")


def test_map_of_one_region_is_drawn_larger(reader: Client) -> None:
    text = page(reader, "/councils/map?region=London")
    assert text.count('href="/councils/hackney"') == 2
    assert "/councils/kent" not in text
    assert 'viewBox="0 0 690 1090"' not in text
    assert "can be drawn" in page(reader, "/councils/map?region=nowhere")


ODD = ["%", "'\"--", "🌳", "* NEAR(", "x" * 290, "a b " * 70]
ASKING = [
    "/councils?q",
    "/councils?postcode",
    "/councils?region",
    "/councils/compare?add",
    "/products?q",
    "/products?supplier",
]
ASKING += ["/councils/canterbury/services?q", "/councils/map?region"]


def test_odd_questions_are_answered_and_too_long_ones_refused(reader: Client) -> None:
    for address in ASKING:
        path, _, name = address.partition("?")
        for text in ODD:
            assert reader.get(path, {name: text}).status_code == 200, (address, text)
        for text in ("x" * 10_000, "a\0b"):
            assert reader.get(path, {name: text}).status_code == 400, (address, text)
