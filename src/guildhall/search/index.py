"""Putting documents in and taking them out. Whoever calls gives a bounded number at a time and has the transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import batched
from operator import attrgetter

from django.db import connection

from guildhall.search import vocabulary
from guildhall.search.analysis import MOST_TEXT, Content, analyse
from guildhall.search.models import Document, Gram, Word

_KEYS = 500

# Written without model objects: a rebuild puts in a million.
_INSERT = (
    "INSERT INTO search_document (id, collection, kind, key, title, text, context, boost, length{column})"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s{value})"
)
_TERMS_POSTGRESQL = {"column": ", terms", "value": ", array_to_tsvector(string_to_array(%s, ' '))"}
_PUT_SQLITE = "INSERT INTO search_index (rowid, terms) VALUES (%s, %s)"
_TAKE_SQLITE = "INSERT INTO search_index (search_index, rowid, terms) VALUES ('delete', %s, %s)"
_CLEAR_SQLITE = "INSERT INTO search_index (search_index) VALUES ('delete-all')"
_NUMBERS_POSTGRESQL = (
    "SELECT nextval(pg_get_serial_sequence('search_document', 'id')) FROM generate_series(1, %s) ORDER BY 1"
)
# No number is given twice, so that the index never takes one document for another.
_LAST_SQLITE = "SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'search_document'), 0)"


def replace(contents: Sequence[Content]) -> None:
    """Put documents in; one that stands in already gives way to the new. Of several with one name the last counts."""
    last = list({(content.collection, content.key): content for content in contents}.values())
    counts: Counter[str] = Counter()
    for collection, keys in _by_collection(last).items():
        counts.subtract(_take_out(collection, keys))
    analysed = [analyse(content) for content in last]
    _put_in(last, [terms for terms, _ in analysed])
    counts.update(vocabulary.tally(words for _, words in analysed))
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


def _by_collection(contents: Iterable[Content]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for content in contents:
        found.setdefault(content.collection, []).append(content.key)
    return found


def _take_out(collection: int, keys: Sequence[str]) -> Counter[str]:
    """Take documents out of the index and the table. Returns the words that went with them."""
    gone: Counter[str] = Counter()
    for some in batched(keys, _KEYS):
        old = list(Document.objects.filter(collection=collection, key__in=some))
        if not old:
            continue
        analysed = [analyse(_content(row)) for row in old]
        gone.update(vocabulary.tally(words for _, words in analysed))
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                taken = [(row.pk, terms) for row, (terms, _) in zip(old, analysed, strict=True)]
                cursor.executemany(_TAKE_SQLITE, taken)
        Document.objects.filter(pk__in=[row.pk for row in old]).delete()
    return gone


def _put_in(contents: Sequence[Content], terms: Sequence[str]) -> None:
    if not contents:
        return
    with connection.cursor() as cursor:
        rows = [(number, *_values(one)) for number, one in zip(_numbers(len(contents)), contents, strict=True)]
        if connection.vendor == "sqlite":
            cursor.executemany(_INSERT.format(column="", value=""), rows)
            cursor.executemany(_PUT_SQLITE, [(row[0], one) for row, one in zip(rows, terms, strict=True)])
        else:
            insert = _INSERT.format(**_TERMS_POSTGRESQL)
            cursor.executemany(insert, [(*row, one) for row, one in zip(rows, terms, strict=True)])


def _numbers(count: int) -> list[int]:
    """Numbers for new documents, ascending."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(_LAST_SQLITE)
            last = int(cursor.fetchone()[0])
            return list(range(last + 1, last + 1 + count))
        cursor.execute(_NUMBERS_POSTGRESQL, [count])
        return [int(number) for (number,) in cursor.fetchall()]


def _values(content: Content) -> tuple[int | str, ...]:
    text = content.text[:MOST_TEXT]
    length = len(content.title.split()) + len(text.split())
    return (*_names(content)[:4], text, content.context, content.boost, length)


_names = attrgetter("collection", "kind", "key", "title", "text", "context", "boost")


def _content(row: Document) -> Content:
    return Content(*_names(row))
