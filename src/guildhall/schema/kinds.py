"""The types: for each, what a text must look like, and by what values are compared.

Expressions speak of tidied texts, one a row; where there is none they give null.
"""

from __future__ import annotations

import polars as pl

from guildhall.schema import dates
from guildhall.schema.model import Field

_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?"
_ZONE = r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
_DAY = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_DEGREES = r"[+-]?[0-9]{1,3}(?:\.[0-9]+)?"
_ISO_MOMENT = rf"^{_DAY}[T ]{_CLOCK}{_ZONE}$"

_EXPRESSIONS = {
    "integer": r"^[+-]?[0-9]+$",
    "year": r"^[0-9]{4}$",
    "yearmonth": r"^[0-9]{4}-(?:0[1-9]|1[0-2])$",
    "duration": r"^-?P(?:[0-9]+(?:\.[0-9]+)?[YMWD])*(?:T(?:[0-9]+(?:\.[0-9]+)?[HMS])+)?$",
    "point": r"(?i)^POINT ?\( ?[+-]?[0-9.]+ [+-]?[0-9.]+ ?\)$",
    "multipolygon": r"(?is)^(?:MULTI)?POLYGON(?: Z)? ?\(.+\)$",
    "geojson": r"(?s)^\{.*\}$",
    "object": r"(?s)^\{.*\}$",
    "array": r"(?s)^\[.*\]$",
}
_STRINGS = {
    "uri": r"^(?:(?i:https?)://[^\s/?#]+\S*|[A-Za-z][A-Za-z0-9+.-]*:[^\s/]\S*)$",
    "email": r"^[^\s@:]+@[^\s@]+\.[^\s@.]+$",
    "uuid": r"^[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$",
    "curie": r"^[a-z0-9]+(?:-[a-z0-9]+)*:\S.*$",
}
_GEOPOINTS = {
    "default": rf"^{_DEGREES} ?, ?{_DEGREES}$",
    "array": rf"^\[ ?{_DEGREES} ?, ?{_DEGREES} ?\]$",
    "object": r"(?s)^\{.*\}$",
}


def expression(field: Field) -> str | None:
    """The regular expression that all values match; None where any text will do."""
    if field.type == "string":
        return _STRINGS.get(field.format)
    if field.type == "geopoint":
        return _GEOPOINTS.get(field.format, _GEOPOINTS["default"])
    if field.type in {"number", "integer"} and (field.group_char or not field.bare_number):
        return _loose_number(field)
    if field.type == "number":
        return r"^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$"
    return _EXPRESSIONS.get(field.type)


def is_wrong(field: Field, column: pl.Expr) -> pl.Expr | None:
    """Where a text is no value of the field's type; None where any text will do."""
    if field.type == "boolean":
        return ~column.is_in([*field.true_values, *field.false_values])
    if field.type in {"date", "datetime", "time"}:
        return ~_is_dated(field, column)
    shape = expression(field)
    return None if shape is None else ~column.str.contains(shape)


def rank(field: Field, column: pl.Expr) -> pl.Expr:
    """A number for each value by which it is compared; null for what is none."""
    if field.type in {"number", "integer"}:
        bare = column.str.replace_all(field.group_char, "", literal=True) if field.group_char else column
        if field.bare_number:
            return bare.cast(pl.Float64, strict=False)
        size = bare.str.extract(r"([0-9.]+)").cast(pl.Float64, strict=False)
        return pl.when(bare.str.contains("-", literal=True)).then(-size).otherwise(size)
    if field.type in {"year", "yearmonth"}:
        return column.str.replace("-", "", literal=True).cast(pl.Float64, strict=False)
    ranks = [_moment(field.type, shape, column) for shape in dates.shapes(field.type, field.format)]
    if field.format == "default" and field.type != "date":
        ranks = [_iso_moment(column) if field.type == "datetime" else _clock(column)]
    return pl.coalesce(ranks).cast(pl.Float64)


def bound(field: Field, text: str) -> float | None:
    """The rank of a limit, written as the field's values are or in ISO 8601; None if it is neither."""
    found: float | None = pl.DataFrame({"limit": [text]}).select(rank(field, pl.col("limit"))).item()
    if found is None and field.type in {"date", "datetime", "time"} and field.format != "default":
        plain = Field(name=field.name, title=field.title, type=field.type)
        return bound(plain, text)
    return found


def _is_dated(field: Field, column: pl.Expr) -> pl.Expr:
    if field.format == "default" and field.type == "time":
        return column.str.contains(f"^{_CLOCK}{_ZONE}$")
    if field.format == "default" and field.type == "datetime":
        day = column.str.slice(0, 10).str.to_date(dates.ISO_DATE, strict=False)
        return column.str.contains(_ISO_MOMENT) & day.is_not_null()
    if field.format == "default":
        return column.str.contains(f"^{_DAY}$") & column.str.to_date(dates.ISO_DATE, strict=False).is_not_null()
    return pl.any_horizontal(
        column.str.contains(f"^{dates.expression(shape)}$") & _moment(field.type, shape, column).is_not_null()
        for shape in dates.shapes(field.type, field.format)
    )


def _moment(kind: str, shape: str, column: pl.Expr) -> pl.Expr:
    """Days since 1970, seconds since 1970, or nanoseconds since midnight."""
    shape = shape.replace(".%f", "%.f")
    if kind == "date":
        return column.str.to_date(shape, strict=False).cast(pl.Int32).cast(pl.Int64)
    if kind == "time":
        return column.str.to_time(shape, strict=False).cast(pl.Int64)
    if not any(letter in dates.TIME_DIRECTIVES for letter in dates.directives(shape)):
        return column.str.to_date(shape, strict=False).cast(pl.Int32).cast(pl.Int64) * 86_400
    return column.str.to_datetime(shape, strict=False, time_unit="ms").dt.epoch("s")


def _iso_moment(column: pl.Expr) -> pl.Expr:
    """Seconds since 1970; without a zone the time is taken as UTC."""
    day = column.str.slice(0, 10).str.to_date(dates.ISO_DATE, strict=False).cast(pl.Int32).cast(pl.Int64)
    zone = column.str.slice(10)
    sign = pl.when(zone.str.contains("-", literal=True)).then(-1).otherwise(1)
    hours = zone.str.extract(r"[+-]([0-9]{2})").cast(pl.Int64).fill_null(0)
    minutes = zone.str.extract(r"[+-][0-9]{2}:?([0-9]{2})").cast(pl.Int64).fill_null(0)
    return day * 86_400 + _clock(column.str.slice(11)) - sign * (hours * 3_600 + minutes * 60)


def _clock(column: pl.Expr) -> pl.Expr:
    """Seconds since midnight."""
    hours = column.str.extract(r"^([0-9]{2})").cast(pl.Int64)
    minutes = column.str.extract(r"^[0-9]{2}:([0-9]{2})").cast(pl.Int64)
    seconds = column.str.extract(r"^[0-9]{2}:[0-9]{2}:([0-9]{2})").cast(pl.Int64).fill_null(0)
    return hours * 3_600 + minutes * 60 + seconds


def _loose_number(field: Field) -> str:
    """Digits in groups, and, unless it must be bare, a currency sign or unit before or after."""
    group = "".join(f"\\x{{{ord(one):x}}}" for one in field.group_char)
    digits = f"(?:[0-9]{{1,3}}(?:{group}[0-9]{{3}})+|[0-9]+)" if group else "[0-9]+"
    fraction = r"(?:\.[0-9]*)?" if field.type == "number" else ""
    if field.bare_number:
        return f"^[+-]?{digits}{fraction}$"
    return f"^[+-]?[^0-9.+-]{{0,10}}[+-]?{digits}{fraction}[^0-9.+-]{{0,10}}$"
