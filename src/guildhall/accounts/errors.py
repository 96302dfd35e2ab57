"""What can go wrong with keys, in the words that people read."""

from __future__ import annotations

from guildhall.kit.exceptions import BadRequestError, ForbiddenError, GuildhallError, NotFoundError

_REALM = 'Bearer realm="guildhall"'


class KeyNeededError(GuildhallError):
    """Nothing was given that says who asks."""

    status = 401
    title = "A key is needed"
    headers = {"WWW-Authenticate": _REALM}


class KeyRefusedError(GuildhallError):
    """A key that the hall does not know, or that is good no longer."""

    status = 401
    title = "This key cannot be used"
    headers = {"WWW-Authenticate": f'{_REALM}, error="invalid_token"'}


class KeyScopeError(ForbiddenError):
    """A good key, but not for this."""

    title = "This key is not for that"


class UnknownKeyError(NotFoundError):
    title = "No such key"


class KeyDetailsError(BadRequestError):
    """A key that cannot be made as it was asked for."""

    title = "This key cannot be made"
