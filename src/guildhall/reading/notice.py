"""What every page says while the hall was put back from an old copy and nothing new can be published."""

from __future__ import annotations

import time

from django.conf import settings
from django.db import DatabaseError
from django.template.loader import render_to_string
from markupsafe import Markup

from guildhall.registers.models import HallIdentity
from guildhall.registers.restored import RestoredHallError, refuse_restored

# Looked up once in so many seconds for all who read.
_SECONDS = 2.0


class _Look:
    """Whether the hall signs, as it was seen last in a data folder."""

    def __init__(self) -> None:
        self._seen: tuple[float, object, bool] = (-_SECONDS, None, True)

    def signs(self) -> bool:
        when, home, signs = self._seen
        if time.monotonic() - when > _SECONDS or home != settings.GUILDHALL_HOME:
            signs = _signs()
            self._seen = (time.monotonic(), settings.GUILDHALL_HOME, signs)
        return signs


def _signs() -> bool:
    try:
        refuse_restored()
    except RestoredHallError:
        return False
    except (DatabaseError, HallIdentity.DoesNotExist):
        return True  # that is another fault, and told elsewhere
    return True


look = _Look()


def restored_notice() -> Markup:
    """Fills the slot `notice` of every page."""
    return Markup("") if look.signs() else Markup(render_to_string("reading/restored_notice.html"))  # noqa: S704 - our own template
