from __future__ import annotations

import pytest

from guildhall.publishing.registers import Description, add_organisation, open_register
from guildhall.registers.catalogue import current_standard
from guildhall.registers.followers import run as followers
from guildhall.registers.followers import search
from guildhall.registers.models import Register
from guildhall.registers.queries import registers, scopes, text
from guildhall.registers.sequencer import sequence
from guildhall.search import find, plan
from guildhall.search.models import Document

from .makers import many, plant, tree_register
from .plans import explained

pytestmark = pytest.mark.usefixtures("hall")


def catch_up() -> None:
    sequence()
    followers.catch_up()


def keys(register: Register, words: str) -> list[str]:
    now = registers.register(register.path)
    wording = text.read(words, scopes.of_register(now, current_standard(now.standard_name)))
    return [key for _, key in wording.matching([register.pk], most=100) or ()]


def found(words: str, kind: str) -> list[str]:
    return [hit.document.key for hit in find.find(plan.read(words), kind=kind, limit=20).hits]


def test_records_are_found_as_they_are_now() -> None:
    register = tree_register()
    plant(register, {"T1": "oak", "T2": "ash"})
    plant(register, {"T1": "elm", "T2": "ash"})
    catch_up()
    assert keys(register, "elm") == ["T1"]
    assert keys(register, "oak") == []
    assert Document.objects.filter(collection=register.pk).count() == 2


def test_catching_up_step_by_step_gives_the_same() -> None:
    register = tree_register()
    for species in ("oak", "elm", "yew"):
        plant(register, {"T1": species})
        catch_up()
    assert keys(register, "yew") == ["T1"]
    assert keys(register, "elm") == keys(register, "oak") == []


def test_rebuild_finds_the_same() -> None:
    register = tree_register()
    plant(register, many(1_200))
    catch_up()
    before = set(Document.objects.values_list("collection", "kind", "key", "title", "text", "context", "boost"))
    assert sum(followers.rebuild(followers.follower(search.NAME))) > 1_200
    after = set(Document.objects.values_list("collection", "kind", "key", "title", "text", "context", "boost"))
    assert after == before
    assert keys(register, "T00007") == ["T00007"]


def test_hall_lists_are_kinds_of_their_own() -> None:
    tree_register()
    add_organisation({"organisation": "acme", "name": "Acme Software", "kind": "supplier"})
    catch_up()
    assert found("ambridge", search.COUNCIL) == ["ambridge"]
    assert found("acme", search.ORGANISATION) == ["acme"]
    assert found("tree", search.STANDARD) == ["tree"]
    assert found("felled", search.STANDARD) == ["tree"]  # a field of it
    assert found("ambridge tree", search.LIST) == ["ambridge/tree"]
    assert found("acme", search.RECORD) == []


def test_records_are_found_by_whose_they_are() -> None:
    register = tree_register()
    plant(register, {"T1": "oak"})
    catch_up()
    hit = find.find(plan.read("ambridge oak"), kind=search.RECORD, limit=5).hits[0]
    assert (hit.document.key, hit.reason) == ("T1", plan.Reason.CONTEXT)
    assert keys(register, "ambridge") == []


def test_ended_records_come_last() -> None:
    register = tree_register()
    plant(register, {"T1": "oak"}, close_missing_on="2020-01-01")
    plant(register, {"T2": "oak"}, close_missing_on="2020-01-01")
    catch_up()
    assert found("oak", search.RECORD) == ["T2", "T1"]


def test_matches_of_several_collections_are_paged() -> None:
    register = tree_register()
    add_organisation({"organisation": "borchester", "name": "Borchester", "kind": "council"})
    other = open_register("borchester/tree", current_standard("tree"), Description())
    plant(register, many(3))
    plant(other, many(2))
    catch_up()
    both = [register.pk, other.pk]
    first = find.matches(plan.read("oaks"), both, limit=4)
    assert first.after is not None
    rest = find.matches(plan.read("oaks"), both, limit=4, after=first.after)
    assert rest.after is None
    assert len({*first.found, *rest.found}) == 5
    assert find.matches(plan.read("oaks"), [], limit=4).found == []
    assert len(find.matches(plan.read("borchester oaks"), both, limit=4, with_context=True).found) == 2


def test_search_reads_no_table_from_end_to_end() -> None:
    register = tree_register()
    plant(register, many(30))
    catch_up()
    with explained() as plans:
        read = plan.read("oaks oakk zzzzz")
        find.find(read, kind=search.RECORD, limit=20)
        find.find(plan.read("oak"), kind=search.RECORD, limit=20)
        keys(register, "oak")
    assert plans
    for sql, told in plans:
        for table in ("search_document", "search_word", "search_gram", "registers_entry"):
            assert f"Seq Scan on {table}" not in told, f"{sql}\n{told}"
            assert f"SCAN {table} " not in f"{told} ".replace("\n", " \n"), f"{sql}\n{told}"
