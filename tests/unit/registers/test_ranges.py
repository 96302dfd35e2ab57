"""Runs of entry numbers, as `hall/erasure` and `hall/hold` write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.registers.hiding import ranges
from guildhall.registers.hiding.ranges import RangeError


def test_ranges_are_read_in_order_and_joined() -> None:
    assert ranges.read(["20-99", "17", "100", "30-40"]) == [(17, 17), (20, 100)]
    assert ranges.read(["17; 20-99"]) == [(17, 17), (20, 99)]
    assert ranges.written([(17, 17), (20, 99)]) == ["17", "20-99"]


@pytest.mark.parametrize("text", ["", "0", "-3", "3-", "9-3", "1,2", "seventeen", "٣", "1e3", "9" * 19])
def test_range_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(RangeError):
        ranges.read([text])


@given(st.sets(st.integers(1, 60)), st.integers(1, 60))
def test_numbers_are_within_the_ranges_made_of_them_and_no_others(numbers: set[int], number: int) -> None:
    runs = ranges.of_numbers(numbers)
    assert ranges.within(runs, number) == (number in numbers)
    assert ranges.read(ranges.written(runs)) == runs if runs else not numbers
