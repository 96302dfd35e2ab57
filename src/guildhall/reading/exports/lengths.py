"""About how long a download will be that is sent as it is written: reckoned from its first records."""

from __future__ import annotations

import json

from guildhall.kit.negotiate import CSV, Format
from guildhall.reading.exports import formats, texts
from guildhall.registers.exports import frames
from guildhall.registers.exports.subject import Subject

_SAMPLE, _LISTS = 200, 20
# A list is looked at once for each state of it; so many are remembered by a process.
_REMEMBERED = 5_000
_FEATURE = len(
    '{"type":"Feature","id":"","geometry":{"type":"Point","coordinates":[-0.12345,51.12345]},"properties":},'
)
_measured: dict[str, tuple[float, float]] = {}


def reckoned(subject: Subject, chosen: Format) -> int | None:
    """Bytes; None of a list without records."""
    if not subject.records:
        return None
    if subject.stamp not in _measured:
        if len(_measured) >= _REMEMBERED:
            _measured.clear()
        _measured[subject.stamp] = _measure(subject)
    as_csv, as_json = _measured[subject.stamp]
    if chosen is CSV:
        return round(as_csv * subject.records)
    return round((as_json + (_FEATURE if chosen is formats.GEOJSON else 0)) * subject.records)


def _measure(subject: Subject) -> tuple[float, float]:
    """The bytes of a record as CSV and as JSON."""
    rows, places = frames.sample(subject, most=_SAMPLE, most_lists=_LISTS)
    if not rows:
        return 0.0, 0.0
    frame = frames.frame_of(subject, rows, places)
    leading = sum(len(json.dumps(name)) + 4 for name in subject.leading)
    if subject.is_joined:
        leading += sum(len(value) for value in frame.row(0)[: len(subject.leading)])
    as_csv = sum(len(piece) for piece in texts.csv_of(subject, [frame])) / len(rows)
    as_json = sum(len(item) for _, item in rows) / len(rows) + leading + 2
    return as_csv, as_json
