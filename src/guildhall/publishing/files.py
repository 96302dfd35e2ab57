"""Publishing a file: gate, check, compare, and only then publish.

The preview writes nothing. What it found is handed on to `publish_file`, so that a big file is read once.
"""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from guildhall.kit.exceptions import BadRequestError
from guildhall.publishing import registers as opening
from guildhall.registers import catalogue
from guildhall.registers.compare import Comparison, Progress, compare, no_progress
from guildhall.registers.errors import NoEndFieldError
from guildhall.registers.models import Register
from guildhall.registers.publish import Clock, Options, Receipt, publish
from guildhall.registers.queries import registers
from guildhall.registers.rows import FrameRows
from guildhall.schema.dates import write_date
from guildhall.schema.files import FileReport, compile_check
from guildhall.schema.gate import GateError, open_table
from guildhall.schema.model import Standard

if TYPE_CHECKING:
    from guildhall.publishing.registers import Description


class FileRefusedError(BadRequestError):
    """The file cannot be read as a table, and why."""

    title = "This file cannot be read"


class RowsRefusedError(BadRequestError):
    """Rows of the file do not keep to the standard; nothing is published until they do."""

    title = "Some rows do not keep to the data standard"


class WrongStandardError(BadRequestError):
    """The register is kept to another standard than the one that was named."""

    title = "This list is kept to another data standard"


@dataclass(frozen=True)
class Preview:
    """What publishing the file would do. `register` is None while there is no such register yet."""

    path: str
    file: Path
    standard: Standard
    register: Register | None
    report: FileReport
    rows: FrameRows
    comparison: Comparison

    @property
    def is_clean(self) -> bool:
        return not self.report.error_count and not self.report.problems


def preview_file(
    file: Path, *, path: str, standard_name: str | None = None, on_progress: Progress = no_progress
) -> Preview:
    """Read and check a CSV file and compare it with the register at `path` (`hackney/brownfield-land`).

    `standard_name` may be left out for a register that exists. Raises FileRefusedError, WrongStandardError,
    UnknownStandardError, UnknownOrganisationError, RepeatedKeyError.
    """
    register = registers.registers().filter(path=path).first()
    if register is None:
        opening.check_path(path)
    standard = _standard_of(path, register, standard_name)
    on_progress("read", 0, 1)
    try:
        table = open_table(file, expect=standard)
    except GateError as error:
        raise FileRefusedError(error.problem, error.remedy) from error
    on_progress("check", 0, table.frame.height)
    report = compile_check(standard).run(table)
    on_progress("check", table.frame.height, table.frame.height)
    rows = FrameRows(standard, report.rows)
    comparison = compare(register, rows, end_field=standard.end_field, on_progress=on_progress)
    return Preview(path, file, standard, register, report, rows, comparison)


def publish_file(
    preview: Preview,
    *,
    reason: str = "",
    close_missing: bool = False,
    replace_erased: bool = False,
    description: Description | None = None,
    clock: Clock = time.time,
    on_progress: Progress = no_progress,
) -> Receipt:
    """Publish what was previewed; opens the register if it does not exist yet.

    `close_missing` gives today's date as end date to the records that the file no longer has; `replace_erased`
    publishes those too that were erased or are held. Raises RowsRefusedError, NoEndFieldError and what `publish`
    raises.
    """
    if not preview.is_clean:
        raise RowsRefusedError(
            f"{preview.file.name}: {preview.report.error_count:,} rows are in error, so nothing was published.",
            "Correct them in the file and publish it again.",
        )
    ending = _today_as_written(preview.standard, clock) if close_missing else None
    register = preview.register or opening.open_register(
        preview.path, preview.standard, description or opening.Description(), clock=clock
    )
    return publish(
        register,
        preview.rows,
        options=Options(reason=reason, close_missing_on=ending, replace_erased=replace_erased),
        compared=preview.comparison,
        standard=preview.standard,
        clock=clock,
        on_progress=on_progress,
    )


def _standard_of(path: str, register: Register | None, standard_name: str | None) -> Standard:
    if register is None:
        return catalogue.current_standard(standard_name or path.rpartition("/")[2])
    if standard_name not in {None, register.standard_name}:
        raise WrongStandardError(
            f"{path} is kept to the data standard {register.standard_name}, not {standard_name}.",
            f"Publish with --standard {register.standard_name}, or to another list.",
        )
    return catalogue.current_standard(register.standard_name)


def _today_as_written(standard: Standard, clock: Clock) -> str:
    """Today in the way that the standard writes its end date."""
    if standard.end_field is None:
        raise NoEndFieldError(
            f"Records cannot be ended: the data standard {standard.name} has no field for an end date.",
            "Publish without --close-missing.",
        )
    today = datetime.datetime.fromtimestamp(clock(), tz=datetime.UTC).date()
    return write_date(standard.field(standard.end_field), today)
