"""What a page may be asked for in its address, bounded; a wrong one is named."""

from __future__ import annotations

import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from guildhall.kit.exceptions import BadRequestError
from guildhall.schema.dates import ANY_DATE, read

MAX_TEXT = 300
# No earlier day is meant by anyone: what is written so is a slip, such as 0219 for 2019.
_FIRST_YEAR = 1000


def text_param(request: HttpRequest, name: str, *, most: int = MAX_TEXT) -> str:
    """Trimmed text, empty if it is not given. Raises BadRequestError if it is too long or cannot be text (NUL)."""
    value = request.GET.get(name, "").strip()
    if len(value) > most or "\0" in value:
        raise BadRequestError(
            _("What was given as %(name)s cannot be looked for.") % {"name": name},
            _("Give at most %(number)s ordinary characters.") % {"number": most},
        )
    return value


def number_param(request: HttpRequest, name: str, *, default: int, least: int, most: int) -> int:
    """A whole number between two others. Raises BadRequestError, which says so."""
    value = request.GET.get(name, "").strip()
    if not value:
        return default
    if not (value.isascii() and value.isdecimal() and len(value) <= len(str(most)) and least <= int(value) <= most):
        raise BadRequestError(
            _("%(name)s must be a whole number from %(least)s to %(most)s.")
            % {"name": name, "least": f"{least:,}", "most": f"{most:,}"},
            _("Give such a number, or leave it out."),
        )
    return int(value)


def date_param(request: HttpRequest, name: str) -> datetime.date | None:
    """A day, as people write one; None if it is not given. Raises BadRequestError, which says how to write it."""
    value = text_param(request, name)
    if not value:
        return None
    for shape in ANY_DATE:
        found = read(shape, value)
        if found is not None and found.year >= _FIRST_YEAR:
            return found.date()
    raise BadRequestError(
        _("There is no day “%(value)s”, given as %(name)s.") % {"value": value[:60], "name": name},
        _("Write the year, the month and the day, such as 2019-03-01 for 1 March 2019."),
    )
