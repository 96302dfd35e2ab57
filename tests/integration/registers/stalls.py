"""A list with start and end dates, published in on days that the test chooses."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping

from guildhall.publishing.registers import Description, add_organisation, add_standard, open_register
from guildhall.registers.catalogue import current_standard
from guildhall.registers.followers import run as followers
from guildhall.registers.models import Register
from guildhall.registers.publish import Options, publish
from guildhall.registers.queries import registers
from guildhall.registers.rows import ListRows
from guildhall.registers.sequencer import sequence

STALL = {
    "name": "stall",
    "title": "Market stall",
    "version": "1",
    "primaryKey": "stall",
    "titleField": "trade",
    "fields": [
        {"name": "stall", "title": "Stall", "type": "string", "constraints": {"required": True}},
        {"name": "trade", "title": "Trade", "type": "string"},
        {"name": "start-date", "title": "Start date", "type": "date"},
        {"name": "end-date", "title": "End date", "type": "date"},
    ],
}


def clock(day: str, hour: int = 10) -> Callable[[], float]:
    moment = datetime.datetime.fromisoformat(f"{day}T{hour:02}:00:00+00:00")
    return moment.timestamp


def stalls(slug: str = "ambridge") -> Register:
    add_organisation({"organisation": slug, "name": slug.title(), "kind": "council"})
    add_standard(STALL)
    return open_register(f"{slug}/stall", current_standard("stall"), Description())


def trade(
    register: Register, day: str, *rows: Mapping[str, str], reason: str = "", follow: bool = True, hour: int = 10
) -> Register:
    """Publish rows on a day, at an hour of Greenwich; the list as it is then."""
    made = ListRows.of(current_standard(register.standard_name), rows)
    publish(register, made, options=Options(reason=reason), clock=clock(day, hour))
    sequence()
    if follow:
        followers.catch_up()
    return registers.register(register.path)


def stall(number: int | str, trade: str = "Fish", start: str = "", end: str = "") -> dict[str, str]:
    row = {"stall": str(number), "trade": trade, "start-date": start, "end-date": end}
    return {name: value for name, value in row.items() if value}
