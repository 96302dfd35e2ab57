"""The shapes of the API's answers, from which its description is made."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

MOST_AT_ONCE = 1_000
_MOST_CURSOR = 8_000


def names(asked: type[BaseModel]) -> list[str]:
    """What an address may be asked, as it stands there."""
    return [one.alias or name for name, one in asked.model_fields.items()]


# In OpenAPI: parameters of any name.
FILTERS: dict[str, Any] = {
    "parameters": [
        {
            "name": "filters",
            "in": "query",
            "style": "form",
            "explode": True,
            "required": False,
            "schema": {"type": "object", "additionalProperties": {"type": "string"}},
            "description": "Any column by its name, with an operator after two underscores if it is not to be the very "
            "value: `nation=Wales`, `population__atleast=100000`.",
        }
    ]
}


class Paged(BaseModel):
    """What every long answer may be asked."""

    limit: int = Field(100, alias="_limit", ge=1, le=MOST_AT_ONCE, description="How many at once.")
    after: str = Field("", alias="_after", max_length=_MOST_CURSOR, description="Where to go on from: follow “next”.")


class ListsAsked(Paged):
    after: str = Field("", alias="_after", max_length=300, description="Where to go on from: follow “next”.")
    q: str = Field("", max_length=300, description="Words of the titles of lists.")
    standard: str = Field("", max_length=300, description="Only lists to one data standard.")


class StateAsked(BaseModel):
    at: int | None = Field(None, ge=0, le=2**53, description="The state to read: how many changes the list had then.")
    recorded_on: str = Field(
        "", alias="recorded-on", max_length=300, description="The state at the end of a day, such as 2026-11-01."
    )


class EntriesAsked(StateAsked):
    limit: int = Field(100, alias="_limit", ge=1, le=MOST_AT_ONCE, description="How many at once.")
    after: int = Field(0, alias="_after", ge=0, le=2**53, description="The number of the last change seen.")


class TableAsked(Paged):
    """The filters come besides: their names are those of columns."""

    q: str = Field("", max_length=300, description="Words that the record is to have in its values or key.")
    sort: str = Field(
        "", alias="_sort", max_length=300, description="The column to sort by; with - before it, the other way."
    )
    columns: str = Field(
        "", alias="_columns", max_length=_MOST_CURSOR, description="The columns that are wanted, with commas between."
    )
    at: int | None = Field(
        None, ge=0, le=2**53, description="The state to read: a list's number of changes; for all lists a position."
    )
    recorded_on: str = Field(
        "", alias="recorded-on", max_length=300, description="The state at the end of a day, such as 2026-11-01."
    )
    in_force_on: str = Field(
        "", alias="in-force-on", max_length=300, description="Only records in force on a day, by start and end dates."
    )


class ChangesAsked(BaseModel):
    after: str = Field("", max_length=300, description="The cursor of the last answer. Left out: from the beginning.")
    limit: int = Field(500, ge=1, le=MOST_AT_ONCE, description="How many at once.")
    register_: str = Field("", alias="register", max_length=300, description="Only those of one list, by its path.")
    organisation: str = Field("", max_length=300, description="Only those of the lists of one organisation.")
    standard: str = Field("", max_length=300, description="Only those of lists to one data standard.")


class ListRow(BaseModel):
    path: str
    title: str
    standard: str
    keeper: str
    records: int
    entries: int
    updated: str | None


class Lists(BaseModel):
    total: int
    results: list[ListRow]
    next: str | None


class ListDetails(ListRow):
    model_config = ConfigDict(extra="allow")

    licence: str
    source: str
    source_date: str = Field(alias="source-date")


class Hideable(BaseModel):
    """Values that were erased by law, or are held back while a mistake is looked into, are not given."""

    erased: bool = Field(default=False, alias="_erased", description="Its values were erased by law.")
    held: bool = Field(default=False, alias="_held", description="Its values are held back for a while.")


class Record(Hideable):
    """`values` has numbers, booleans and ISO dates as such; what is empty is left out."""

    key: str
    entry: int
    updated: str
    url: str
    values: dict[str, Any]


class JoinedRecord(Record):
    model_config = ConfigDict(extra="allow")

    register_: str = Field(alias="register")
    organisation: dict[str, str]


class Table(BaseModel):
    """`total` is null where it was not worked out; `behind` counts changes that are not in the answer yet.

    With `q` come `looked-for-instead`, words that no record has, each with those that took its place, and `left-out`,
    words that no record has together with the others.
    """

    model_config = ConfigDict(extra="allow")

    total: int | None
    behind: int


class Records(Table):
    results: list[Record]
    next: str | None


class JoinedRecords(Table):
    results: list[JoinedRecord]
    next: str | None


class Entry(Hideable):
    model_config = ConfigDict(extra="allow")

    key: str
    values: dict[str, Any]


class Entries(BaseModel):
    total: int
    results: list[Entry]
    next: str | None


class StandardRow(BaseModel):
    name: str
    title: str
    description: str
    version: str
    lists: int


class Standards(BaseModel):
    total: int
    results: list[StandardRow]
    next: str | None


class StandardField(BaseModel):
    name: str
    title: str
    type: str
    description: str
    meaning: list[str]
    indexed: bool


class StandardDetails(StandardRow):
    key: list[str]
    fields_: list[StandardField] = Field(alias="fields")
    schema_url: str = Field(alias="schema")


class FollowedEntry(BaseModel):
    """`item` has the values as texts, or is null where they are held or erased: `_held` or `_erased` says which."""

    model_config = ConfigDict(extra="allow")

    position: int
    register_: str = Field(alias="register")
    entry_number: int = Field(alias="entry-number")
    entry_timestamp: str = Field(alias="entry-timestamp")
    key: str
    blob_hash: str = Field(alias="blob-hash")
    item: dict[str, Any] | None


class Followed(BaseModel):
    entries: list[FollowedEntry]
    cursor: str
