"""What changed between two states of a list, and how to cite one."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from guildhall.kit.exceptions import BadRequestError
from guildhall.kit.words import local_day
from guildhall.reading.cells import record_title
from guildhall.reading.cells import rows as cell_rows
from guildhall.reading.params import date_param, number_param, text_param
from guildhall.reading.state import has_dates, joined_state_of, refuse_between, state_of
from guildhall.reading.time.cite import Citation
from guildhall.reading.views.lists import about
from guildhall.reading.views.records import HistoryStep, told
from guildhall.registers import catalogue
from guildhall.registers.models import Register
from guildhall.registers.queries import between, joined, registers, time
from guildhall.registers.queries.history import Step
from guildhall.schema.model import Standard

PAGE = 50
# So many records that began or ended can be paged through by their place.
_MOST_SKIPPED = 10_000


@dataclass(frozen=True)
class Side:
    """One side of a comparison: a state of the list, and the day by which it was asked for, if it was."""

    size: int
    day: datetime.date | None
    time: int | None

    @property
    def shown(self) -> datetime.date | None:
        """The day that the form shows."""
        return self.day or (None if self.time is None else local_day(self.time))

    @property
    def asked(self) -> str:
        """As the address has it."""
        return self.day.isoformat() if self.day else str(self.size)


@dataclass(frozen=True)
class Sides:
    old: Side
    new: Side


def sides(request: HttpRequest, register: Register) -> Sides:
    """The two states that `from` and `to` name: a day, or a number of changes. The earlier one is the old one.

    Without them: what the last publication changed. Raises BadRequestError.
    """
    size = register.head.size
    new = _side(request, register, "to", size)
    last = time.recorded_at(register, new.size).publication
    old = _side(request, register, "from", last.first_entry - 1 if last else 0)
    return Sides(new, old) if old.size > new.size else Sides(old, new)


def _side(request: HttpRequest, register: Register, name: str, default: int) -> Side:
    value = text_param(request, name)
    if value and not (value.isascii() and value.isdecimal()):
        day = date_param(request, name)
        recorded = time.recorded_on(register, day or timezone.localdate())
        return Side(recorded.size, day, recorded.publication.time if recorded.publication else None)
    size = number_param(request, name, default=default, least=0, most=register.head.size)
    recorded = time.recorded_at(register, size)
    refuse_between(register, size, recorded)
    return Side(recorded.size, None, recorded.publication.time if recorded.publication else None)


def compare(request: HttpRequest, organisation: str, name: str) -> HttpResponse:
    """The page: what was added, changed and ended, in words."""
    found = registers.register(f"{organisation}/{name}")
    standard = catalogue.current_standard(found.standard_name)
    if is_by_dates(request):
        return _compare_days(request, found, standard)
    both = sides(request, found)
    after = number_param(request, "after", default=0, least=0, most=found.head.size)
    page = between.between(found, both.old.size, both.new.size, end_field=standard.end_field, limit=PAGE, after=after)
    asked = {"from": both.old.asked, "to": both.new.asked}
    context = about(found) | {
        "standard": standard,
        "sides": both,
        "asked": asked,
        "days": {"from": both.old.shown, "to": both.new.shown},
        "extent": between.extent(found, both.old.size, both.new.size),
        "rows": told_differences(found, standard, page.rows),
        "next": urlencode(asked | {"after": page.after}) if page.after is not None else "",
        "is_first_page": not after,
        "has_dates": has_dates(standard),
    }
    return render(request, "reading/compare.html", context)


def is_by_dates(request: HttpRequest) -> bool:
    """Whether days are compared by what was in force on them, not by what was recorded."""
    return request.GET.get("by") == "in-force"


@dataclass(frozen=True)
class Days:
    """Two days whose records in force are compared, and how many differences to pass over."""

    old: datetime.date
    new: datetime.date
    skip: int
    size: int  # the state whose dates are compared: the newest changes may still be to be gone through


def days(request: HttpRequest, register: Register, standard: Standard) -> Days:
    """Raises BadRequestError."""
    if not has_dates(standard):
        raise BadRequestError(
            _("The data standard %(title)s has no start or end dates, so nobody can say what was in force on a day.")
            % {"title": standard.title},
            _("Compare what was recorded on two days instead."),
        )
    today = timezone.localdate()
    new = date_param(request, "to") or today
    old = date_param(request, "from") or new.replace(day=1, month=1)
    skip = number_param(request, "skip", default=0, least=0, most=_MOST_SKIPPED)
    return Days(min(old, new), max(old, new), skip, min(register.head.size, time.dated_size(register)))


def _compare_days(request: HttpRequest, found: Register, standard: Standard) -> HttpResponse:
    asked = days(request, found, standard)
    rows = between.days_between(found, found.head.size, standard, asked.old, asked.new, limit=PAGE + 1, skip=asked.skip)
    address = {"by": "in-force", "from": asked.old.isoformat(), "to": asked.new.isoformat()}
    shown = cell_rows(standard, [(found, row.record) for row in rows[:PAGE]])
    context = about(found) | {
        "days": asked,
        "asked": address,
        "details": [one for one in standard.fields if one.name in {link.field for link in standard.links}],
        "rows": list(zip(rows, shown, strict=False)),
        "next": urlencode(address | {"skip": asked.skip + PAGE}) if len(rows) > PAGE else "",
    }
    return render(request, "reading/compare_days.html", context)


@dataclass(frozen=True)
class Told:
    """A difference as a page tells it; `step` is drawn as a step of the record's history is."""

    kind: str
    title: str
    key: str
    step: HistoryStep


def told_differences(found: Register, standard: Standard, rows: list[between.Difference]) -> list[Told]:
    steps = told(found, standard, [Step(row.record, row.fields, row.kind == "added") for row in rows]) if rows else []
    return [
        Told(row.kind, record_title(standard, row.record), row.record.key, step)
        for row, step in zip(rows, steps, strict=True)
    ]


# ---- citing


def citation(request: HttpRequest, organisation: str, name: str) -> tuple[Register, Citation]:
    """How to cite the state of a list that is asked for."""
    found = registers.register(f"{organisation}/{name}")
    state = state_of(request, found, catalogue.current_standard(found.standard_name))
    is_told = found.organisation.name in {found.keeper.name, settings.GUILDHALL_TITLE}
    is_told = is_told or found.organisation.name in found.title
    title = found.title if is_told else f"{found.title}, {found.organisation.name}"
    cited = Citation(
        title=title,
        keeper=found.keeper.name,
        hall=settings.GUILDHALL_TITLE,
        address=request.build_absolute_uri(f"/registers/{found.path}/?{urlencode(state.cited)}"),
        licence=found.licence,
        version=str(state.size),
        published=local_day(state.published.time) if state.published else None,
        in_force_on=state.in_force_on,
        accessed=timezone.localdate(),
    )
    return found, cited


def cite(request: HttpRequest, organisation: str, name: str) -> HttpResponse:
    found, cited = citation(request, organisation, name)
    return render(request, "reading/cite.html", about(found) | {"citation": cited})


def joined_citation(request: HttpRequest, name: str) -> Citation:
    """How to cite a state of all lists to one standard."""
    row = registers.standard(name)
    state = joined_state_of(request, catalogue.current_standard(name))
    kept = joined.registers_to(name)
    licences = {register.licence for register in kept if register.licence}
    published = time.time_of_position(int(state.cited["at"]))
    return Citation(
        title=_("%(title)s: the lists of all organisations") % {"title": row.title},
        keeper=_("Several organisations"),
        hall=settings.GUILDHALL_TITLE,
        address=request.build_absolute_uri(f"/standards/{name}/records?{urlencode(state.cited)}"),
        licence=licences.pop() if len(licences) == 1 else "",
        version=state.cited["at"],
        published=local_day(published) if published is not None else None,
        in_force_on=state.in_force_on,
        accessed=timezone.localdate(),
    )


def cite_joined(request: HttpRequest, name: str) -> HttpResponse:
    context = {"row": registers.standard(name), "citation": joined_citation(request, name)}
    return render(request, "reading/cite_joined.html", context)
