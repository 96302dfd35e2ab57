"""Charts as SVG, drawn from numbers: no script runs and nothing is fetched. `kit/chart.html` draws what is made here.

Every chart has a title, a description and, beside it, the same numbers as a table.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 680, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 68, 8, 14, 34
# The part of its place that a column fills, and the most that it may be wide.
_FILL, _WIDEST = 0.78, 64.0
# So many labels under the columns can be read side by side.
_MOST_LABELS = 5
_STEPS = (1, 2, 5, 10)
_WANTED_LINES = 4


@dataclass(frozen=True)
class Column:
    """One column: what it is called, a number for each series, and a shorter name to stand below it."""

    label: str
    values: tuple[int, ...]
    short: str = ""


@dataclass(frozen=True)
class Box:
    """A part of a column where it is drawn. `look` numbers its series, from 0."""

    x: float
    y: float
    width: float
    height: float
    look: int


@dataclass(frozen=True)
class Label:
    """A text and its place: along the bottom, or beside a line across."""

    text: str
    place: float


@dataclass(frozen=True)
class Chart:
    """A column chart, ready to be drawn. `columns` are kept for the table beside it."""

    series: tuple[str, ...]
    columns: tuple[Column, ...]
    boxes: tuple[Box, ...]
    labels: tuple[Label, ...]
    lines: tuple[Label, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    bottom: int = HEIGHT - _BOTTOM


def column_chart(series: Sequence[str], columns: Sequence[Column]) -> Chart:
    """Columns side by side, each with its series on top of each other. Numbers are whole and not negative."""
    highest = max((sum(column.values) for column in columns), default=0)
    step = _step(highest)
    top = max(step, math.ceil(highest / step) * step)
    place = (WIDTH - _LEFT - _RIGHT) / max(1, len(columns))
    width = min(place * _FILL, _WIDEST)
    depth = HEIGHT - _TOP - _BOTTOM
    boxes: list[Box] = []
    for number, column in enumerate(columns):
        x, below = _LEFT + place * (number + 0.5) - width / 2, HEIGHT - _BOTTOM + 0.0
        for look, value in enumerate(column.values):
            height = depth * value / top
            below -= height
            if value:
                boxes.append(Box(round(x, 1), round(below, 1), round(width, 1), round(height, 1), look))
    every = math.ceil(len(columns) / _MOST_LABELS)
    return Chart(
        series=tuple(series),
        columns=tuple(columns),
        boxes=tuple(boxes),
        labels=tuple(
            Label(column.short or column.label, round(_LEFT + place * (number + 0.5), 1))
            for number, column in enumerate(columns)
            if number % every == 0
        ),
        lines=tuple(
            Label(f"{value:,}", round(HEIGHT - _BOTTOM - depth * value / top, 1)) for value in range(0, top + 1, step)
        ),
    )


def _step(highest: int) -> int:
    """A round number, so that a few lines reach the highest value: 1, 2 or 5 with noughts."""
    rough = max(1, highest / _WANTED_LINES)
    power = int(10 ** math.floor(math.log10(rough)))
    return next(power * one for one in _STEPS if power * one >= rough)
