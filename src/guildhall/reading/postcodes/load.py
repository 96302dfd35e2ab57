"""Loading a file of postcodes: staged in short transactions beside what is in use, then put in its place at once.

Whoever looks a postcode up meanwhile gets the old file's answer. What a loader that died left behind, the next clears.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import batched
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone
from psycopg.errors import UniqueViolation

from guildhall.reading.models import PostcodeDistrict, PostcodeFile
from guildhall.reading.postcodes.layout import PostcodesRefusedError, Row, open_file

type Report = Callable[[int, int], None]  # bytes of the file read, bytes in all
# Rows written in one transaction: others can write after each.
_AT_ONCE = 10_000
_INTO = "reading_postcode (file_id, postcode, council, county, latitude, longitude, has_ended)"
_INSERT = f"INSERT INTO {_INTO} VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"  # noqa: S608 - no value in it
_COPY = f"COPY {_INTO} FROM STDIN"


@dataclass(frozen=True)
class Loaded:
    """`elsewhere` are postcodes outside the country, `bad` are rows that make no sense: neither was taken in."""

    postcodes: int
    councils: int
    elsewhere: int
    bad: int
    first_bad: str


def load_postcodes(path: Path, *, on_progress: Report) -> Loaded:
    """Take the place of the postcodes that were loaded before, or change nothing and raise PostcodesRefusedError."""
    _clear()
    reading = open_file(path)
    staged = PostcodeFile.objects.create(name=path.name[:200], loaded=timezone.now())
    districts: Counter[tuple[str, str, str]] = Counter()
    try:
        for rows in batched(reading.rows(), _AT_ONCE):
            _write(staged, _once(rows))
            for postcode, council, county, _latitude, _longitude, has_ended in rows:
                if not has_ended:
                    districts[postcode.partition(" ")[0], council, county] += 1
            on_progress(reading.position, reading.size)
        _finish(staged, districts)
    except PostcodesRefusedError:
        _clear()
        raise
    _clear()
    on_progress(reading.size, reading.size)
    councils = {council for _district, council, _county in districts}
    return Loaded(staged.rows, len(councils), reading.elsewhere, reading.bad, reading.first_bad)


def _once(rows: Iterable[Row]) -> list[Row]:
    """A postcode that stands twice counts once."""
    return list({row[0]: row for row in rows}.values())


def _write(staged: PostcodeFile, rows: list[Row]) -> None:
    if connection.vendor == "postgresql":
        try:
            _copy(staged, rows)
        except UniqueViolation:
            pass  # a postcode that stood earlier in the file, too: written below, without it
        else:
            return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(_INSERT, [(staged.pk, *row) for row in rows])


def _copy(staged: PostcodeFile, rows: list[Row]) -> None:
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row in rows:
            copy.write_row((staged.pk, *row))


def _finish(staged: PostcodeFile, districts: Counter[tuple[str, str, str]]) -> None:
    """Count, and put the staged file in the place of the other: from here on it answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reading_postcode WHERE file_id = %s", [staged.pk])
        staged.rows = cursor.fetchone()[0]
    with transaction.atomic():
        PostcodeDistrict.objects.bulk_create(
            [
                PostcodeDistrict(file=staged, district=district, council=council, county=county, postcodes=count)
                for (district, council, county), count in districts.items()
            ],
            batch_size=1_000,
        )
        PostcodeFile.objects.filter(is_current=True).update(is_current=False)
        staged.is_current = True
        staged.save(update_fields=["rows", "is_current"])


def _clear() -> None:
    """Delete what is not current, some rows at a time."""
    for old in PostcodeFile.objects.filter(is_current=False):
        while _delete_some(old):
            pass
        PostcodeDistrict.objects.filter(file=old).delete()
        old.delete()


def _delete_some(old: PostcodeFile) -> bool:
    """Delete some rows of a file; whether there were any."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM reading_postcode WHERE file_id = %s AND postcode IN"
            " (SELECT postcode FROM reading_postcode WHERE file_id = %s LIMIT %s)",
            [old.pk, old.pk, _AT_ONCE],
        )
        return bool(cursor.rowcount)
