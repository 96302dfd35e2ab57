"""`migrate`, by several at once."""

from __future__ import annotations

from pathlib import Path

from .halls import Hall, own_hall


def test_migrate_run_by_several_at_once_makes_one_hall(tmp_path: Path) -> None:
    with own_hall(tmp_path / "home") as hall:
        started = [hall.start("migrate") for _ in range(3)]
        statuses = [program.wait(60) for program in started]
        if hall.environment["DATABASE_URL"]:
            assert statuses == [0, 0, 0]
        assert 0 in statuses
        assert "is ready" in hall.run("migrate")
        told = hall.json("status")
        assert told["position"] == told["followers"]["values"]["behind"] > 0


def test_hall_made_by_several_at_once_can_be_published_to(tmp_path: Path) -> None:
    with own_hall(tmp_path / "home") as hall:
        for program in [hall.start("migrate") for _ in range(2)]:
            program.wait(60)
        hall.create()
        assert "Its new checkpoint" in hall.plant("T1")
        _own_lists_are_there_once(hall)


def _own_lists_are_there_once(hall: Hall) -> None:
    assert hall.json("status")["registers"] == len(("organisation", "standard", "register", "erasure", "hold", "tree"))
