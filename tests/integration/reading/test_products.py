"""Products: who uses each, on what terms, where; who supplies them; what is not known."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guildhall.reading.views import products as views

from .halls import open_list, put
from .places import country, use

pytestmark = pytest.mark.usefixtures("hall")

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def reader() -> Client:
    country()
    return Client(headers={"accept": BROWSER})


def test_product_tells_since_when_until_when_and_for_how_much(reader: Client) -> None:
    text = reader.get("/products/planx").content.decode()
    for said in ("1 May 2020", "31 March 2028", "Under £25,000", "1 organisation is known to use it"):
        assert said in text, said


def test_product_of_which_no_terms_are_known_says_so_and_shows_no_zero(reader: Client) -> None:
    text = reader.get("/products/idox").content.decode()
    assert "No council has said yet when its contract ends or what it costs" in text
    assert "None known" in text
    assert ">0<" not in text


def test_product_with_many_uses_shows_the_first_and_leads_to_all(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(open_list("kent", "product-use"), [use("idox")])
    assert "These are the first" not in reader.get("/products/idox").content.decode()
    monkeypatch.setattr(views, "_SHOWN", 1)
    part = reader.get("/products/idox").content.decode()
    assert "These are the first 1 of 2." in part
    assert '"/standards/product-use/records?product=idox"' in part


def test_product_has_a_map_and_the_same_by_region(reader: Client) -> None:
    text = reader.get("/products/planx").content.decode()
    assert "Known users of PlanX" in text
    assert "Known to use another for this purpose" in text
    assert "South East" in text
    assert "style=" not in text


def test_product_names_others_for_the_same_purpose_but_none_that_is_not_identified(reader: Client) -> None:
    text = reader.get("/products/planx").content.decode()
    assert "/products/idox" in text
    assert "/products/not-known" not in text
    assert "/products/potholes" not in text


def test_what_is_not_identified_does_not_look_like_a_product(reader: Client) -> None:
    index = reader.get("/products").content.decode()
    assert "1 more council uses a product whose name the source does not give" in index
    assert "3 products" in index
    page = reader.get("/products/not-known").content.decode()
    assert "Not one product" in page
    assert "This stands for products whose name nobody has given" in page
    council = reader.get("/councils/dover").content.decode()
    assert "Not identified" in council
    assert "/products/not-known" not in council


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("purpose=planning", ["idox", "not-known", "planx"]),
        ("supplier=Roads+%26+Sons", ["potholes"]),
        ("purpose=Planning&supplier=idox", ["idox"]),
        ("purpose=none", []),
        ("q=pothol&sort=name", ["potholes"]),
    ],
)
def test_products_are_filtered_by_purpose_and_supplier(reader: Client, query: str, keys: list[str]) -> None:
    rows = reader.get(f"/products.json?{query}").json()["results"]
    assert sorted(one["product"] for one in rows) == keys
    assert reader.get(f"/products?{query}").status_code == 200


def test_uses_of_a_product_are_given_as_json_and_csv(reader: Client) -> None:
    told = reader.get("/products/planx.json").json()
    assert told["values"]["title"] == "PlanX"
    (use,) = told["uses"]
    assert (use["organisation"], use["contract-end"], use["kept-by"]) == ("hackney", "2028-03-31", "hackney")
    text = reader.get("/products/idox.csv").content.decode()
    assert text.splitlines()[1].startswith("canterbury,Canterbury City Council,E07000106,South East,use-of-idox,")
    assert reader.get("/products/no-such.json").status_code == 404


def test_suppliers_are_told_with_what_they_supply(reader: Client) -> None:
    text = reader.get("/suppliers").content.decode()
    assert "Roads &amp; Sons" in text
    assert "/products?supplier=Roads+%26+Sons" in text
    rows = reader.get("/suppliers.json").json()["results"]
    assert rows[0] == {"supplier": "Idox", "products": ["idox"], "known-uses": 1}


def test_product_page_asks_the_database_little(reader: Client) -> None:
    reader.get("/products/planx")
    with CaptureQueriesContext(connection) as asked:
        reader.get("/products/planx")
    assert 5 < len(asked) <= 40
