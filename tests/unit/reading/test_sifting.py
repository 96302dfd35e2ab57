from __future__ import annotations

import pytest

from guildhall.reading.sifting import matches
from guildhall.search.analysis import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ynys Môn", "ynys mon"),
        ("King\u2019s Lynn and West Norfolk", "kings lynn and west norfolk"),
        ("St. Helens", "st helens"),
        ("Stoke-on-Trent", "stoke on trent"),
        ("Tyne & Wear", "tyne and wear"),
        ("Łódź  ØST", "lodz ost"),
        ("  ", ""),
        ("¡!", ""),
    ],
)
def test_fold_leaves_what_people_type(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_matches_finds_every_word_in_any_order() -> None:
    assert matches("norfolk lynn", "King's Lynn and West Norfolk")
    assert matches("kings-lynn", "King's Lynn and West Norfolk")
    assert matches("", "anything")
    assert not matches("lynn suffolk", "King's Lynn and West Norfolk")
