"""What a program sends to be published, an item as JSON, several as NDJSON or CSV: read within bounds and checked."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guildhall.kit.exceptions import BadRequestError, GuildhallError
from guildhall.kit.words import shorten
from guildhall.registers.rows import FrameRows, ListRows, Rows
from guildhall.schema import text
from guildhall.schema.files import compile_check
from guildhall.schema.gate import GateError, open_table
from guildhall.schema.items import key_of
from guildhall.schema.model import Standard
from guildhall.schema.rows import Values, check_rows
from guildhall.schema.words import Problem, tell_repeated

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 10_000
# So many problems are told one by one.
MOST_PROBLEMS = 1_000
_MOST_SECONDS = 30
_LISTED = 12
_PIECE = 64 * 1024
JSON, NDJSON, CSV = "application/json", "application/x-ndjson", "text/csv"
_KINDS = {JSON: JSON, NDJSON: NDJSON, "application/ndjson": NDJSON, "application/jsonl": NDJSON, CSV: CSV}


class BodyKindError(GuildhallError):
    """The body is of a kind that is not taken here."""

    status = 415
    title = "This cannot be read here"
    headers = {"Accept-Post": f"{JSON}, {NDJSON}, {CSV}"}


class BodyLengthError(GuildhallError):
    """It is not said how long the body is."""

    status = 411
    title = "It is not said how long this is"


class BodyTooLargeError(GuildhallError):
    status = 413
    title = "This is too much at once"


class BodyTooSlowError(GuildhallError):
    status = 408
    title = "This came too slowly"


class BodyError(BadRequestError):
    """The body is not what its Content-Type says."""

    title = "What was sent cannot be read"


class EntriesRefusedError(GuildhallError):
    """What is wrong with what was sent, row by row and field by field. Nothing of it is published."""

    status = 422
    title = "Some rows do not keep to the data standard"

    def __init__(self, count: int, problems: list[Mapping[str, object]]) -> None:
        rows = "1 row is" if count == 1 else f"{count:,} rows are"
        super().__init__(
            f"{rows} in error, so nothing was published.", "Correct what stands under “errors” and send it all again."
        )
        self.more = {"error-count": count, "errors": problems[:MOST_PROBLEMS]}


@dataclass(frozen=True)
class Checked:
    """Rows that may be published, and what is to be told of them."""

    rows: Rows
    notes: tuple[str, ...]


def kind_of(content_type: str) -> str:
    """JSON, NDJSON or CSV, by the header `Content-Type`. Raises BodyKindError."""
    given = content_type.partition(";")[0].strip().lower()
    if given not in _KINDS:
        raise BodyKindError(
            f"A body of the type {given} is not taken here." if given else "It is not said of which type the body is.",
            f"Send one item as {JSON}, or several as {NDJSON} or {CSV}, and say so in Content-Type.",
        )
    return _KINDS[given]


def read_body(read: Callable[[int], bytes], declared: str, *, clock: Callable[[], float] = time.monotonic) -> bytes:
    """The whole body. `declared` is its Content-Length.

    Raises BodyLengthError, BodyTooLargeError, BodyTooSlowError, BodyError.
    """
    if not declared:
        raise BodyLengthError(
            "The body came without a Content-Length, so nothing of it was read.",
            "Send it whole, with its Content-Length, not in chunks (Transfer-Encoding).",
        )
    if declared.isdecimal() and int(declared) > MOST_BYTES:
        raise _too_large()
    ends, pieces, size = clock() + _MOST_SECONDS, [], 0
    while piece := read(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > MOST_BYTES:
            raise _too_large()
        if clock() > ends:
            raise BodyTooSlowError(
                f"It had not all come after {_MOST_SECONDS} seconds, so nothing was published.", "Send it again."
            )
    if not size:
        raise BodyError("Nothing was sent.", "Send at least one item, with its Content-Length.")
    return b"".join(pieces)


def check_body(standard: Standard, body: bytes, kind: str) -> Checked:
    """Read and check all of it. Raises BodyError, BodyTooLargeError, EntriesRefusedError."""
    return _check_csv(standard, body) if kind == CSV else _check_items(standard, body, kind)


def _check_csv(standard: Standard, body: bytes) -> Checked:
    with tempfile.TemporaryDirectory(prefix="guildhall-") as folder:
        path = Path(folder) / "The CSV"
        path.write_bytes(body)
        try:
            table = open_table(path, expect=standard)
        except GateError as error:
            raise EntriesRefusedError(
                1, [{"line": None, "field": "", "problem": error.problem, "remedy": error.remedy}]
            ) from error
    _refuse_many(table.frame.height)
    report = compile_check(standard, examples=MOST_PROBLEMS).run(table)
    if report.error_count or report.problems:
        raise _refused(report.error_count, [one for group in report.groups for one in group.examples])
    return Checked(FrameRows(standard, report.rows), tuple(report.notes))


def _check_items(standard: Standard, body: bytes, kind: str) -> Checked:
    try:
        whole = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BodyError("What was sent is not UTF-8.", "JSON is always UTF-8: write it again so.") from None
    lines = [(1, whole)] if kind == JSON else [(n, line) for n, line in enumerate(whole.split("\n"), 1) if line.strip()]
    if not lines:
        raise BodyError("There are only blank lines.", "Send at least one item.")
    _refuse_many(len(lines))
    items = [(number, _item(line, number, kind)) for number, line in lines]
    checked = check_rows(standard, items)
    problems = _not_texts(items)
    told = {(one.row, one.column) for one in problems}
    problems += [one for _, found in checked for one in found if (one.row, one.column) not in told]
    problems += _repeated(standard, [(number, values) for (number, _), (values, _) in zip(items, checked, strict=True)])
    if problems:
        raise _refused(len({one.row for one in problems}), problems)
    return Checked(ListRows.of(standard, [values for values, _ in checked]), _left_out(standard, items))


def _item(line: str, number: int, kind: str) -> dict[str, Any]:
    place = f"Line {number:,}" if kind == NDJSON else "What was sent"
    try:
        # Numbers stay as they are written: 1.50 is not 1.5.
        item = json.loads(line, parse_float=str, parse_int=str, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        told = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        if isinstance(error, json.JSONDecodeError):
            told = f"{error.msg}, at character {error.pos + 1:,}"
        raise BodyError(f"{place} is not JSON: {told}.", "Correct it and send it all again.") from error
    if not isinstance(item, dict):
        raise BodyError(
            f"{place} is no JSON object.",
            f"Send one item as an object. Several are sent as {NDJSON}: one object a line, without commas between.",
        )
    # Half of a pair of surrogates can stand in JSON, and in no text that is kept or told.
    return {name.encode("utf-8", "replace").decode(): value for name, value in item.items()}


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _not_texts(items: Iterable[tuple[int, Mapping[str, Any]]]) -> list[Problem]:
    """Values that no item can hold: objects, and lists of lists."""
    return [
        Problem(number, shorten(name), "", "type", "this is neither a text nor a list of texts: write it as a text.")
        for number, item in items
        for name, value in item.items()
        if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(one, dict | list) for one in value))
    ]


def _repeated(standard: Standard, rows: Iterable[tuple[int, Values]]) -> list[Problem]:
    problems: list[Problem] = []
    first: dict[str, int] = {}
    for number, values in rows:
        if all(name in values for name in standard.key):
            key = key_of(standard, values)
            if first.setdefault(key, number) != number:
                problems.append(tell_repeated(key, columns=list(standard.key), row=number, first=first[key]))
    return problems


def _left_out(standard: Standard, items: Iterable[tuple[int, Mapping[str, Any]]]) -> tuple[str, ...]:
    known = {text.fold(name) for field in standard.fields for name in (field.name, *field.aliases)}
    extra = sorted({name for _, item in items for name in item if text.fold(name) not in known})
    return (f"Not in the data standard, and left out: {', '.join(map(shorten, extra[:_LISTED]))}.",) if extra else ()


def _refused(count: int, problems: list[Problem]) -> EntriesRefusedError:
    told = sorted(problems, key=lambda one: (one.row or 0, one.column))[:MOST_PROBLEMS]
    return EntriesRefusedError(
        count,
        [{"line": one.row, "field": one.column, "problem": one.parts[0], "remedy": one.parts[1]} for one in told],
    )


def _refuse_many(count: int) -> None:
    if count > MOST_ROWS:
        raise BodyTooLargeError(
            f"There are {count:,} rows, and {MOST_ROWS:,} at most are taken at once.",
            "Send them in several parts, or publish a file with: guildhall publish",
        )


def _too_large() -> BodyTooLargeError:
    return BodyTooLargeError(
        f"It has more than {MOST_BYTES:,} bytes.", "Send it in several parts, or publish a file with: guildhall publish"
    )
