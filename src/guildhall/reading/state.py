"""Which state of a list a page shows: as it is now, as it was recorded earlier, or what was in force on a day.

The address says it: `recorded-on=2026-11-01` for a day, `at=1204` for the state that had so many changes, which is the
one to cite; `in-force-on=2019-03-01` for the records that were in force then. For all lists to one standard `at` is a
place in the order of the whole hall's publications.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from guildhall.kit.exceptions import BadRequestError
from guildhall.kit.words import date_words
from guildhall.reading.params import date_param, number_param
from guildhall.registers.models import Publication, Register
from guildhall.registers.queries import registers, scopes, time
from guildhall.registers.queries.records import Item
from guildhall.registers.queries.scopes import Scope
from guildhall.registers.sequencer import latest_position
from guildhall.schema.model import Standard

# What a page's own forms and links must carry on, so that they stay in the state that is shown.
PARAMETERS = ("at", "recorded-on", "in-force-on")


@dataclass(frozen=True)
class State:
    """A state of one list. `size` is the number of changes to read it at; `at` is empty for the list as it is now.

    `in_force_on` is None unless only the records that were in force on a day are shown.
    """

    register: Register
    standard: Standard
    size: int
    recorded_on: datetime.date | None
    in_force_on: datetime.date | None
    at: int | None

    @property
    def head(self) -> int:
        return self.register.head.size

    @cached_property
    def published(self) -> Publication | None:
        """The publication that made the list so; None before the first."""
        return time.recorded_at(self.register, self.size).publication if self.size else None

    @cached_property
    def began(self) -> int | None:
        """When the first publication was made, in seconds since 1970; None while there is none."""
        first = registers.first_publication(self.register)
        return first.time if first else None

    @property
    def is_now(self) -> bool:
        """The list as it is now, whole."""
        return self.at is None and self.recorded_on is None and self.in_force_on is None

    @property
    def is_past(self) -> bool:
        return self.size < self.head

    @property
    def has_begun(self) -> bool:
        return self.size > 0

    @property
    def params(self) -> dict[str, str]:
        """The parameters of the address that shows this state."""
        return _params(self.at, self.recorded_on, self.in_force_on)

    @property
    def cited(self) -> dict[str, str]:
        """The parameters of the address that shows it for ever, whatever is published later."""
        return _params(self.size, None, self.in_force_on)

    @property
    def has_dates(self) -> bool:
        return has_dates(self.standard)

    @property
    def scope(self) -> Scope:
        """The table of the records that are shown."""
        return scopes.of_register(
            self.register, self.standard, self.size, shows=self.shows if self.in_force_on else None
        )

    @property
    def records(self) -> int:
        """How many records the list holds; more than are shown, where only those in force are."""
        return self.register.head.records if not self.is_past else time.records_at(self.register, self.size)

    def shows(self, item: Item) -> bool:
        """Whether a record with these values is shown: each is, unless a day of being in force is asked."""
        return self.in_force_on is None or time.is_in_force(self.standard, item, self.in_force_on)


@dataclass(frozen=True)
class JoinedState:
    """A state of all lists to one standard, by a position in the hall's order; None for the lists as they are now."""

    position: int | None
    recorded_on: datetime.date | None
    in_force_on: datetime.date | None
    standard: Standard

    @property
    def is_now(self) -> bool:
        return self.position is None and self.in_force_on is None

    @property
    def has_dates(self) -> bool:
        return has_dates(self.standard)

    @property
    def params(self) -> dict[str, str]:
        at = None if self.recorded_on else self.position
        return _params(at, self.recorded_on, self.in_force_on)

    @property
    def cited(self) -> dict[str, str]:
        position = latest_position() if self.position is None else self.position
        return _params(position, None, self.in_force_on)

    def sizes(self, registers: Sequence[Register]) -> dict[int, int]:
        """The number of changes at which to read each of the lists, by its id."""
        if self.position is None:
            return {one.pk: one.head.size for one in registers}
        return time.sizes_at(registers, self.position)

    def scope(self, registers: Sequence[Register]) -> Scope:
        """The table of the records that are shown."""
        sizes = None if self.position is None else self.sizes(registers)
        return scopes.of_standard(self.standard, registers, sizes, shows=self.shows if self.in_force_on else None)

    def records(self, registers: Sequence[Register]) -> int:
        """How many records the lists hold together."""
        if self.position is None:
            return sum(one.head.records for one in registers)
        return time.records_at_position(registers, self.position)

    def shows(self, item: Item) -> bool:
        return self.in_force_on is None or time.is_in_force(self.standard, item, self.in_force_on)


def state_of(
    request: HttpRequest, register: Register, standard: Standard, *, today: datetime.date | None = None
) -> State:
    """The state of a list that is asked for. Raises BadRequestError."""
    size, head = register.head.size, register.head.size
    day, in_force_on = _recorded_on(request, today), _in_force_on(request, standard)
    at = None
    if day:
        size = time.recorded_on(register, day).size
    elif request.GET.get("at", "").strip():
        at = size = number_param(request, "at", default=head, least=0, most=head)
        refuse_between(register, size, time.recorded_at(register, size))
    return State(register, standard, size, day, in_force_on, at)


def joined_state_of(request: HttpRequest, standard: Standard, *, today: datetime.date | None = None) -> JoinedState:
    """The state of all lists to a standard that is asked for. Raises BadRequestError."""
    day, in_force_on = _recorded_on(request, today), _in_force_on(request, standard)
    position = None
    if day:
        position = time.position_on(day)
    elif request.GET.get("at", "").strip():
        last = latest_position()
        position = number_param(request, "at", default=last, least=0, most=last)
    return JoinedState(position, day, in_force_on, standard)


def _recorded_on(request: HttpRequest, today: datetime.date | None) -> datetime.date | None:
    day = date_param(request, "recorded-on")
    if day and day > (today or timezone.localdate()):
        raise BadRequestError(
            _("%(day)s is still to come: what will be recorded by then, nobody knows.") % {"day": date_words(day)},
            _("Give today or an earlier day."),
        )
    return day


def _in_force_on(request: HttpRequest, standard: Standard) -> datetime.date | None:
    day = date_param(request, "in-force-on")
    if day and not has_dates(standard):
        raise BadRequestError(
            _("The data standard %(title)s has no start or end dates, so nobody can say what was in force on a day.")
            % {"title": standard.title},
            _("Leave out the day, or ask for the list as it was recorded on a day."),
        )
    return day


def has_dates(standard: Standard) -> bool:
    """Whether its records say since when or until when they are in force, in a way that can be compared."""
    names = [name for name in (standard.start_field, standard.end_field) if name]
    return bool(names) and all(standard.field(name).format == "default" for name in names)


def refuse_between(register: Register, at: int, recorded: time.Recorded) -> None:
    """A publication appears at once or not at all: half of one was never a state of the list."""
    if at in {recorded.size, 0}:
        return
    following = time.next_after(register, at)
    raise BadRequestError(
        _("This list never stood at %(at)s changes: they came together with others.") % {"at": f"{at:,}"},
        _("Ask for %(before)s or %(after)s.")
        % {"before": f"{recorded.size:,}", "after": f"{following.last_entry if following else recorded.size:,}"},
    )


def _params(at: int | None, day: datetime.date | None, in_force_on: datetime.date | None) -> dict[str, str]:
    told = {"at": at, "recorded-on": day, "in-force-on": in_force_on}
    return {name: str(value) for name, value in told.items() if value is not None}
