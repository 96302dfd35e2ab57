"""Everything that must hold after a kill, read again by programs that know nothing of what was killed.

All of it runs in processes of its own, so that the program that forks them never opens a connection.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from torture.truth import LostError
from torture.victims import PATIENCE, command, forked

# Made from the lists by followers: what a rebuild would make must be what there is. Without the ids of rows.
_DERIVED = {
    "values": "SELECT register_id, field, value, key, number, superseded_by FROM registers_value ORDER BY 1,2,3,4,5",
    "counts": "SELECT register_id, field, value, count FROM registers_valuecount WHERE count <> 0 ORDER BY 1,2,3",
    "hashes": "SELECT register_id, first, prefixes FROM registers_hashrun ORDER BY 1, 2",
    "documents": "SELECT collection, kind, key, title, text, context, boost FROM search_document ORDER BY 1,3",
    "words": "SELECT word, documents FROM search_word WHERE documents > 0 ORDER BY 1",
}


def told(call: Callable[[], object]) -> Any:
    """What a call gives, made in a process of its own."""
    done = forked(lambda: print(json.dumps(call())))
    if not done.is_well:
        raise LostError(done.output.strip()[-2000:])
    return json.loads(done.output.splitlines()[-1])


def records(path: str, field: str) -> dict[str, str]:
    """What the list says now: key -> value of a field, with `None` where the values are hidden."""

    def read() -> dict[str, str]:
        from guildhall.registers.models import Entry, RegisterHead  # noqa: PLC0415 - after the settings are read

        head = RegisterHead.objects.filter(register__path=path).first()
        if head is None:
            return {}
        rows = Entry.objects.filter(register=head.pk, number__lte=head.size).order_by("number")
        return {key: json.loads(bytes(item) or b"{}").get(field, "") for key, item in rows.values_list("key", "item")}

    found: dict[str, str] = told(read)
    return found


def settle() -> None:
    """Let the hall come to rest: positions given, followers at the end, what was erased removed."""

    def work() -> None:
        from guildhall.registers.followers import run as followers  # noqa: PLC0415 - after the settings are read
        from guildhall.registers.hiding import removal  # noqa: PLC0415
        from guildhall.registers.sequencer import sequence  # noqa: PLC0415

        sequence()
        followers.catch_up()
        give_up = time.monotonic() + PATIENCE
        # PostgreSQL ends what it does for a program that was killed, and that may be in the way.
        while not removal.remove():
            if time.monotonic() > give_up:
                raise AssertionError("what was erased could not be removed")
            time.sleep(1)

    told(work)


def gaps() -> None:
    """Numbers of entries, publications and positions, each from 1 without a gap; what heads say is what there is."""

    def look() -> None:
        from guildhall.registers.models import Entry, Publication, Register  # noqa: PLC0415 - as above

        for register in Register.objects.select_related("head"):
            head, next_entry = register.head, 1
            numbers = Entry.objects.filter(register=register, number__lte=head.size).order_by("number")
            if list(numbers.values_list("number", flat=True)) != list(range(1, head.size + 1)):
                raise AssertionError(f"{register.path}: its changes have a gap")
            made = Publication.objects.filter(register=register).order_by("number")
            for number, one in enumerate(made, 1):
                if (one.number, one.first_entry) != (number, next_entry):
                    raise AssertionError(f"{register.path}: publication {number} does not follow the one before")
                next_entry = one.last_entry + 1
            if (head.size, head.publications) != (next_entry - 1, made.count()):
                raise AssertionError(f"{register.path}: its head is not where its publications end")
            if numbers.values("key").distinct().count() != head.records:
                raise AssertionError(f"{register.path}: its head counts other records than there are")
        positions = list(Publication.objects.order_by("position").values_list("position", flat=True))
        if positions != list(range(1, len(positions) + 1)):
            raise AssertionError("positions have a gap")

    told(look)


def changes(address: str) -> None:
    """`changes`, read from the start, gives each change of each list once, in the order of positions."""

    def follow() -> None:
        from guildhall.registers.models import Publication  # noqa: PLC0415 - as above

        expected = [
            (one.position, one.register.path, number)
            for one in Publication.objects.order_by("position").select_related("register")
            for number in range(one.first_entry, one.last_entry + 1)
        ]
        found, cursor = [], ""
        with httpx.Client(base_url=address, timeout=60) as client:
            while True:
                params = {"limit": "1000", "after": cursor}
                answer = client.get("/api/v1/changes", params=params).raise_for_status().json()
                if not answer["entries"]:
                    break
                found += [
                    (int(one["position"]), one["register"], int(one["entry-number"])) for one in answer["entries"]
                ]
                cursor = answer["cursor"]
        if found != expected:
            raise AssertionError(f"changes gave {len(found):,} entries, not the {len(expected):,} published, in order")

    told(follow)


def derived() -> None:
    """What followers have made is what a rebuild makes."""

    def compare() -> None:
        from guildhall.registers.followers import run as followers  # noqa: PLC0415 - as above
        from guildhall.registers.statements import fetch  # noqa: PLC0415

        before = {name: _plain(fetch(query)) for name, query in _DERIVED.items()}
        for known in followers.FOLLOWERS:
            for _ in followers.rebuild(known):
                pass
        different = [name for name, query in _DERIVED.items() if _plain(fetch(query)) != before[name]]
        if different:
            raise AssertionError(f"a rebuild makes other {', '.join(different)} than followers had made")

    told(compare)


def _plain(rows: Any) -> list[tuple[object, ...]]:
    return [tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row) for row in rows]


def verified(address: str, known: Path) -> None:
    """`guildhall verify` of the whole hall, which goes on from what it saw last time."""
    done = command("verify", address, "--known", str(known), "--json")
    if not done.is_well:
        raise LostError(f"verify: {done.output.strip()[-3000:]}")


def everything(address: str, known: Path, *, rebuild: bool) -> None:
    settle()
    gaps()
    verified(address, known)
    changes(address)
    if rebuild:
        derived()
