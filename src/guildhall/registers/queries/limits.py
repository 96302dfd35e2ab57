"""How long the database may work on one question to a table, and what a reader can do where that is not enough."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.utils.translation import gettext as _

from guildhall.kit import bounded as kit
from guildhall.kit.bounded import TooLongError


def bounded() -> AbstractContextManager[None]:
    """Raises TooLongError, which offers the download instead."""
    return kit.bounded(remedy=_remedy())


def too_long() -> TooLongError:
    """What need not be tried."""
    return TooLongError(
        _("To answer this, the whole of a large list would have to be read through, and that was stopped."), _remedy()
    )


def _remedy() -> str:
    return _("Add a condition or sort by another column, or download the whole list and filter it on your computer.")
