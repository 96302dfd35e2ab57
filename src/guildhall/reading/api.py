"""`/api/v1`: what is read by programs, described at `/api/openapi.json`. Nothing else imports django-ninja."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from ninja import NinjaAPI, Query
from ninja.errors import ValidationError
from pydantic import BaseModel

from guildhall.kit.access import anyone
from guildhall.kit.answers import json_answer, link_header, revalidated
from guildhall.kit.errors import PROBLEM, answer_error
from guildhall.kit.exceptions import BadRequestError
from guildhall.kit.negotiate import JSON
from guildhall.kit.routes import register_converters
from guildhall.reading import addresses
from guildhall.reading.asking import asking_of, encode_place
from guildhall.reading.data import etags, indexes, shapes, values
from guildhall.reading.data.entries import as_entry
from guildhall.reading.params import text_param
from guildhall.reading.state import joined_state_of, state_of
from guildhall.reading.views import lists as list_pages
from guildhall.registers import catalogue
from guildhall.registers.queries import joined, records, registers
from guildhall.registers.queries.filters import find
from guildhall.registers.queries.scopes import Scope
from guildhall.schema.describe import field_meaning

register_converters()

api = NinjaAPI(
    title="Guildhall",
    version="1",
    description="The lists that councils and others keep to shared data standards, for reading. No key is needed.",
    docs_url=None,
    openapi_url=None,
)


def _responses(found: type[BaseModel]) -> dict[int, type[BaseModel]]:
    return {200: found, 400: shapes.Problem, 404: shapes.Problem, 422: shapes.Problem}


def _example(address: str) -> dict[str, Any]:
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


@api.get(
    "/v1/registers",
    response=_responses(shapes.Lists),
    by_alias=True,
    summary="All lists",
    openapi_extra=_example("registers?standard=product-use&_limit=2"),
)
def all_lists(request: HttpRequest, asked: Query[shapes.ListsAsked]) -> HttpResponseBase:
    """Lists in the order of their paths."""

    def make() -> HttpResponse:
        found = list_pages.matching(request)
        shown = list(found.filter(path__gt=text_param(request, "_after"))[: asked.limit + 1])
        last = shown[asked.limit - 1].path if len(shown) > asked.limit else None
        results = [indexes.list_row(one) for one in shown[: asked.limit]]
        return _page(request, results, total=found.count(), last=last)

    return revalidated(request, etags.of_hall(request, JSON), make)


@api.get(
    "/v1/registers/{slug:organisation}/{slug:name}",
    response=_responses(shapes.ListDetails),
    by_alias=True,
    summary="One list",
    openapi_extra=_example("registers/hall/local-authority"),
)
def one_list(request: HttpRequest, organisation: str, name: str) -> HttpResponseBase:
    """What it is, who keeps it, its source and dates."""
    found = registers.register(f"{organisation}/{name}")
    return revalidated(request, etags.of_register(found, request, JSON), lambda: json_answer(indexes.described(found)))


@api.get(
    "/v1/registers/{slug:organisation}/{slug:name}/records",
    response=_responses(shapes.Records),
    by_alias=True,
    summary="The records of a list",
    openapi_extra=shapes.FILTERS
    | _example("registers/hall/local-authority/records?nation=Wales&_sort=-population&_limit=2"),
)
def list_records(
    request: HttpRequest, organisation: str, name: str, asked: Query[shapes.TableAsked]
) -> HttpResponseBase:
    """Filtered and sorted as on the list's page."""
    found = registers.register(f"{organisation}/{name}")
    standard = catalogue.current_standard(found.standard_name)
    tag = etags.of_register(found, request, JSON)
    state = state_of(request, found, standard)
    return _records(request, state.scope, asked.limit, tag, state.records)


@api.get(
    "/v1/registers/{slug:organisation}/{slug:name}/records/{key:key}",
    response=_responses(shapes.Record),
    by_alias=True,
    summary="One record",
    openapi_extra=_example("registers/hall/local-authority/records/HCK"),
)
def one_record(request: HttpRequest, organisation: str, name: str, key: str) -> HttpResponseBase:
    """A record by its key, in which `~1` stands for a slash and `~0` for a tilde."""
    found = registers.register(f"{organisation}/{name}")

    def make() -> HttpResponse:
        standard = catalogue.current_standard(found.standard_name)
        return json_answer(values.record(standard, found, records.record(found, key, found.head.size)))

    return revalidated(request, etags.of_register(found, request, JSON), make)


@api.get(
    "/v1/registers/{slug:organisation}/{slug:name}/entries",
    response=_responses(shapes.Entries),
    by_alias=True,
    summary="The changes of a list",
    openapi_extra=_example("registers/hall/local-authority/entries?_limit=2"),
)
def list_entries(
    request: HttpRequest, organisation: str, name: str, asked: Query[shapes.EntriesAsked]
) -> HttpResponseBase:
    """Every change from the first on, with the values that it came with."""
    found = registers.register(f"{organisation}/{name}")
    standard, size = catalogue.current_standard(found.standard_name), found.head.size

    def make() -> HttpResponse:
        shown = records.entries(found, size, start=asked.after + 1, limit=asked.limit)
        results = [as_entry(one) | {"values": values.values(standard, one.item)} for one in shown]
        last = str(shown[-1].number) if shown and shown[-1].number < size else None
        return _page(request, results, total=size, last=last)

    return revalidated(request, etags.of_register(found, request, JSON), make)


@api.get(
    "/v1/standards",
    response=_responses(shapes.Standards),
    by_alias=True,
    summary="All data standards",
    openapi_extra=_example("standards"),
)
def all_standards(request: HttpRequest) -> HttpResponseBase:
    """By title."""

    def make() -> HttpResponse:
        counts = registers.lists_by_standard()
        results = [
            values.standard_row(catalogue.current_standard(one.name), counts.get(one.name, 0))
            for one in registers.standards()
        ]
        return _page(request, results, total=len(results))

    return revalidated(request, etags.of_hall(request, JSON), make)


@api.get(
    "/v1/standards/{slug:name}",
    response=_responses(shapes.StandardDetails),
    by_alias=True,
    summary="One data standard",
    openapi_extra=_example("standards/product-use"),
)
def one_standard(request: HttpRequest, name: str) -> HttpResponseBase:
    """Its fields with what each may hold, in words; `schema` leads to the Table Schema itself."""
    registers.standard(name)

    def make() -> HttpResponse:
        known = catalogue.current_standard(name)
        fields = [
            {
                "name": one.name,
                "title": one.title,
                "type": one.type,
                "description": one.description,
                "meaning": field_meaning(one),
                "indexed": one.name in known.indexed_names,
            }
            for one in known.fields
        ]
        row = values.standard_row(known, registers.lists_by_standard().get(name, 0))
        address = request.build_absolute_uri(f"{addresses.standard(name)}.json")
        return json_answer(row | {"key": list(known.key), "fields": fields, "schema": address})

    return revalidated(request, etags.of_hall(request, JSON, name), make)


@api.get(
    "/v1/standards/{slug:name}/records",
    response=_responses(shapes.JoinedRecords),
    by_alias=True,
    summary="The records of all lists to a data standard",
    openapi_extra=shapes.FILTERS
    | _example("standards/product-use/records?product=planx&_sort=organisation-name&_limit=2"),
)
def standard_records(request: HttpRequest, name: str, asked: Query[shapes.TableAsked]) -> HttpResponseBase:
    """Every organisation's, with whose they are; filtered by that too: `region`, `organisation-type`, `kept-by`."""
    registers.standard(name)
    tag = etags.of_hall(request, JSON, name)
    state, kept = joined_state_of(request, catalogue.current_standard(name)), joined.registers_to(name)
    return _records(request, state.scope(kept), asked.limit, tag, state.records(kept))


def _records(request: HttpRequest, scope: Scope, limit: int, tag: str, held: int) -> HttpResponseBase:
    asking = asking_of(request, scope, request.build_absolute_uri(request.path), {})

    def make() -> HttpResponse:
        found = find(scope, asking.question, limit=limit, after=asking.after)
        names = values.own_names(scope, asking.question.columns)
        tell = values.joined_record if scope.is_joined else values.record
        place = found.after or found.stopped
        return _page(
            request,
            [tell(scope.standard, register, record, names) for register, record in found.rows],
            total=found.total if asking.question.conditions or scope.shows else held,
            last=encode_place(place) if place else None,
            behind=found.behind,
        )

    return revalidated(request, tag, make)


def _page(
    request: HttpRequest,
    results: list[dict[str, Any]],
    *,
    total: int | None,
    last: str | None = None,
    **more: object,
) -> HttpResponse:
    """Some results of all: `last` is where they end, None if no more follow."""
    query = request.GET.copy()
    if last is not None:
        query["_after"] = last
    following = None if last is None else request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
    response = json_answer({"total": total, **more, "results": results, "next": following})
    if following:
        response.headers["Link"] = link_header([(following, "next")])
    return response


@anyone
def description(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
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
    return told


def _for_readers(pattern: URLPattern) -> URLPattern:
    """Anyone may read, by HEAD too: the server leaves the body out."""
    view: Callable[..., HttpResponseBase] = pattern.callback

    @wraps(view)
    def reading(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        if request.method == "HEAD":
            request.method = "GET"
        return view(request, *args, **named)

    pattern.callback = anyone(reading)
    return pattern


# The last of them leads to pages of django-ninja's own, which need scripts.
urlpatterns = [
    *(_for_readers(one) for one in api.urls[0][:-1] if isinstance(one, URLPattern)),
    path("openapi.json", description),
]
