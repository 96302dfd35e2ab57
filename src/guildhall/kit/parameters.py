"""Parameters that an address does not take: programs are told, so that none is passed over in silence.

Pages pass them over: people follow links to which others have added what they like.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.translation import gettext as _

from guildhall.kit.exceptions import BadRequestError

# What other sites, and programs that want no kept copy, add to addresses; it asks for nothing.
_TRAILS = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid")
_NONCE = "_"
_FORMAT = "format"
_LONGEST = 60


def is_trail(name: str) -> bool:
    """Whether a parameter was added by those through whose hands an address went."""
    return name.startswith(_TRAILS) or name == _NONCE


def refuse_others(request: HttpRequest, names: Iterable[str], *, instead: str = "") -> None:
    """Raises BadRequestError for a parameter that is none of these; `instead` is an address that takes others."""
    known = tuple(names)
    for name in request.GET:
        if name not in {*known, _FORMAT} and not is_trail(name):
            taken = _("It takes: %(names)s.") % {"names": ", ".join((*known, _FORMAT))}
            there = _("For records under filters ask %(address)s.") % {"address": instead}
            raise BadRequestError(
                _("This address takes no parameter called %(name)s.") % {"name": name[:_LONGEST]},
                f"{taken} {there}" if instead else taken,
            )
