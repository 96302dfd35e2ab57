"""What the hall tells programs of its lists, and pages tell people of their downloads, is true."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from guildhall.reading import drawn
from guildhall.reading.data import sitemaps
from guildhall.registers.exports import subject
from guildhall.registers.followers import exports
from guildhall.registers.models import Register

from .halls import ODD_ROWS, Row, odd_list, put, small_hall

pytestmark = pytest.mark.usefixtures("hall")

BROWSER = {"accept": "text/html"}


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def body(client: Client, address: str, **headers: str) -> bytes:
    response = client.get(address, headers=headers)
    assert response.status_code == 200, address
    return b"".join(response) if response.streaming else response.content


def places_in(client: Client, sitemap: str) -> list[str]:
    tree = ET.fromstring(body(client, sitemap))  # noqa: S314 - our own
    return [path_of(str(one.text)) for one in tree.iter() if one.tag.endswith("loc")]


@pytest.mark.parametrize("address", ["/registers/hall/local-authority", "/standards/local-authority"])
def test_data_package_names_every_format_at_an_address_that_answers(client: Client, address: str) -> None:
    small_hall()
    package = json.loads(body(client, f"{address}/datapackage.json"))
    formats = {one["format"]: one for one in package["resources"]}
    assert set(formats) == {"csv", "json", "ndjson", "xlsx", "parquet", "sqlite", "geojson"}
    for one in formats.values():
        assert body(client, path_of(one["path"]))
    columns = body(client, path_of(formats["csv"]["path"])).decode().partition("\r\n")[0]
    assert [field["name"] for field in formats["csv"]["schema"]["fields"]] == columns.split(",")
    assert package["licenses"] or package["title"]


@pytest.mark.parametrize("address", ["/registers/hackney/product-use/list", "/standards/product-use/records"])
@pytest.mark.parametrize("suffix", ["csv", "json", "xlsx", "csv?product=planx"])
def test_download_leads_to_what_describes_it(client: Client, address: str, suffix: str) -> None:
    small_hall()
    base, _, query = suffix.partition("?")
    led = re.fullmatch(r'<([^>]+)>; rel="describedby"', client.head(f"{address}.{base}?{query}").headers["Link"])
    assert led is not None
    assert json.loads(body(client, led[1]))["profile"] == "data-package"


def test_dataset_tells_search_engines_what_a_list_is(client: Client) -> None:
    small_hall()
    response = client.get("/registers/hackney/product-use/dataset.jsonld")
    assert response.headers["Content-Type"] == "application/ld+json"
    told = response.json()
    assert (told["@context"], told["@type"]) == ("https://schema.org/", "Dataset")
    assert "Unofficial copy, not kept by London Borough of Hackney." in told["description"]
    assert told["creator"]["name"] == "London Borough of Hackney"
    for one in told["distribution"]:
        assert body(client, path_of(one["contentUrl"]))


def test_page_of_a_list_leads_programs_to_its_descriptions(client: Client) -> None:
    small_hall()
    for address in ("/registers/hackney/product-use/", "/standards/product-use/records"):
        page = body(client, address, **BROWSER).decode()
        linked = re.findall(r'<link rel="describedby" type="[^"]+" href="([^"]+)"', page)
        assert len(linked) == 2
        for one in linked:
            assert json.loads(body(client, one))


def test_catalogue_has_every_list_and_every_joined_view(client: Client) -> None:
    small_hall()
    told = json.loads(body(client, "/catalogue.jsonld"))
    catalogue, *datasets = told["@graph"]
    assert catalogue["@type"] == "dcat:Catalog"
    assert [one["@id"] for one in catalogue["dcat:dataset"]] == [one["@id"] for one in datasets]
    paths = {path_of(one["@id"]) for one in datasets}
    assert {f"/registers/{path}/" for path in Register.objects.values_list("path", flat=True)} <= paths
    assert "/standards/product-use/records" in paths
    for one in datasets:
        assert one["dct:title"]
        assert one["dct:description"]
        assert one["dcat:distribution"]
    assert set(told["@context"]) >= {"dcat", "dct", "foaf"}


def test_catalogue_tells_licences_and_sources_as_other_catalogues_read_them(client: Client) -> None:
    small_hall()
    Register.objects.filter(path="hackney/product-use").update(licence="MIT Licence; facts only")
    told = json.loads(body(client, "/catalogue.jsonld"))
    datasets = {path_of(one["@id"]): one for one in told["@graph"][1:]}
    copied = datasets["/registers/hackney/product-use/"]
    assert copied["dct:provenance"] == [{"@type": "dct:ProvenanceStatement", "rdfs:label": "A public source"}]
    assert {one["dct:rights"]["rdfs:label"] for one in copied["dcat:distribution"]} == {"MIT Licence; facts only"}
    own = datasets["/registers/isle-of-anglesey/product-use/"]
    assert {one["dct:license"]["@id"] for one in own["dcat:distribution"]} == {
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
    }
    dataset = json.loads(body(client, "/registers/hackney/product-use/dataset.jsonld"))
    assert dataset["license"] == [{"@type": "CreativeWork", "name": "MIT Licence; facts only"}]


def test_package_of_joined_lists_names_each_source_once_and_the_hall(client: Client) -> None:
    small_hall()
    package = json.loads(body(client, "/standards/product-use/datapackage.json"))
    assert package["sources"] == [{"title": "A public source"}, {"title": "Isle of Anglesey County Council"}]
    assert package["contributors"] == [{"title": "Guildhall", "role": "publisher"}]
    (csv,) = (one for one in package["resources"] if one["format"] == "csv")
    assert csv["schema"]["primaryKey"] == ["register", "key"]


def test_sitemap_leads_to_pages_that_are_there(client: Client) -> None:
    small_hall()
    places = [place for part in places_in(client, "/sitemap.xml") for place in places_in(client, part)]
    assert {"/councils/hackney", "/registers/hackney/product-use/", "/products/planx"} <= set(places)
    for place in places:
        body(client, place, **BROWSER)
    assert client.get("/sitemap-nothing.xml").status_code == 404
    assert f"Sitemap: http://testserver{'/sitemap.xml'}" in body(client, "/robots.txt").decode()


def test_sitemap_leads_to_the_records_of_lists_that_are_no_copies(client: Client) -> None:
    small_hall()
    odd_list()
    parts = places_in(client, "/sitemap.xml")
    assert "/registers/hackney/odd/sitemap-1.xml" in parts
    assert "/registers/hackney/product-use/sitemap-1.xml" not in parts
    assert "/registers/hall/local-authority/sitemap-1.xml" not in parts  # councils have pages of their own
    places = places_in(client, "/registers/hackney/odd/sitemap-1.xml")
    assert len(places) == len(ODD_ROWS)
    assert "/registers/hackney/odd/records/a~1b" in places
    for absent in ("hackney/odd/sitemap-2", "hackney/odd/sitemap-0", "hackney/product-use/sitemap-1"):
        assert client.get(f"/registers/{absent}.xml").status_code == 404


def test_sitemap_of_a_long_list_comes_in_parts(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    small_hall()
    odd_list()
    monkeypatch.setattr(sitemaps, "MOST_ADDRESSES", 10)
    parts = [one for one in places_in(client, "/sitemap.xml") if one.startswith("/registers/hackney/odd/")]
    assert parts == ["/registers/hackney/odd/sitemap-1.xml", "/registers/hackney/odd/sitemap-2.xml"]
    places = [place for one in parts for place in places_in(client, one)]
    assert len(places) == len(set(places)) == len(ODD_ROWS)


def test_addresses_in_llms_txt_answer(client: Client) -> None:
    small_hall()
    text = body(client, "/llms.txt").decode()
    assert text.startswith("# Guildhall\n")
    for address in re.findall(r"\]\(([^)]+)\)", text):
        body(client, path_of(address))


def test_template_of_a_standard_has_its_columns_and_no_rows(client: Client) -> None:
    small_hall()
    text = body(client, "/standards/product/template.csv").decode()
    assert text.startswith("product,")
    assert text.count("\r\n") == 1
    assert client.get("/standards/none/template.csv").status_code == 404


@pytest.mark.parametrize("address", ["/registers/hackney/odd/", "/standards/odd/records", "/standards/odd"])
def test_downloads_that_a_page_offers_are_there(client: Client, address: str) -> None:
    odd_list()
    page = body(client, address, **BROWSER).decode()
    block = page[page.index("gh-downloads-block") : page.index("</section>", page.index("gh-downloads-block"))]
    links = [one.replace("&amp;", "&") for one in re.findall(r'href="([^"]+)"', block)]
    assert any(one.endswith(".xlsx") for one in links)
    assert any("for=excel" in one for one in links)
    assert not any(one.endswith(".geojson") for one in links)
    # Every one says how long it is, but the description of them.
    assert len(re.findall(r"about [\d.]+ (?:bytes|KB)", block)) == sum("datapackage" not in one for one in links) - (
        any(one.endswith("/use") for one in links)
    )
    for one in links:
        body(client, one)


def test_page_says_which_files_of_a_large_list_are_being_made(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "CELLS_ON_DEMAND", 10)
    monkeypatch.setattr(exports, "_FEWEST", 1)
    monkeypatch.setattr(drawn, "SECONDS", -1)  # what files there are may be shown a few seconds late
    register = odd_list()
    page = f"/registers/{register.path}/"
    assert b"the CSV is ready now" in body(client, page, **BROWSER)
    exports.make_due()
    ready = body(client, page, **BROWSER)
    assert b"the CSV is ready now" not in ready
    assert re.search(rb"Excel \(XLSX\)</a> <span[^>]*>[\d.]+ KB", ready)
    put(register, [{"odd": "new", "title": "New"}])
    assert b"a newer one is being made" in body(client, page, **BROWSER)


@pytest.mark.parametrize("address", ["/registers/hackney/odd", "/standards/odd"])
def test_lines_to_copy_name_the_very_list(client: Client, address: str) -> None:
    odd_list()
    page = body(client, f"{address}/use", **BROWSER).decode().replace("&#34;", '"')
    base = (
        "http://testserver/registers/hackney/odd/list"
        if "registers" in address
        else "http://testserver/standards/odd/records"
    )
    assert f'=IMPORTDATA("{base}.csv")' in page
    assert f'pl.read_parquet("{base}.parquet")' in page
    assert f"{base}.csv?for=excel" in page
    for found in set(re.findall(r'http://testserver[^\s"<]+', page)):
        body(client, path_of(found))


def test_use_of_what_is_not_there_is_not_found(client: Client) -> None:
    assert client.get("/registers/none/none/use").status_code == 404
    assert client.get("/standards/none/use").status_code == 404


def test_filtered_page_offers_exactly_what_it_shows_and_the_whole(client: Client) -> None:
    odd_list()
    row: Row = {"odd": "x", "title": "X"}
    put(Register.objects.get(path="hackney/odd"), [row])
    page = body(client, "/registers/hackney/odd/?at=18", **BROWSER).decode()
    assert "The whole list as it is now" in page
    assert "/registers/hackney/odd/list.csv?at=18" in page.replace("&amp;", "&")
    assert b"X" not in body(client, "/registers/hackney/odd/list.csv?at=18").splitlines()[-1]
