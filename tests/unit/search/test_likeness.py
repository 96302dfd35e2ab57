from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.search.vocabulary import distance, grams


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        ("hackney", "hackney", 0),
        ("hackny", "hackney", 1),
        ("hakcney", "hackney", 1),
        ("hackmey", "hackney", 1),
        ("middlesborough", "middlesbrough", 1),
        ("", "abc", 3),
        ("bath", "york", 4),
    ],
)
def test_distance_counts_slips(first: str, second: str, apart: int) -> None:
    assert distance(first, second) == apart


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_distance_is_the_same_both_ways(first: str, second: str) -> None:
    assert distance(first, second) == distance(second, first)
    assert (distance(first, second) == 0) == (first == second)


def test_grams_mark_the_beginning_and_the_end() -> None:
    assert grams("bath") == {"^ba", "bat", "ath", "th$"}
