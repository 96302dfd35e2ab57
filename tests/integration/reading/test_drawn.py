"""Pages that are kept for a few seconds show every change at once."""

from __future__ import annotations

import pytest
from django.test import Client

from guildhall.reading import drawn
from guildhall.registers.catalogue import current_standard
from guildhall.registers.hiding.actions import What, hold
from guildhall.registers.publish import publish
from guildhall.registers.queries import registers
from guildhall.registers.rows import ListRows
from integration.registers.woods import put, wood_register, wood_rows

pytestmark = pytest.mark.usefixtures("hall")

PAGE = "/registers/ambridge/wood/"
BROWSER = {"accept": "text/html"}


def shown(client: Client, address: str = PAGE) -> str:
    answer = client.get(address, headers=BROWSER)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_page_is_drawn_once_for_all_who_ask_it(client: Client, django_assert_num_queries: object) -> None:
    wood_register()
    first = shown(client)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert shown(client) == first
    assert "W003" in first
    assert shown(client, f"{PAGE}?species=oak") != first


def test_page_shows_a_publication_at_once_before_any_follower_knows(client: Client) -> None:
    register = wood_register(rows=wood_rows(3))
    assert "Brand new" not in shown(client)
    publish(register, ListRows.of(current_standard("wood"), [{"wood": "Z", "name": "Brand new"}]))
    assert "Brand new" in shown(client)
    put(registers.register(register.path), [{"wood": "Z", "name": "Renamed"}])
    assert "Renamed" in shown(client)


def test_page_is_drawn_again_after_some_seconds(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    wood_register()
    shown(client)
    drawn_times: list[object] = []
    monkeypatch.setattr(drawn.kept, "put", lambda *page: drawn_times.append(page))
    shown(client)
    assert not drawn_times
    monkeypatch.setattr(drawn, "SECONDS", 0.0)
    shown(client)
    assert len(drawn_times) == 1


def test_page_of_someone_with_a_session_is_their_own(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    wood_register()
    shown(client)
    monkeypatch.setattr(drawn.kept, "get", lambda _key: b"what others are shown")
    monkeypatch.setattr(drawn.kept, "put", lambda *_page: pytest.fail("it was kept for others"))
    assert shown(client) == "what others are shown"
    client.cookies["sessionid"] = "mine"
    assert "W003" in shown(client)


def test_page_that_was_sent_on_is_the_one_that_is_kept(client: Client, django_assert_num_queries: object) -> None:
    wood_register()
    first = shown(client, f"{PAGE}?species=oak")
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert shown(client, f"{PAGE}?utm_source=news&species=oak&fbclid=x") == first
    assert shown(client, f"{PAGE}?species=ash") != first


def test_caches_keep_one_page_for_readers_of_all_languages(client: Client) -> None:
    wood_register()
    answers = [client.get(PAGE, headers=BROWSER | {"accept-language": language}) for language in ("cy", "en", "de")]
    assert len({answer.content for answer in answers}) == 1
    assert {answer.headers["Vary"] for answer in answers} == {"Accept"}


@pytest.mark.parametrize("address", [PAGE, "/standards/wood/records"])
def test_what_stands_beside_a_table_is_told_anew_after_each_change(client: Client, address: str) -> None:
    register = wood_register(rows=wood_rows(3))
    assert "3 records" in shown(client, f"{address}?_sort=kind")
    put(register, [*wood_rows(3), {"wood": "Z", "name": "Brand new"}])
    assert "4 records" in shown(client, f"{address}?_sort=species")
    hold(what=What(register.path, key="Z"))
    page = shown(client, f"{address}?_sort=-species")
    assert "Brand new" not in page
    assert "W002" in page


def test_pages_that_are_kept_have_a_bounded_size() -> None:
    kept: drawn.Kept[bytes] = drawn.Kept(100, len)
    for number in range(10):
        kept.put(number, b"x" * 30)
        kept.get(0)
    assert kept.get(0) is not None
    assert kept.get(9) is not None
    assert kept.get(1) is None
    kept.put("large", b"x" * 101)
    assert kept.get("large") is None
