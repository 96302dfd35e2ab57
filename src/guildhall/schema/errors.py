"""What can be wrong with a data standard."""

from __future__ import annotations


class StandardError(ValueError):
    """A Table Schema that cannot be used: what is wrong, and what to do."""


class GateError(ValueError):
    """A file that cannot be read as a table: what is wrong and where (`problem`), and what to do (`remedy`)."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}")
        self.problem = problem
        self.remedy = remedy
