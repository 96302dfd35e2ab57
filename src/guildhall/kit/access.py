"""Who may use a view. Every route says it: an architecture test fails for one that does not."""

from __future__ import annotations

from collections.abc import Callable, Iterable

ANYONE = "anyone"
PUBLISHING_KEY = "whoever has a key to publish"


def anyone[**P, R](view: Callable[P, R]) -> Callable[P, R]:
    """Anyone may use this view, without signing in."""
    return _marked(view, ANYONE)


def publishing_key[**P, R](view: Callable[P, R]) -> Callable[P, R]:
    """Only a program with a key to publish may; the view itself asks whether in this list."""
    return _marked(view, PUBLISHING_KEY)


def access_of(view: Callable[..., object]) -> str | None:
    """Who may use the view; None if it does not say."""
    access = getattr(view, "access", None)
    return access if isinstance(access, str) else None


def as_all[**P, R](view: Callable[P, R], operations: Iterable[Callable[..., object]]) -> Callable[P, R]:
    """Mark a view that hands on to one of several: it says what they say, and nothing if one of them is silent."""
    known = {access_of(one) for one in operations}
    return view if None in known else _marked(view, " | ".join(sorted(str(one) for one in known)))


def _marked[**P, R](view: Callable[P, R], access: str) -> Callable[P, R]:
    view.access = access  # type: ignore[attr-defined]  # functions may have attributes of which their type knows nothing
    return view
