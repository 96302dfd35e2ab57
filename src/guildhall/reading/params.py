"""What a page may be asked for in its address, bounded; a wrong one is named."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from guildhall.kit.exceptions import BadRequestError

MAX_TEXT = 300


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
            % {"name": name, "least": f"{least:,}", "most": f"{most:,}"}
        )
    return int(value)
