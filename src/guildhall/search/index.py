"""Putting documents in and taking them out. Whoever calls gives a bounded number at a time and has the transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import batched
from operator import attrgetter

from django.db import connection

from guildhall.search import analysis, vocabulary
from guildhall.search.analysis import Content
from guildhall.search.models import Document, Gram, Word

_KEYS = 500

_PUT_SQLITE = "INSERT INTO search_index (rowid, terms) VALUES (%s, %s)"
_TAKE_SQLITE = "INSERT INTO search_index (search_index, rowid, terms) VALUES ('delete', %s, %s)"
_CLEAR_SQLITE = "INSERT INTO search_index (search_index) VALUES ('delete-all')"
_PUT_POSTGRESQL = (
    "UPDATE search_document SET terms = array_to_tsvector(string_to_array(given.terms, ' '))"
    " FROM unnest(%s::bigint[], %s::text[]) AS given (id, terms) WHERE search_document.id = given.id"
)


def replace(contents: Sequence[Content]) -> None:
    """Put documents in; one that stands in already gives way to the new. Of several with one name the last counts."""
    last = {(content.collection, content.key): content for content in contents}
    counts: Counter[str] = Counter()
    for collection, keys in _by_collection(last).items():
        counts.subtract(_take_out(collection, keys))
    rows = [_row(content) for content in last.values()]
    Document.objects.bulk_create(rows)
    _put([(row.pk, " ".join(analysis.terms(content))) for row, content in zip(rows, last.values(), strict=True)])
    counts.update(vocabulary.tally(map(analysis.spellable, last.values())))
    vocabulary.change(counts)


def delete(collection: int, keys: Sequence[str]) -> None:
    """Take documents out; those that are not there are passed over."""
    counts: Counter[str] = Counter()
    counts.subtract(_take_out(collection, keys))
    vocabulary.change(counts)


def clear() -> None:
    """Take everything out."""
    Document.objects.all().delete()
    Gram.objects.all().delete()
    Word.objects.all().delete()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(_CLEAR_SQLITE)


def _by_collection(named: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for collection, key in named:
        found.setdefault(collection, []).append(key)
    return found


def _take_out(collection: int, keys: Sequence[str]) -> Counter[str]:
    """Take documents out of the index and the table. Returns the words that went with them."""
    gone: Counter[str] = Counter()
    for some in batched(keys, _KEYS):
        old = list(Document.objects.filter(collection=collection, key__in=some))
        if not old:
            continue
        gone.update(vocabulary.tally(analysis.spellable(_content(row)) for row in old))
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.executemany(_TAKE_SQLITE, [(row.pk, " ".join(analysis.terms(_content(row)))) for row in old])
        Document.objects.filter(pk__in=[row.pk for row in old]).delete()
    return gone


def _put(found: list[tuple[int, str]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(_PUT_SQLITE, found)
        else:
            cursor.execute(_PUT_POSTGRESQL, [[number for number, _ in found], [terms for _, terms in found]])


def _row(content: Content) -> Document:
    text = content.text[: analysis.MOST_TEXT]
    return Document(
        collection=content.collection,
        kind=content.kind,
        key=content.key,
        title=content.title,
        text=text,
        context=content.context,
        boost=content.boost,
        length=len(content.title.split()) + len(text.split()),
    )


_content_values = attrgetter("collection", "kind", "key", "title", "text", "context", "boost")


def _content(row: Document) -> Content:
    return Content(*_content_values(row))
