"""What programs publish at `/api/v1`."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import BaseModel, ConfigDict, Field

from guildhall.accounts.api import KeyNeeded
from guildhall.accounts.models import ApiKey
from guildhall.kit.access import publishing_key
from guildhall.kit.api import Problem, api
from guildhall.kit.negotiate import JSON
from guildhall.publishing import bodies
from guildhall.publishing.appending import CREATED, OK, Wanted, append, preview
from guildhall.publishing.idempotency import Answer, read_name

_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"


class AppendAsked(BaseModel):
    reason: str = Field(
        "", max_length=300, pattern=_PRINTABLE, description="Why, in a few words. Everyone can read it, for ever."
    )
    dry_run: bool = Field(
        default=False, alias="dry-run", description="Check everything, say what would change, publish nothing."
    )


class Preview(BaseModel):
    """What would be published, by `dry-run`."""

    model_config = ConfigDict(extra="allow")

    register_: str = Field(alias="register")
    standard: str
    standard_version: str = Field(alias="standard-version")
    added: int
    changed: int
    unchanged: int
    notes: list[str]


class Receipt(Preview):
    """What was published: entries `first-entry` to `last-entry`, durable and under the signed `checkpoint`."""

    publication: int
    first_entry: int = Field(alias="first-entry")
    last_entry: int = Field(alias="last-entry")
    entry_timestamp: str = Field(alias="entry-timestamp")
    checkpoint: str


class RowProblem(BaseModel):
    line: int | None
    field: str
    problem: str
    remedy: str


class RowsProblem(Problem):
    """`errors` are the first 1,000; `error-count` is in how many rows they are."""

    error_count: int = Field(0, alias="error-count")
    errors: list[RowProblem] = []


_DESCRIBED: dict[str, Any] = {
    "x-command": "curl 'BASE/api/v1/registers/hackney/project/entries?reason=A+new+project' \\\n"
    "  -H \"Authorization: Bearer $GUILDHALL_KEY\" -H 'Idempotency-Key: 5b1f0c6e' \\\n"
    "  -H 'Content-Type: text/csv' --data-binary @projects.csv",
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "schema": {"type": "string", "maxLength": 255},
            "description": "A name of your own for this request. Sent again with the same name within seven days, it "
            "is not carried out again: the first answer comes once more, with `Idempotency-Replayed: true`.",
        }
    ],
    "requestBody": {
        "required": True,
        "content": {
            bodies.JSON: {
                "schema": {"type": "object", "description": "One item: all its values by the names of fields."}
            },
            bodies.NDJSON: {"schema": {"type": "string", "description": "Items, one object a line."}},
            bodies.CSV: {"schema": {"type": "string", "description": "Items, one a row below a header."}},
        },
    },
}
_REFUSED: dict[int, type[BaseModel]] = {
    400: Problem,
    401: Problem,
    403: Problem,
    404: Problem,
    408: Problem,
    409: Problem,
    411: Problem,
    413: Problem,
}
_REFUSED |= {415: Problem, 422: RowsProblem, 429: Problem}


@api.post(
    "/v1/registers/{slug:organisation}/{slug:name}/entries",
    auth=KeyNeeded(),
    response=_REFUSED | {OK: Preview, CREATED: Receipt},
    by_alias=True,
    summary="Publish to a list",
    openapi_extra=_DESCRIBED,
)
@publishing_key
def append_entries(request: HttpRequest, organisation: str, name: str, asked: Query[AppendAsked]) -> HttpResponse:
    """One item, or up to 10,000, in at most 10 MB: all of them or none. 201 says that they are durable and signed.

    An item is the whole record: what it leaves out is no longer in the record. What is the same already is passed over;
    where all of it is, the answer is 200 and `publication` is null.
    """
    wanted = Wanted(
        path=f"{organisation}/{name}",
        kind=bodies.kind_of(request.headers.get("Content-Type", "")),
        read=lambda: bodies.read_body(request.read, request.headers.get("Content-Length", "")),
        reason=asked.reason,
    )
    key: ApiKey = request.auth  # type: ignore[attr-defined]  # ninja sets it
    if asked.dry_run:
        return _answered(preview(key, wanted))
    return _answered(append(key, wanted, repeat_name=read_name(request.headers.get("Idempotency-Key", ""))))


def _answered(answer: Answer) -> HttpResponse:
    told = json.dumps(dict(answer.body), ensure_ascii=False)
    response = HttpResponse(told, status=answer.status, content_type=JSON.content_type)
    response.headers["Cache-Control"] = "no-store"
    if answer.status == CREATED:
        response.headers["Location"] = f"/registers/{answer.body['register']}/entries/{answer.body['first-entry']}"
    if answer.is_repeated:
        response.headers["Idempotency-Replayed"] = "true"
    return response
