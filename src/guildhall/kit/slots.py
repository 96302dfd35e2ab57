"""Named places on pages that other features fill.

The page that offers a slot calls `slot("register-actions", register=…)` in its template; a feature fills it from its
`AppConfig.ready()` with `slots.register("register-actions", function)`. So neither imports the other.
"""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

type Filler = Callable[..., str | Markup]

_fillers: dict[str, list[Filler]] = {}


def register(name: str, function: Filler) -> None:
    """Fill the slot `name`, after those that fill it already. `function(**context)` gives text or Markup, "" for none.

    Text is escaped. Registering the same function twice has no further effect.
    """
    fillers = _fillers.setdefault(name, [])
    if function not in fillers:
        fillers.append(function)


def unregister(name: str, function: Filler) -> None:
    """Take a function out of a slot again. Nothing happens if it is not there."""
    if function in _fillers.get(name, []):
        _fillers[name].remove(function)


def slot(name: str, **context: object) -> Markup:
    """Everything that fills the slot, in the order in which it was registered."""
    return Markup("").join(function(**context) for function in _fillers.get(name, []))
