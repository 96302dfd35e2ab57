"""About how long a download will be that is not made yet: reckoned from its first records."""

from __future__ import annotations

from guildhall.kit.negotiate import CSV, Format
from guildhall.reading.exports import formats
from guildhall.registers.exports import frames, texts
from guildhall.registers.exports.subject import Subject
from guildhall.registers.queries.records import read_item

_SAMPLE, _LISTS = 200, 20
# A list is looked at once for each state of it; so many are remembered by a process.
_REMEMBERED = 5_000
_FEATURE = len(
    '{"type":"Feature","id":"","geometry":{"type":"Point","coordinates":[-0.12345,51.12345]},"properties":},'
)
# What a file has of itself, and what becomes of a byte of CSV in it: measured on lists of all kinds, right by a half.
_FILES = {"xlsx": (8_000, 0.4), "parquet": (5_000, 0.25), "sqlite": (40_000, 2.5)}
_measured: dict[str, tuple[float, float]] = {}


def reckoned(subject: Subject, chosen: Format, records: int) -> int | None:
    """Bytes of so many records; None of none."""
    if not records:
        return None
    # Of all parts of a list with the same columns, a record is about as long.
    known = f"{subject.stamp} {' '.join(subject.columns)}"
    if known not in _measured:
        if len(_measured) >= _REMEMBERED:
            _measured.clear()
        _measured[known] = _measure(subject)
    as_csv, as_json = _measured[known]
    if chosen is CSV:
        return round(as_csv * records)
    if chosen.name in _FILES:
        own, share = _FILES[chosen.name]
        return round(own + as_csv * records * share)
    return round((as_json + (_FEATURE if chosen is formats.GEOJSON else 0)) * records)


def _measure(subject: Subject) -> tuple[float, float]:
    """The bytes of a record as CSV and as JSON."""
    rows, places = frames.sample(subject, most=_SAMPLE, most_lists=_LISTS)
    if not rows:
        return 0.0, 0.0
    as_csv = sum(len(piece) for piece in texts.csv_of(subject, [frames.frame_of(subject, rows, places)]))
    lists = [subject.registers[place] for place in places]
    objects = [
        texts.object_of(subject, one, key, read_item(item)) for one, (key, item) in zip(lists, rows, strict=True)
    ]
    as_json = sum(len(line) for line in texts.json_lines(objects))
    return as_csv / len(rows), as_json / len(rows)
