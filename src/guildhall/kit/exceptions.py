"""The one tree of domain errors: what happened, to what, and what to do next.

The same words reach the page, the API and the command line. `status` is the HTTP answer (RFC 9110).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


class GuildhallError(Exception):
    """What happened and to what (`problem`), and what to do about it (`remedy`).

    `more` are further members of the answer to programs (RFC 9457), and `headers` those of every answer.
    """

    status = 500
    title = "Something went wrong"
    more: Mapping[str, object] = MappingProxyType({})
    headers: Mapping[str, str] = MappingProxyType({})

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem} {remedy}".strip())
        self.problem = problem
        self.remedy = remedy


class NotFoundError(GuildhallError):
    """What was asked for does not exist."""

    status = 404
    title = "Not found"


class BadRequestError(GuildhallError):
    """What was asked for makes no sense as it was written."""

    status = 400
    title = "This cannot be answered"


class ForbiddenError(GuildhallError):
    """Whoever asks may not see or do this."""

    status = 403
    title = "Not allowed"


class NotAcceptableError(GuildhallError):
    """The answer cannot be given in any of the formats that were asked for."""

    status = 406
    title = "No such format"


class NotAllowedError(GuildhallError):
    """The address is there, but not for this method. `allowed` are those that it takes."""

    status = 405
    title = "This cannot be done here"

    def __init__(self, problem: str, remedy: str = "", *, allowed: tuple[str, ...]) -> None:
        super().__init__(problem, remedy)
        self.allowed = allowed


class ConflictError(GuildhallError):
    """Something else stands in the way of a change."""

    status = 409
    title = "Conflict"


class BusyError(ConflictError):
    """Someone else is publishing to the same list. `retry_after` is in seconds."""

    title = "Someone else is publishing"

    def __init__(self, problem: str, remedy: str = "", *, retry_after: int = 10) -> None:
        super().__init__(problem, remedy)
        self.retry_after = retry_after


class NotReadyError(GuildhallError):
    """What was asked for is still being made. `retry_after` is in seconds."""

    status = 503
    title = "Not ready yet"

    def __init__(self, problem: str, remedy: str = "", *, retry_after: int = 60) -> None:
        super().__init__(problem, remedy)
        self.retry_after = retry_after


class TooManyError(GuildhallError):
    """Something was tried too often. `retry_after` is in seconds."""

    status = 429
    title = "Too many tries"

    def __init__(self, problem: str, remedy: str = "", *, retry_after: int) -> None:
        super().__init__(problem, remedy)
        self.headers = {"Retry-After": str(retry_after)}
