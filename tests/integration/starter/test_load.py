"""Loading the starter into a hall, again, after others have published, and after a loader that died."""

from __future__ import annotations

import pytest

from guildhall.publishing.registers import Description, add_organisation, add_standard, open_register
from guildhall.registers.catalogue import current_standard
from guildhall.registers.lease import Lease
from guildhall.registers.models import Entry, Organisation, Publication, Register
from guildhall.registers.publish import Options, publish
from guildhall.registers.queries import records, registers
from guildhall.registers.rows import ListRows
from guildhall.starter import load
from guildhall.starter.data import Row
from guildhall.starter.lists import StarterList, starter_lists
from guildhall.starter.load import REASON, load_starter
from guildhall.starter.organisations import organisations

pytestmark = pytest.mark.usefixtures("hall")

WANTED = {"hackney", "somerset", "cumberland", "hall", "government-digital-service"}
FEW = {"government-organisation", "government-domain", "service-link"}


def some_lists() -> list[StarterList]:
    """Those of a few organisations, the big ones cut short: the whole is loaded in one test only."""
    wanted = [one for one in starter_lists() if one.organisation in WANTED]
    return [
        StarterList(one.organisation, one.standard, one.title, one.description, one.sources, one.rows[:20])
        if one.standard in FEW
        else one
        for one in wanted
    ]


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> list[StarterList]:
    """Makes the starter small, so that a test of how it is loaded is quick."""
    lists = some_lists()
    monkeypatch.setattr(load, "starter_lists", lambda: lists)
    return lists


def use(row: Row) -> ListRows:
    return ListRows.of(current_standard("product-use"), [row])


def test_load_the_whole_starter_and_again_nothing() -> None:
    seen: list[tuple[int, int]] = []
    loaded = load_starter(on_progress=lambda done, total: seen.append((done, total)))
    lists = starter_lists()
    assert (loaded.lists, loaded.records) == (len(lists), sum(len(one.rows) for one in lists))
    assert loaded.published == loaded.records + len(lists) + len(organisations()) + 10
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1][0] == seen[-1][1]
    held = dict(Register.objects.values_list("path", "head__records"))
    assert {one.path: len(one.rows) for one in lists}.items() <= held.items()
    assert Register.objects.exclude(keeper__slug="hall").count() == 0
    before = Entry.objects.count()
    again = load_starter()
    assert (again.lists, again.records, again.published) == (loaded.lists, loaded.records, 0)
    assert Entry.objects.count() == before


def test_loaded_lists_are_unofficial_copies_with_source_and_date(short: list[StarterList]) -> None:
    load_starter()
    register = registers.register("hackney/service-link")
    assert register.is_unofficial_copy
    assert (register.source_date, register.licence) == ("2018", "Open Government Licence v3.0")
    assert Publication.objects.get(register=register).reason == REASON
    somerset = registers.register("hall/local-authority")
    record = records.record(somerset, "SOM", somerset.head.size)
    assert record.item["replaced-by"] == ["SMT"]
    assert Organisation.objects.get(slug="somerset").gss_code == "E06000066"


def test_load_leaves_alone_what_others_have_published_since(short: list[StarterList]) -> None:
    load_starter()
    register = registers.register("hackney/product-use")
    (own,) = [one.rows[0] for one in short if one.path == register.path]
    publish(register, use(own | {"supplier": "Another"}), options=Options(reason="Corrected"))
    before = Entry.objects.count()
    assert load_starter().published == 0
    assert Entry.objects.count() == before


def test_load_leaves_alone_a_list_that_its_organisation_keeps(short: list[StarterList]) -> None:
    (hackney,) = [row for row in organisations() if row["organisation"] == "hackney"]
    add_organisation(hackney | {"name": "Hackney Council"})
    for name in ("product", "product-use"):
        add_standard(load.standards.descriptor(name))
    open_register("hackney/product-use", current_standard("product-use"), Description(title="Ours"))
    load_starter()
    register = registers.register("hackney/product-use")
    assert (register.title, register.keeper.slug, register.head.size) == ("Ours", "hackney", 0)
    assert register.organisation.name == "Hackney Council"


def test_load_skips_lists_whose_standard_is_another_in_this_hall(short: list[StarterList]) -> None:
    fields = [{"name": "product", "type": "string"}, {"name": "colour", "type": "string"}]
    add_standard({"name": "product", "title": "Product", "version": "9", "primaryKey": "product", "fields": fields})
    loaded = load_starter()
    assert loaded.lists == len(short) - 1
    assert not Register.objects.filter(path="hall/product").exists()
    assert Register.objects.filter(path="hackney/product-use").exists()


def test_load_after_one_that_died_finishes_it(short: list[StarterList], monkeypatch: pytest.MonkeyPatch) -> None:
    class DiedError(Exception):
        pass

    def die(done: int, total: int) -> None:
        if Register.objects.filter(path="hall/local-authority", head__records__gt=0).exists():
            raise DiedError

    with pytest.raises(DiedError):
        load_starter(on_progress=die)
    assert registers.register("cumberland/product-use").head.records == 0
    # Its lease on the next list is still fresh.
    Lease.take(registers.register("cumberland/product-use"))
    waits: list[float] = []
    monkeypatch.setattr(load.time, "sleep", lambda seconds: waits.append(seconds) or _lapse("cumberland/product-use"))
    load_starter()
    assert waits
    assert all(registers.register(one.path).head.records == len(one.rows) for one in short)
    assert load_starter().published == 0


def _lapse(path: str) -> None:
    register = registers.register(path)
    register.head.lease_until = None
    register.head.save()
