from __future__ import annotations


class StandardError(ValueError):
    """A Table Schema that cannot be used: what is wrong, and what to do."""
