"""What differs between two states of a list, and what began and ended between two days."""

from __future__ import annotations

import datetime
from itertools import combinations

import pytest

from guildhall.publishing.registers import Description, add_standard, open_register
from guildhall.registers.catalogue import current_standard
from guildhall.registers.models import Register
from guildhall.registers.queries import between, time

from .plans import assert_no_scan, explained
from .stalls import stall, stalls, trade

pytestmark = pytest.mark.usefixtures("hall")


def differing(register: Register, old: int, new: int, **options: int) -> list[tuple[str, str]]:
    page = between.between(register, old, new, end_field="end-date", **({"limit": 50} | options))
    return [(row.kind, row.record.key) for row in page.rows]


def changed_stalls() -> Register:
    register = trade(stalls(), "2091-01-01", stall(1), stall(2), stall(3))  # 1 to 3
    trade(register, "2091-01-02", stall(1, "Cheese"), stall(2, end="2091-01-01"))  # 4, 5
    trade(register, "2091-01-03", stall(1, "Fish"), stall(4))  # 6, 7
    return trade(register, "2091-01-04", stall(4, "Tools"), stall(3, "Flowers"))  # 8, 9


def test_between_two_states_tells_added_changed_and_ended() -> None:
    register = changed_stalls()
    assert differing(register, 0, 3) == [("added", "1"), ("added", "2"), ("added", "3")]
    assert differing(register, 3, 5) == [("changed", "1"), ("ended", "2")]
    assert differing(register, 7, 9) == [("changed", "4"), ("changed", "3")]
    assert differing(register, 9, 9) == []


def test_between_leaves_out_what_was_changed_back_and_tells_the_last_of_several_changes() -> None:
    register = changed_stalls()
    assert differing(register, 3, 9) == [("ended", "2"), ("added", "4"), ("changed", "3")]
    page = between.between(register, 3, 9, end_field="end-date", limit=50)
    added = page.rows[1]
    assert added.record.number == 8
    assert [(one.name, one.was, one.now) for one in page.rows[2].fields] == [("trade", ["Fish"], ["Flowers"])]


def test_between_in_pages_gives_the_same_as_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    register = changed_stalls()
    whole = list(between.stream_between(register, 0, 9, end_field="end-date"))
    for window in (1, 2, 100):
        monkeypatch.setattr(between, "_WINDOW", window)
        rows: list[between.Difference] = []
        after: int | None = 0
        while after is not None:
            page = between.between(register, 0, 9, end_field="end-date", limit=2, after=after)
            assert len(page.rows) <= 2
            rows += page.rows
            after = page.after
        assert rows == whole


def test_extent_counts_what_was_published_between() -> None:
    register = changed_stalls()
    assert between.extent(register, 3, 9) == between.Extent(publications=3, entries=6, added=1)
    assert between.extent(register, 9, 9) == between.Extent(0, 0, 0)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def market() -> Register:
    rows = [
        stall("old", end="2019-03-31"),
        stall("new", start="2019-04-01"),
        stall("short", start="2019-05-01", end="2019-05-31"),
        stall("last day", end="2019-03-01"),
        stall("before", end="2019-02-28"),
        stall("always"),
    ]
    return trade(stalls(), "2091-01-01", *rows)


def told(register: Register, old: str, new: str, *, limit: int = 50, skip: int = 0) -> list[tuple[str, str, str]]:
    rows = between.days_between(
        register, register.head.size, current_standard("stall"), day(old), day(new), limit=limit, skip=skip
    )
    return [(row.day, row.kind, row.record.key) for row in rows]


def test_days_between_tells_what_began_and_ended_by_its_day() -> None:
    register = market()
    whole = [
        ("2019-03-01", "ended", "last day"),
        ("2019-03-31", "ended", "old"),
        ("2019-04-01", "began", "new"),
        ("2019-05-01", "began", "short"),
        ("2019-05-31", "ended", "short"),
    ]
    assert told(register, "2019-03-01", "2019-06-01") == whole
    assert told(register, "2019-03-01", "2019-06-01", limit=2, skip=1) == whole[1:3]
    assert told(register, "2019-03-31", "2019-04-01") == whole[1:3]
    assert told(register, "2020-01-01", "2021-01-01") == []


PARTIAL = {
    "name": "fair",
    "primaryKey": "fair",
    "fields": [
        {"name": "fair", "type": "string"},
        {"name": "start-date", "type": "string"},
        {"name": "end-date", "type": "string"},
    ],
}


def test_days_between_agree_with_what_is_in_force_where_only_a_month_or_year_is_known() -> None:
    stalls()
    add_standard(PARTIAL)
    standard = current_standard("fair")
    dates = ("2018", "2019", "2019-02", "2019-03", "2019-12", "2019-03-15", "2020")
    rows = [{"fair": f"from {date}", "start-date": date} for date in dates]
    rows += [{"fair": f"until {date}", "end-date": date} for date in dates]
    register = trade(open_register("ambridge/fair", standard, Description()), "2091-01-01", *rows)
    days = ("2018-12-31", "2019-01-01", "2019-02-28", "2019-03-15", "2019-03-16", "2019-12-31", "2020-01-01")
    for old, new in combinations(days, 2):
        found = between.days_between(register, len(rows), standard, day(old), day(new), limit=50, skip=0)
        before, after = (
            {row["fair"] for row in rows if time.is_in_force(standard, dict(row), day(one))} for one in (old, new)
        )
        assert {row.record.key for row in found} == before ^ after, (old, new)


def test_days_between_reads_the_state_whose_dates_were_gone_through() -> None:
    register = market()
    trade(register, "2091-01-02", stall("always", start="2019-04-15"), stall("old"), follow=False)
    assert time.dated_size(register) == 6
    assert told(register, "2019-03-31", "2019-04-30") == [
        ("2019-03-31", "ended", "old"),
        ("2019-04-01", "began", "new"),
    ]


def test_queries_between_read_no_large_table_from_end_to_end() -> None:
    register = market()
    with explained() as plans:
        differing(register, 0, 6)
        between.extent(register, 0, 6)
        told(register, "2019-03-01", "2019-06-01")
    assert_no_scan(plans)
