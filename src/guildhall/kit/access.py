"""Who may use a view. Every route says it: an architecture test fails for one that does not."""

from __future__ import annotations

from collections.abc import Callable

ANYONE = "anyone"


def anyone[**P, R](view: Callable[P, R]) -> Callable[P, R]:
    """Anyone may use this view, without signing in."""
    return _marked(view, ANYONE)


def access_of(view: Callable[..., object]) -> str | None:
    """Who may use the view; None if it does not say."""
    access = getattr(view, "access", None)
    return access if isinstance(access, str) else None


def _marked[**P, R](view: Callable[P, R], access: str) -> Callable[P, R]:
    view.access = access  # type: ignore[attr-defined]
    return view
