"""How operations of the API ask for a key."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer

from guildhall.accounts import keys
from guildhall.accounts.models import ApiKey


class KeyNeeded(HttpBearer):
    """Give as `auth=` of an operation: the key is then `request.auth`. What it may do, the operation asks."""

    def __call__(self, request: HttpRequest) -> ApiKey:
        """Raises KeyNeededError, KeyRefusedError, TooManyError."""
        return self.authenticate(request, request.headers.get("Authorization", ""))

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey:
        return keys.authenticate(token, client=request.META.get("REMOTE_ADDR", ""))
