"""What programs read at `/api/v1`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Query

from guildhall.kit.access import anyone
from guildhall.kit.answers import json_answer, link_header, revalidated
from guildhall.kit.api import Problem, api, example, responses
from guildhall.kit.negotiate import JSON
from guildhall.kit.parameters import refuse_others
from guildhall.reading import addresses, hiding
from guildhall.reading.asking import asking_of, encode_place
from guildhall.reading.data import etags, following, indexes, shapes, values
from guildhall.reading.data.entries import as_entry
from guildhall.reading.data.records import size_param
from guildhall.reading.params import text_param
from guildhall.reading.state import joined_state_of, state_of
from guildhall.reading.views import lists as list_pages
from guildhall.registers import catalogue
from guildhall.registers.queries import joined, records, registers
from guildhall.registers.queries.filters import find
from guildhall.registers.queries.scopes import Scope
from guildhall.registers.queries.text import Wording
from guildhall.schema.describe import field_meaning


@api.get(
    "/v1/registers",
    response=responses(shapes.Lists),
    by_alias=True,
    summary="All lists",
    openapi_extra=example("registers?standard=product-use&_limit=2"),
)
@anyone
def all_lists(request: HttpRequest, asked: Query[shapes.ListsAsked]) -> HttpResponseBase:
    """Lists in the order of their paths."""
    refuse_others(request, shapes.names(type(asked)))

    def make() -> HttpResponse:
        found = list_pages.matching(request)
        shown = list(found.filter(path__gt=text_param(request, "_after"))[: asked.limit + 1])
        last = shown[asked.limit - 1].path if len(shown) > asked.limit else None
        results = [indexes.list_row(one) for one in shown[: asked.limit]]
        return _page(request, results, total=found.count(), last=last)

    return revalidated(request, etags.of_hall(request, JSON), make)


@api.get(
    "/v1/registers/{slug:organisation}/{slug:name}",
    response=responses(shapes.ListDetails),
    by_alias=True,
    summary="One list",
    openapi_extra=example("registers/hall/local-authority"),
)
@anyone
def one_list(request: HttpRequest, organisation: str, name: str) -> HttpResponseBase:
    """What it is, who keeps it, its source and dates."""
    refuse_others(request, ())
    found = registers.register(f"{organisation}/{name}")
    return revalidated(request, etags.of_register(found, request, JSON), lambda: json_answer(indexes.described(found)))


@api.get(
    "/v1/registers/{slug:organisation}/{slug:name}/records",
    response=responses(shapes.Records),
    by_alias=True,
    summary="The records of a list",
    openapi_extra=shapes.FILTERS
    | example("registers/hall/local-authority/records?nation=Wales&_sort=-population&_limit=2"),
)
@anyone
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
    response=responses(shapes.Record),
    by_alias=True,
    summary="One record",
    openapi_extra=example("registers/hall/local-authority/records/HCK"),
)
@anyone
def one_record(
    request: HttpRequest, organisation: str, name: str, key: str, asked: Query[shapes.StateAsked]
) -> HttpResponseBase:
    """A record by its key, in which `~1` stands for a slash and `~0` for a tilde."""
    refuse_others(request, shapes.names(type(asked)))
    found = registers.register(f"{organisation}/{name}")
    size = size_param(request, found)

    def make() -> HttpResponse:
        standard = catalogue.current_standard(found.standard_name)
        return json_answer(values.record(standard, found, records.record(found, key, size)))

    return revalidated(request, etags.of_register(found, request, JSON), make)


@api.get(
    "/v1/registers/{slug:organisation}/{slug:name}/entries",
    response=responses(shapes.Entries),
    by_alias=True,
    summary="The changes of a list",
    openapi_extra=example("registers/hall/local-authority/entries?_limit=2"),
)
@anyone
def list_entries(
    request: HttpRequest, organisation: str, name: str, asked: Query[shapes.EntriesAsked]
) -> HttpResponseBase:
    """Every change from the first on, with the values that it came with."""
    refuse_others(request, shapes.names(type(asked)))
    found = registers.register(f"{organisation}/{name}")
    standard, size = catalogue.current_standard(found.standard_name), size_param(request, found)

    def make() -> HttpResponse:
        shown = records.entries(found, size, start=asked.after + 1, limit=asked.limit)
        results = [as_entry(one) | {"values": values.values(standard, one.item)} | hiding.marks(one) for one in shown]
        last = str(shown[-1].number) if shown and shown[-1].number < size else None
        return _page(request, results, total=size, last=last)

    return revalidated(request, etags.of_register(found, request, JSON), make)


@api.get(
    "/v1/changes",
    response=responses(shapes.Followed) | {410: Problem},
    by_alias=True,
    summary="Every change of the hall, to follow",
    openapi_extra=example("changes?register=hall/local-authority&limit=2"),
)
@anyone
def changes(request: HttpRequest, asked: Query[shapes.ChangesAsked]) -> HttpResponseBase:
    """In the order in which they were published. Keep the cursor of each answer, and ask again with it as `after`."""
    return following.answer(request, asked)


@api.get(
    "/v1/standards",
    response=responses(shapes.Standards),
    by_alias=True,
    summary="All data standards",
    openapi_extra=example("standards"),
)
@anyone
def all_standards(request: HttpRequest) -> HttpResponseBase:
    """By title."""
    refuse_others(request, ())

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
    response=responses(shapes.StandardDetails),
    by_alias=True,
    summary="One data standard",
    openapi_extra=example("standards/product-use"),
)
@anyone
def one_standard(request: HttpRequest, name: str) -> HttpResponseBase:
    """Its fields with what each may hold, in words; `schema` leads to the Table Schema itself."""
    refuse_others(request, ())
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
    response=responses(shapes.JoinedRecords),
    by_alias=True,
    summary="The records of all lists to a data standard",
    openapi_extra=shapes.FILTERS
    | example("standards/product-use/records?product=planx&_sort=organisation-name&_limit=2"),
)
@anyone
def standard_records(request: HttpRequest, name: str, asked: Query[shapes.TableAsked]) -> HttpResponseBase:
    """Every organisation's, with whose they are; filtered by that too: `region`, `organisation-type`, `kept-by`."""
    registers.standard(name)
    tag = etags.of_hall(request, JSON, name)
    state, kept = joined_state_of(request, catalogue.current_standard(name)), joined.registers_to(name)
    return _records(request, state.scope(kept), asked.limit, tag, state.records(kept))


# What the addresses of tables take besides what is asked of the table.
_OWN = frozenset(shapes.names(shapes.Paged))


def _records(request: HttpRequest, scope: Scope, limit: int, tag: str, held: int) -> HttpResponseBase:
    asking = asking_of(request, scope, "", {}, _OWN)

    def make() -> HttpResponse:
        found = find(scope, asking.question, limit=limit, after=asking.after)
        names = values.own_names(scope, asking.question.columns)
        tell = values.joined_record if scope.is_joined else values.record
        place = found.after or found.stopped
        return _page(
            request,
            [tell(scope.standard, register, record, names) for register, record in found.rows],
            total=found.total if asking.question.is_narrowed or scope.shows else held,
            last=encode_place(place) if place else None,
            behind=found.behind,
            **_told_of_words(found.wording),
        )

    return revalidated(request, etags.with_followers(tag, scope, asking.question), make)


def _told_of_words(wording: Wording | None) -> dict[str, object]:
    if wording is None:
        return {}
    instead = {word: list(others) for word, others in wording.instead.items()}
    return {"looked-for-instead": instead, "left-out": list(wording.missing)}


def _page(
    request: HttpRequest, results: list[dict[str, Any]], *, total: int | None, last: str | None = None, **more: object
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
