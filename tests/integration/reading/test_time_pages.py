"""Lists on another day, what changed, and how to cite it, as pages and as data."""

from __future__ import annotations

import csv
import datetime
import io
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guildhall.publishing.registers import add_organisation, add_standard
from guildhall.reading.views.home import latest_news
from guildhall.registers.models import Register
from integration.registers.stalls import STALL, stall, stalls, trade

from .halls import odd_list, open_list, put

pytestmark = pytest.mark.usefixtures("hall")

BROWSER = {"accept": "text/html"}
BASE = "/registers/ambridge/stall/"


@pytest.fixture
def reader() -> Client:
    return Client(headers=BROWSER)


def market() -> Register:
    register = stalls()
    trade(register, "2020-03-01", stall(1), stall(2, end="2019-06-30"), reason="The first count")
    trade(register, "2020-03-02", stall(1, "Cheese", start="2019-02-01"), reason="Fish had gone")
    return trade(register, "2020-06-10", stall(3, "Tools", start="2020-01-01"))


def page(reader: Client, address: str) -> str:
    response = reader.get(address)
    assert response.status_code == 200, response.content.decode()
    assert response.headers["Content-Type"].startswith("text/html")
    return " ".join(response.content.decode().split())


def read_csv(reader: Client, address: str) -> list[dict[str, str]]:
    response = reader.get(address, headers={"accept": "text/csv"})
    assert response.status_code == 200
    body = b"".join(response) if response.streaming else response.content  # type: ignore[arg-type]
    return list(csv.DictReader(io.StringIO(body.decode())))


def read_json(reader: Client, address: str) -> Any:
    response = reader.get(address, headers={"accept": "application/json"})
    assert response.status_code == 200
    body = b"".join(response) if response.streaming else response.content  # type: ignore[arg-type]
    return json.loads(body)


# ---- one list on another day


@pytest.mark.parametrize(
    "asked", ["recorded-on=2020-03-01", "recorded-on=1+March+2020", "recorded-on=01/03/2020", "at=2"]
)
def test_list_as_recorded_on_a_day_is_the_same_as_page_and_as_data(reader: Client, asked: str) -> None:
    market()
    told = page(reader, f"{BASE}?{asked}")
    assert "As it was recorded earlier" in told
    assert "after 2 changes" in told
    assert ">Fish<" in told
    assert ">Cheese<" not in told
    assert f'href="{BASE}compare?from=2&amp;to=4"' in told
    assert f'href="{BASE}">Back to the list as it is now' in told
    assert [row["trade"] for row in read_csv(reader, f"{BASE}list.csv?{asked}")] == ["Fish", "Fish"]
    assert [row["trade"] for row in read_json(reader, f"{BASE}list.json?{asked}")] == ["Fish", "Fish"]
    assert [row["trade"] for row in read_json(reader, f"{BASE}records.json?{asked}")] == ["Fish", "Fish"]
    assert read_json(reader, f"{BASE}records/1.json?{asked}")["trade"] == "Fish"
    assert "See the record as it is now" in page(reader, f"{BASE}records/1?{asked}")


def test_list_in_force_on_a_day_is_the_same_as_page_and_as_data(reader: Client) -> None:
    market()
    told = page(reader, f"{BASE}?in-force-on=2019-03-01")
    assert "In force on 1 March 2019" in told
    assert "2 records of 3" in told
    assert ">Tools<" not in told
    assert [row["stall"] for row in read_csv(reader, f"{BASE}list.csv?in-force-on=2019-03-01")] == ["1", "2"]
    # Both questions at once: what was in force then, by what was recorded first.
    rows = read_csv(reader, f"{BASE}list.csv?in-force-on=2019-01-01&at=2")
    assert [row["stall"] for row in rows] == ["1", "2"]
    assert [row["stall"] for row in read_csv(reader, f"{BASE}list.csv?in-force-on=2019-01-01")] == ["2"]


def test_list_before_it_began_says_when_it_did(reader: Client) -> None:
    market()
    told = page(reader, f"{BASE}?recorded-on=2019-03-01")
    assert "This list had not begun then" in told
    assert "Its first records were published here on 1 March 2020" in told
    assert f'href="{BASE}?in-force-on=2019-03-01"' in told
    assert read_json(reader, f"{BASE}list.json?recorded-on=2019-03-01") == []


def test_list_of_now_offers_other_days_and_a_citation(reader: Client) -> None:
    market()
    told = page(reader, BASE)
    assert 'name="recorded-on" type="date"' in told
    assert 'name="in-force-on" type="date"' in told
    assert f'href="{BASE}compare"' in told
    assert f'href="{BASE}cite"' in told
    odd_list()
    assert 'name="recorded-on" type="date"' in page(reader, "/registers/hackney/odd/")


@pytest.mark.parametrize(
    ("asked", "remedy"),
    [
        ("recorded-on=2019-02-30", "Write the year, the month and the day"),
        ("recorded-on=yesterday", "Write the year, the month and the day"),
        ("recorded-on=0000-00-00", "Write the year, the month and the day"),
        ("recorded-on=0219-03-01", "Write the year, the month and the day"),
        ("recorded-on=99999-01-01", "Write the year, the month and the day"),
        ("in-force-on=31/02/2019", "Write the year, the month and the day"),
        ("recorded-on=9999-12-31", "Give today or an earlier day"),
        (f"recorded-on={'9' * 10_000}", "ordinary characters"),
        ("recorded-on=%00", "ordinary characters"),
        ("at=1", "Ask for 0 or 2"),
        ("at=-1", "from 0 to 4"),
        ("at=5", "from 0 to 4"),
        ("at=many", "from 0 to 4"),
    ],
)
def test_absurd_state_is_refused_with_what_to_do(reader: Client, asked: str, remedy: str) -> None:
    market()
    for address in (BASE, f"{BASE}list.csv", f"{BASE}records/1", f"{BASE}cite"):
        response = reader.get(f"{address}?{asked}")
        assert response.status_code == 400
        assert remedy in response.content.decode()


def test_in_force_without_dates_is_refused(reader: Client) -> None:
    undated = {"name": "undated", "title": "Undated", "version": "1", "primaryKey": "a", "fields": [{"name": "a"}]}
    stalls()
    add_standard(undated)
    response = reader.get("/standards/undated/records?in-force-on=2019-03-01")
    assert response.status_code == 400
    assert "no start or end dates" in response.content.decode()


def test_api_reads_the_state_that_is_asked_for(reader: Client) -> None:
    market()
    address = "/api/v1/registers/ambridge/stall/records"
    first = read_json(reader, f"{address}?recorded-on=2020-03-01")
    assert ([one["values"]["trade"] for one in first["results"]], first["total"]) == (["Fish", "Fish"], 2)
    assert read_json(reader, f"{address}?at=2&trade=Cheese")["results"] == []
    in_force = read_json(reader, f"{address}?in-force-on=2019-03-01")
    assert ([one["values"]["stall"] for one in in_force["results"]], in_force["total"]) == (["1", "2"], 2)
    joined = read_json(reader, "/api/v1/standards/stall/records?recorded-on=2020-03-02")
    assert ([one["values"]["trade"] for one in joined["results"]], joined["total"]) == (["Cheese", "Fish"], 2)
    assert reader.get(f"{address}?recorded-on=yesterday").status_code == 400
    assert reader.get(f"{address}?at=1").status_code == 400


def test_state_changes_the_etag(reader: Client) -> None:
    market()
    tags = {reader.get(f"{BASE}list.json{query}").headers["ETag"] for query in ("", "?at=2", "?in-force-on=2019-01-01")}
    assert len(tags) == 3


# ---- all lists to one standard


def test_all_lists_on_another_day_are_read_as_they_were(reader: Client) -> None:
    market()
    trade(stalls("borchester"), "2020-07-01", stall(9, "Books"))
    path = "/standards/stall/records"
    assert len(read_csv(reader, f"{path}.csv")) == 4
    told = page(reader, f"{path}?recorded-on=2020-03-02")
    assert "As they were recorded earlier" in told
    assert ">Cheese<" in told
    assert ">Tools<" not in told
    assert [row["trade"] for row in read_csv(reader, f"{path}.csv?recorded-on=2020-03-02")] == ["Cheese", "Fish"]
    assert [row["key"] for row in read_csv(reader, f"{path}.csv?in-force-on=2019-01-01")] == ["2", "9"]
    assert read_csv(reader, f"{path}.csv?recorded-on=2001-01-01") == []
    assert "No record was in these lists" in page(reader, f"{path}?recorded-on=2001-01-01")


# ---- comparing


def test_compare_tells_changes_in_words_and_as_data(reader: Client) -> None:
    market()
    told = page(reader, f"{BASE}compare?from=2020-03-01&to=2020-12-31")
    assert "<b>Trade</b> changed from" in told
    assert "<b>Start date</b> added:" in told
    assert "Fish had gone" in told
    assert "New records: 1" in told
    rows = read_csv(reader, f"{BASE}compare.csv?from=2&to=4")
    assert [(row["key"], row["difference"], row["field"], row["was"], row["now"]) for row in rows][:2] == [
        ("1", "changed", "start-date", "", "2019-02-01"),
        ("1", "changed", "trade", "Fish", "Cheese"),
    ]
    found = read_json(reader, f"{BASE}compare.json?from=4&to=2")
    assert [one["difference"] for one in found["results"]] == ["changed", "added"]
    assert (found["from"]["changes"], found["to"]["changes"], found["added"], found["next"]) == (2, 4, 1, None)


def test_compare_without_dates_shows_the_last_publication(reader: Client) -> None:
    market()
    assert [one["key"] for one in read_json(reader, f"{BASE}compare.json")["results"]] == ["3"]
    assert "Nothing differs" in page(reader, f"{BASE}compare?from=4&to=4")


def test_compare_by_dates_in_the_list_tells_what_began_and_ended(reader: Client) -> None:
    market()
    told = page(reader, f"{BASE}compare?by=in-force&from=2019-01-01&to=2019-12-31")
    assert "Began" in told
    assert "30 June 2019" in told
    rows = read_csv(reader, f"{BASE}compare.csv?by=in-force&from=2019-01-01&to=2020-12-31")
    assert [(row["difference"], row["day"], row["stall"]) for row in rows] == [
        ("began", "2019-02-01", "1"),
        ("ended", "2019-06-30", "2"),
        ("began", "2020-01-01", "3"),
    ]
    found = read_json(reader, f"{BASE}compare.json?by=in-force&from=2020-12-31&to=2019-12-31")
    assert [one["values"]["trade"] for one in found["results"]] == ["Tools"]


def test_compare_of_many_goes_on_from_page_to_page(reader: Client) -> None:
    trade(stalls(), "2020-03-01", *[stall(f"{number:03}") for number in range(60)])
    told = page(reader, f"{BASE}compare?from=0&to=60")
    assert told.count("gh-differences__one") == 50
    assert 'href="?from=0&amp;to=60&amp;after=50"' in told
    rest = page(reader, f"{BASE}compare?from=0&to=60&after=50")
    assert rest.count("gh-differences__one") == 10
    assert "Back to the first page" in rest


@pytest.mark.parametrize("asked", ["from=1&to=4", "from=x&to=4", "from=2019-02-30", "after=-1", "by=in-force&skip=x"])
def test_compare_of_nonsense_is_refused(reader: Client, asked: str) -> None:
    market()
    assert reader.get(f"{BASE}compare?{asked}").status_code == 400
    assert reader.get(f"{BASE}compare.json?{asked}").status_code == 400


# ---- citing


def test_cite_gives_the_address_of_the_state(reader: Client) -> None:
    market()
    told = page(reader, f"{BASE}cite")
    assert "http://testserver/registers/ambridge/stall/?at=4" in told
    assert "As published on 10 June 2020" in told
    (csl,) = read_json(reader, f"{BASE}cite.json?at=2&in-force-on=2019-03-01")
    assert csl["URL"] == "http://testserver/registers/ambridge/stall/?at=2&in-force-on=2019-03-01"
    assert csl["issued"] == {"date-parts": [[2020, 3, 1]]}
    assert csl["title"].endswith("in force on 1 March 2019")
    bibtex = reader.get(f"{BASE}cite.bib").content.decode()
    assert bibtex.startswith("@misc{ambridge-stall-4,\n")
    assert "url = {http://testserver/registers/ambridge/stall/?at=4}" in bibtex
    assert "?at=" in page(reader, "/standards/stall/cite")


# ---- changes


def test_changes_are_told_by_day_with_their_reasons(reader: Client) -> None:
    market()
    for address in ("/changes", "/councils/ambridge/changes", "/standards/stall/changes"):
        told = page(reader, address)
        assert "2 March 2020" in told
        assert "Fish had gone" in told
        assert f'href="{BASE}compare?from=2&amp;to=3"' in told
    rows = read_csv(reader, "/councils/ambridge/changes.csv")
    assert [(row["from"], row["to"], row["added"], row["reason"]) for row in rows] == [
        ("3", "4", "1", ""),
        ("2", "3", "0", "Fish had gone"),
        ("0", "2", "2", "The first count"),
    ]
    first = read_json(reader, "/standards/stall/changes.json?limit=2")
    rest = read_json(reader, first["next"])
    assert [one["to"] for one in first["results"] + rest["results"]] == [4, 3, 2]
    assert rest["next"] is None
    moved = reader.get("/organisations/ambridge/changes.csv?limit=1")
    assert (moved.status_code, moved.headers["Location"]) == (302, "/councils/ambridge/changes.csv?limit=1")


def test_changes_of_what_is_not_there_are_not_found(reader: Client) -> None:
    for address in ("/councils/nowhere/changes", "/standards/nothing/changes", "/registers/no/list/compare"):
        assert reader.get(address).status_code == 404


def test_week_tells_the_unusual_first_each_with_its_csv(reader: Client) -> None:
    market()
    told = page(reader, "/changes/week?ending=2020-06-12")
    assert "6 June 2020 to 12 June 2020" in told
    assert "It had changed on 2 days of the year before." in told
    assert f'href="{BASE}compare.csv?from=3&amp;to=4"' in told
    (row,) = read_csv(reader, "/changes/week.csv?ending=2020-06-12")
    assert (row["list"], row["days-changed-in-year-before"], row["is-new"]) == ("ambridge/stall", "2", "no")
    began = page(reader, "/changes/week?ending=2020-03-04")
    assert "Lists that began in this week" in began
    assert "Nothing changed in this week" in page(reader, "/changes/week?ending=2019-01-01")
    assert reader.get("/changes/week?ending=9999-01-01").status_code == 400
    found = read_json(reader, "/changes/week.json")
    assert found["last"] == timezone.localdate().isoformat()


# ---- charts, versions, freshness


def test_week_says_which_lists_that_began_are_unofficial_copies(reader: Client) -> None:
    market()
    begun = page(reader, "/changes/week?ending=2020-03-02").partition("Lists that began")[2]
    assert "Market stall" in begun
    assert "Unofficial copy" not in begun
    add_organisation({"organisation": "borchester", "name": "Borchester", "kind": "council"})
    put(open_list("borchester", "stall", keeper="hall"), [{"stall": "1"}])
    begun = page(reader, "/changes/week").partition("Lists that began")[2]
    assert "Unofficial copy" in begun
    rows = csv.DictReader(io.StringIO(reader.get("/changes/week.csv").content.decode()))
    assert {one["list"]: one["kept-by"] for one in rows}["borchester/stall"] == "hall"


def test_news_of_the_home_page_bears_the_day_of_the_halls_own_clock() -> None:
    trade(stalls(), "2091-06-01", stall(1), hour=23)  # midnight has passed, by summer time
    assert latest_news()[0].day == "2091-06-02"


def test_way_to_the_next_page_keeps_the_format_that_was_asked_for(reader: Client) -> None:
    market()
    answer = reader.get("/changes?format=csv&limit=1")
    assert "format=csv" in answer.headers["Link"]
    assert reader.get(answer.headers["Link"].partition(">")[0][1:]).headers["Content-Type"].startswith("text/csv")


def test_comparison_up_to_today_is_answered_anew_on_another_day(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    market()
    address = f"{BASE}compare.json?by=in-force&from=2019-01-01"
    tag = reader.get(address).headers["ETag"]
    assert reader.get(address, headers={"if-none-match": tag}).status_code == 304
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda: tomorrow)
    assert reader.get(address, headers={"if-none-match": tag}).status_code == 200


def test_list_that_changed_on_several_days_has_a_chart_and_its_table(reader: Client) -> None:
    market()
    for address in (BASE, f"{BASE}entries"):
        told = page(reader, address)
        assert '<title id="over-time-title">Changes over time</title>' in told
        assert "The same as a table" in told
    odd_list()
    assert "over-time" not in page(reader, "/registers/hackney/odd/")


def test_standard_shows_its_versions_and_how_fresh_its_lists_are(reader: Client) -> None:
    market()
    assert "Version 1" in page(reader, "/standards/stall")
    fields = [*STALL["fields"], {"name": "pitch", "title": "Pitch", "type": "string"}]  # type: ignore[misc]
    add_standard(STALL | {"version": "2", "updateFrequency": "P1Y", "fields": fields})
    told = page(reader, "/standards/stall")
    assert "<b>Pitch</b> (pitch) added." in told
    assert "How often lists are to be renewed." in told
    assert "renewed every year" in told
    assert "1 unknown" in told
    assert "1 unknown" in page(reader, "/standards/stall/records")
    assert "Age unknown" in page(reader, BASE)
