"""`/api/v1`, described at `/api/openapi.json`: features add their operations in their `api.py`, `config` serves them.

Nothing else than this and those modules imports django-ninja.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.operation import Operation
from pydantic import BaseModel, Field

from guildhall.kit import access
from guildhall.kit.answers import json_answer
from guildhall.kit.errors import PROBLEM, answer_error
from guildhall.kit.exceptions import BadRequestError
from guildhall.kit.middleware import READING
from guildhall.kit.routes import register_converters

register_converters()

api = NinjaAPI(
    title="Guildhall",
    version="1",
    description="The lists that councils and others keep to shared data standards. No key is needed to read them.",
    docs_url=None,
    openapi_url=None,
)


class Problem(BaseModel):
    """RFC 9457: what happened, and what to do."""

    title: str
    status: int
    detail: str
    remedy: str = ""
    request_id: str = Field("", alias="request-id")


def responses(found: type[BaseModel]) -> dict[int, type[BaseModel]]:
    """What reading answers."""
    return {200: found, 400: Problem, 404: Problem, 422: Problem}


def example(address: str) -> dict[str, Any]:
    """An address that can be asked in a hall with its starter lists; a test asks each."""
    return {"x-example": f"/api/v1/{address}"}


@api.exception_handler(ValidationError)
def refused(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A parameter that its description does not allow, in the words of all other errors."""
    first = error.errors[0]
    name = str(first["loc"][-1])
    return answer_error(
        request,
        BadRequestError(f"{name} cannot be used: {first['msg']}.", "See the description of the API at /api/docs."),
    )


# Said by the server, before a request comes here.
_TOO_LONG = {"description": "The address is longer than 65,534 bytes. This answer has no body."}


@access.anyone
def description(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - it is the same for everyone
    """The whole API as OpenAPI 3.1 has it."""
    return json_answer(document())


@cache
def document() -> dict[str, Any]:
    """The same as an object."""
    told: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/")))
    for methods in told["paths"].values():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                if int(status) >= BadRequestError.status:
                    response["content"] = {PROBLEM: response["content"]["application/json"]}
            operation["responses"]["414"] = _TOO_LONG
    return told


def urlpatterns() -> list[URLPattern]:
    """The addresses of all operations that were added until now: one for each path, whatever its methods."""
    # The last leads to pages of django-ninja's own, which need scripts.
    patterns = [one for one in api.urls[0][:-1] if isinstance(one, URLPattern)]
    operations = [one for view in api.default_router.path_operations.values() for one in view.operations]
    routes: dict[str, tuple[URLPattern, list[Operation]]] = {}
    for pattern, operation in zip(patterns, operations, strict=True):
        routes.setdefault(str(pattern.pattern), (pattern, []))[1].append(operation)
    return [*(_served(*route) for route in routes.values()), path("openapi.json", description)]


def _served(pattern: URLPattern, operations: list[Operation]) -> URLPattern:
    """The view says who may use it and which methods it takes. HEAD is GET: the server leaves the body out."""
    view: Callable[..., HttpResponseBase] = pattern.callback

    @wraps(view)
    def serve(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        if request.method == "HEAD":
            request.method = "GET"
        return view(request, *args, **named)

    methods = {method for operation in operations for method in operation.methods}
    reading = READING if "GET" in methods else ("OPTIONS",)
    serve.methods = (*reading, *sorted(methods - {"GET"}))  # type: ignore[attr-defined]
    pattern.callback = access.as_all(serve, (operation.view_func for operation in operations))
    return pattern
