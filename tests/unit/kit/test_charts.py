"""Column charts: where each part is drawn, and which lines and labels stand beside them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.kit.charts import Column, column_chart


@pytest.mark.parametrize(
    ("highest", "lines"),
    [
        (0, ["0", "1"]),
        (1, ["0", "1"]),
        (3, ["0", "1", "2", "3"]),
        (7, ["0", "2", "4", "6", "8"]),
        (468, ["0", "200", "400", "600"]),
        (1_000_000, ["0", "500,000", "1,000,000"]),
    ],
)
def test_lines_across_are_round_numbers(highest: int, lines: list[str]) -> None:
    chart = column_chart(["Added"], [Column("2026", (highest,))])
    assert [line.text for line in chart.lines] == lines


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), max_size=60))
def test_every_part_is_within_the_chart_and_as_high_as_its_number(values: list[tuple[int, int]]) -> None:
    chart = column_chart(["Added", "Changed"], [Column(str(number), pair) for number, pair in enumerate(values)])
    assert len(chart.boxes) == sum(1 for pair in values for value in pair if value)
    for box in chart.boxes:
        assert chart.left <= box.x <= box.x + box.width <= chart.right + 0.2
        assert 0 <= box.y <= box.y + box.height <= chart.bottom + 0.2
    assert len(chart.labels) <= 5
    assert chart.columns == tuple(Column(str(number), pair) for number, pair in enumerate(values))


def test_series_stand_on_top_of_each_other() -> None:
    chart = column_chart(["Added", "Changed"], [Column("2026", (1, 3))])
    added, changed = chart.boxes
    assert added.y + added.height == chart.bottom
    assert changed.y + changed.height == pytest.approx(added.y, abs=0.2)
    assert changed.height == pytest.approx(3 * added.height, abs=0.2)
