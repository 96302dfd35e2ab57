"""How pages and programs are told that the values of a record or change may not be shown."""

from __future__ import annotations

from django.utils.translation import gettext as _

from guildhall.log.bundles import ERASED, HELD
from guildhall.registers.queries.records import Change


def words(change: Change) -> str:
    """Beside what is shown of it; empty for what is not hidden."""
    return state_words(change.state)


def state_words(state: int) -> str:
    """The same of a state, HERE, ERASED or HELD."""
    return {ERASED: _("erased by law"), HELD: _("hidden while a mistake is looked into")}.get(state, "")


def marks(change: Change) -> dict[str, bool]:
    """The member that says so in JSON; none for what is not hidden."""
    if change.is_erased:
        return {"_erased": True}
    return {"_held": True} if change.is_held else {}
