"""A list as it was recorded on a day, and what was in force on one."""

from __future__ import annotations

import datetime

import pytest

from guildhall.registers.catalogue import current_standard
from guildhall.registers.models import Register
from guildhall.registers.queries import joined, time
from guildhall.registers.sequencer import latest_position

from .plans import assert_no_scan, explained
from .stalls import stall, stalls, trade

pytestmark = pytest.mark.usefixtures("hall")

# Lists are opened today, by the clock of the machine: what is published in them on days to come is told of those.
DAYS = ("2091-03-01", "2091-03-02", "2091-06-10")


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def traded() -> Register:
    register = stalls()
    trade(register, DAYS[0], stall(1), stall(2))
    trade(register, DAYS[1], stall(2, "Cheese"))
    return trade(register, DAYS[2], stall(3))


@pytest.mark.parametrize(
    ("asked", "size"),
    [("2091-02-28", 0), ("2091-03-01", 2), ("2091-03-02", 3), ("2091-06-09", 3), ("2091-06-10", 4), ("9999-12-31", 4)],
)
def test_recorded_on_a_day_is_the_last_state_of_that_day(asked: str, size: int) -> None:
    recorded = time.recorded_on(traded(), day(asked))
    assert recorded.size == size
    assert (recorded.publication.last_entry if recorded.publication else 0) == size


def test_recorded_on_a_day_goes_by_the_clock_of_the_hall() -> None:
    """Half past eleven at night in London, in summer, is half past ten by UTC: still the same day."""
    assert time.after_day(day("2091-06-10")) == int(datetime.datetime(2091, 6, 10, 23, tzinfo=datetime.UTC).timestamp())
    assert time.after_day(day("2091-03-01")) == int(datetime.datetime(2091, 3, 2, tzinfo=datetime.UTC).timestamp())


def test_recorded_at_a_size_within_a_publication_is_the_state_before_it() -> None:
    register = traded()
    assert [time.recorded_at(register, size).size for size in range(5)] == [0, 0, 2, 3, 4]
    following = time.next_after(register, 1)
    assert following is not None
    assert following.last_entry == 2


def test_records_at_a_size_are_counted_without_what_came_later() -> None:
    register = traded()
    assert [time.records_at(register, size) for size in (0, 2, 3, 4)] == [0, 2, 2, 3]


def test_all_lists_at_a_position_are_read_as_they_were_then() -> None:
    first, second = stalls(), stalls("borchester")
    trade(first, DAYS[0], stall(1), stall(2))
    trade(second, DAYS[1], stall(9))
    trade(first, DAYS[1], stall(2, "Cheese"))
    trade(first, DAYS[2], stall(3))
    position = time.position_on(day("2091-03-02"))
    kept = joined.registers_to("stall")
    assert time.sizes_at(kept, position) == {first.pk: 3, second.pk: 1}
    assert time.records_at_position(kept, position) == 3
    assert time.sizes_at(kept, latest_position()) == {first.pk: 4, second.pk: 1}
    assert time.position_on(day("2001-01-01")) == 0
    assert set(time.sizes_at(kept, 0).values()) == {0}
    assert time.changed_by(kept, position) == time.time_of_position(position)
    only = time.recorded_at(second, 1).publication
    assert only is not None
    assert time.changed_by([second], latest_position()) == only.time
    assert time.changed_by(kept, 0) == 0


# ---- in force


STALLS = [
    stall("always"),
    stall("ended", end="2019-03-01"),
    stall("long ended", end="2019-02-28"),
    stall("began", start="2019-03-01"),
    stall("later", start="2019-03-02"),
    stall("between", start="2018-01-01", end="2020-01-01"),
]
IN_FORCE = ["always", "began", "between", "ended"]


def in_force(*rows: dict[str, str]) -> list[str]:
    standard = current_standard("stall")
    return sorted(row["stall"] for row in rows if time.is_in_force(standard, dict(row), day("2019-03-01")))


def test_in_force_on_a_day_are_those_that_had_begun_and_not_ended() -> None:
    stalls()
    assert in_force(*STALLS) == IN_FORCE


def test_in_force_takes_a_month_or_year_from_its_first_day_until_its_last() -> None:
    stalls()
    begun = [stall("year", start="2019"), stall("month", start="2019-03"), stall("next month", start="2019-04")]
    ended = [stall("in year", end="2019"), stall("in month", end="2019-03"), stall("month before", end="2019-02")]
    assert in_force(*begun, *ended, stall("year before", end="2018")) == ["in month", "in year", "month", "year"]


def test_dates_are_indexed_as_far_as_the_follower_has_come() -> None:
    register = trade(stalls(), DAYS[0], *STALLS)
    assert time.dated_size(register) == 6
    trade(register, DAYS[1], stall("later"), follow=False)
    assert time.dated_size(register) == 6


def test_queries_of_time_read_no_large_table_from_end_to_end() -> None:
    register = trade(stalls(), DAYS[0], *STALLS)
    kept = joined.registers_to("stall")
    with explained() as plans:
        time.recorded_on(register, day("2091-03-01"))
        time.recorded_at(register, 6)
        time.next_after(register, 0)
        time.records_at(register, 6)
        position = time.position_on(day("2091-03-01"))
        time.time_of_position(position)
        time.sizes_at(kept, position)
        time.records_at_position(kept, position)
        time.changed_by(kept, position)
        time.dated_size(register)
    assert_no_scan(plans)
