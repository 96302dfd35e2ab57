"""The joined view: all registers kept to one standard, read as one list, and how far it reaches."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from guildhall.kit.code_points import LAST
from guildhall.registers.models import Register
from guildhall.registers.queries.records import Record, record_page
from guildhall.registers.queries.registers import organisations, registers

LEADING_COLUMNS = (
    "organisation",
    "organisation-name",
    "gss-code",
    "organisation-type",
    "region",
    "register",
    "key",
    "kept-by",
    "source-date",
)


@dataclass(frozen=True)
class JoinedRow:
    register: Register
    record: Record

    def leading(self) -> dict[str, str]:
        """The columns before the standard's own fields; `kept-by` is the keeper's slug."""
        return dict(zip(LEADING_COLUMNS, leading_values(self.register, self.record.key), strict=True))


def leading_values(register: Register, key: str) -> tuple[str, ...]:
    """What stands in the leading columns beside a record."""
    organisation = register.organisation
    return (
        organisation.slug,
        organisation.name,
        organisation.gss_code,
        organisation.type_name,
        organisation.region,
        register.path,
        key,
        register.keeper.slug,
        register.source_date,
    )


@dataclass(frozen=True)
class JoinedPage:
    """`after` and `before` are cursors `path key`, None where there is no more."""

    rows: list[JoinedRow]
    before: tuple[str, str] | None
    after: tuple[str, str] | None


@dataclass(frozen=True)
class Coverage:
    """How far a joined view reaches among the councils that exist today."""

    councils: int
    by_themselves: int
    unofficial: int

    @property
    def unknown(self) -> int:
        return self.councils - self.by_themselves - self.unofficial


def joined_column(standard_name: str, field_name: str) -> str:
    """A field of the same name as a leading column is written `{standard}.{field}`."""
    return f"{standard_name}.{field_name}" if field_name in LEADING_COLUMNS else field_name


def registers_to(standard_name: str) -> list[Register]:
    return list(registers().filter(standard_name=standard_name))


def coverage(standard_name: str, today: datetime.date) -> Coverage:
    councils = set(organisations(kind="council", current_on=today.isoformat()).values_list("pk", flat=True))
    kept: set[int] = set()
    copied: set[int] = set()
    for register in registers_to(standard_name):
        if register.organisation_id in councils and register.head.records:
            (copied if register.is_unofficial_copy else kept).add(register.organisation_id)
    return Coverage(len(councils), len(kept), len(copied - kept))


def joined_page(
    standard_name: str,
    *,
    limit: int,
    after: tuple[str, str] | None = None,
    before: tuple[str, str] | None = None,
) -> JoinedPage:
    """Rows by register path, then key: those after a cursor, or the last ones before a cursor."""
    if before is not None:
        rows = _backwards(standard_name, limit + 1, before)
        more, rows = len(rows) > limit, rows[-limit:]
        return JoinedPage(rows, _cursor(rows[0]) if more and rows else None, _cursor(rows[-1]) if rows else None)
    rows = _forwards(standard_name, limit + 1, after)
    more, rows = len(rows) > limit, rows[:limit]
    return JoinedPage(rows, _cursor(rows[0]) if after and rows else None, _cursor(rows[-1]) if more else None)


def _cursor(row: JoinedRow) -> tuple[str, str]:
    return row.register.path, row.record.key


def _forwards(standard_name: str, limit: int, after: tuple[str, str] | None) -> list[JoinedRow]:
    path, key = after or ("", None)
    rows: list[JoinedRow] = []
    for register in registers().filter(standard_name=standard_name, path__gte=path, head__records__gt=0):
        start = key if register.path == path else None
        page = record_page(register, register.head.size, limit=limit - len(rows), after=start)
        rows += [JoinedRow(register, record) for record in page.rows]
        if len(rows) >= limit:
            break
    return rows


def _backwards(standard_name: str, limit: int, before: tuple[str, str]) -> list[JoinedRow]:
    path, key = before
    rows: list[JoinedRow] = []
    found = registers().filter(standard_name=standard_name, path__lte=path, head__records__gt=0).order_by("-path")
    for register in found:
        # From another register all records may be read.
        end = key if register.path == path else LAST
        page = record_page(register, register.head.size, limit=limit - len(rows), before=end)
        rows = [JoinedRow(register, record) for record in page.rows] + rows
        if len(rows) >= limit:
            break
    return rows
