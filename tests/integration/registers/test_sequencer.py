from __future__ import annotations

import pytest

from guildhall.registers.models import Publication
from guildhall.registers.sequencer import latest_position, sequence

from .makers import plant, tree_register

pytestmark = pytest.mark.usefixtures("hall")


def test_positions_are_dense_from_one() -> None:
    register = tree_register()
    plant(register, {"T1": "oak"})
    plant(register, {"T1": "ash"})
    sequence()
    positions = sorted(Publication.objects.values_list("position", flat=True))
    assert positions == list(range(1, len(positions) + 1))
    assert latest_position() == len(positions)


def test_sequence_again_gives_nothing() -> None:
    sequence()
    before = list(Publication.objects.order_by("id").values_list("position", flat=True))
    assert sequence() == 0
    assert list(Publication.objects.order_by("id").values_list("position", flat=True)) == before
