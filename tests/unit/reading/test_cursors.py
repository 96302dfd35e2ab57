from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.reading.data.cursors import CursorError, CursorGoneError, read_cursor, write_cursor
from guildhall.registers.queries.following import Place

HERE = "hall.example"
PLACES = st.builds(Place, st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))


@given(PLACES)
def test_cursor_leads_back_to_its_place(place: Place) -> None:
    cursor = write_cursor(HERE, place)
    assert cursor.isascii()
    assert len(cursor) == 36
    assert read_cursor(HERE, cursor) == place


def test_no_cursor_is_the_beginning() -> None:
    assert read_cursor(HERE, "") == Place()


@given(PLACES)
def test_cursor_of_another_origin_says_where_to_start(place: Place) -> None:
    with pytest.raises(CursorGoneError, match="/api/v1/changes") as caught:
        read_cursor("other.example", write_cursor(HERE, place))
    assert caught.value.status == 410
    assert caught.value.more == {"start": "/api/v1/changes"}


@given(PLACES, st.integers(0, 35), st.characters())
def test_cursor_with_one_character_changed_is_refused(place: Place, at: int, other: str) -> None:
    cursor = write_cursor(HERE, place)
    if other != cursor[at]:
        with pytest.raises(CursorError, match="no cursor of this hall"):
            read_cursor(HERE, cursor[:at] + other + cursor[at + 1 :])


@given(st.text(min_size=1))
def test_text_that_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(CursorError):
        read_cursor(HERE, text)


@pytest.mark.parametrize("written", ["1", "0" * 36, "A" * 36, base64.urlsafe_b64encode(b"x" * 27).decode(), "é" * 36])
def test_cursor_that_was_made_up_is_refused(written: str) -> None:
    with pytest.raises(CursorError):
        read_cursor(HERE, written)


def test_cursor_written_otherwise_is_refused() -> None:
    cursor = write_cursor(HERE, Place(2**62 - 1, 2**62 - 1))
    for other in (cursor + "=", cursor + "\n", " " + cursor, cursor.replace("_", "/").replace("-", "+") + " "):
        with pytest.raises(CursorError):
            read_cursor(HERE, other)
