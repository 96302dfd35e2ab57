"""Canonical items and their keys, for one row and for a column of rows at a time.

Both give the same bytes: RFC 8785, members in the order of their UTF-16 code units, values tidied, empty ones left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from guildhall.log.canonical import canonical_json
from guildhall.schema import text
from guildhall.schema.model import Field, Standard

Value = str | Sequence[str]

# A cell that cannot stand between quotation marks as it is.
_CARE = rf'["\\\x00-\x1f]|{text.UNTIDY}'
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"} | {
    chr(code): f"\\u{code:04x}" for code in range(0x20) if chr(code) not in "\b\t\n\f\r"
}


def make_item(standard: Standard, values: Mapping[str, Value]) -> tuple[str, bytes]:
    """The key and the canonical item of one row, its values by field name; other names are left out."""
    kept = tidy_values(standard, values)
    return key_of(standard, kept), canonical_json(kept)


def tidy_values(standard: Standard, values: Mapping[str, Value]) -> dict[str, str | list[str]]:
    """Values as they are kept. The text of a list is divided by its delimiter."""
    kept: dict[str, str | list[str]] = {}
    for field in standard.fields:
        value = values.get(field.name)
        if value is None:
            continue
        known = _tidy_value(field, value)
        if known:
            kept[field.name] = known
    return kept


def _tidy_value(field: Field, value: Value) -> str | list[str]:
    if not field.is_list:
        return text.tidy(value if isinstance(value, str) else field.delimiter.join(value))
    return text.split(value, field.delimiter) if isinstance(value, str) else text.tidy_list(list(value))


def key_of(standard: Standard, values: Mapping[str, str | list[str]]) -> str:
    """What names the row: its key field, or several joined by `/`, a part's own `~` and `/` as `~0` and `~1`."""
    parts = [str(values[name]) for name in standard.key]
    if len(parts) == 1:
        return parts[0]
    return "/".join(part.replace("~", "~0").replace("/", "~1") for part in parts)


def key_values(standard: Standard, key: str) -> dict[str, str]:
    """The other way round: the values of the key's fields, from the key."""
    if len(standard.key) == 1:
        return {standard.key[0]: key}
    parts = [part.replace("~1", "/").replace("~0", "~") for part in key.split("/")]
    return dict(zip(standard.key, parts, strict=False))


def key_column(standard: Standard) -> pl.Expr:
    """The same for a frame of tidied text columns."""
    if len(standard.key) == 1:
        return pl.col(standard.key[0])
    parts = [
        pl.col(name).str.replace_all("~", "~0", literal=True).str.replace_all("/", "~1", literal=True)
        for name in standard.key
    ]
    return pl.concat_str(parts, separator="/")


def make_keys(standard: Standard, frame: pl.DataFrame) -> list[str]:
    """The keys alone of what `make_items` makes, at a fraction of the work."""
    columns = [standard.field(name) for name in standard.key]
    careful = _in_need_of_care(columns, frame)
    tidy = frame.select(_tidied(field, frame.schema[field.name], careful) for field in columns)
    return tidy.select(key_column(standard).alias("key"))["key"].to_list()


def make_items(standard: Standard, frame: pl.DataFrame) -> tuple[list[str], list[bytes]]:
    """The keys and canonical items of many rows. Every key field must be filled in.

    The columns are texts that bear field names; a field that is a list may also be a column of lists.
    """
    columns = [field for field in _in_order(standard) if field.name in frame.columns]
    careful = _in_need_of_care(columns, frame)
    tidy = frame.select(_tidied(field, frame.schema[field.name], careful) for field in columns)
    made = tidy.select(
        key_column(standard).alias("key"),
        pl.concat_str(list(_parts(standard, columns, careful)), ignore_nulls=True).cast(pl.Binary).alias("item"),
    )
    return made["key"].to_list(), made["item"].to_list()


def _in_order(standard: Standard) -> list[Field]:
    return sorted(standard.fields, key=lambda field: field.name.encode("utf-16-be"))


def _in_need_of_care(columns: list[Field], frame: pl.DataFrame) -> set[str]:
    """The names of columns with a cell that must be tidied or escaped. Most have none, which saves most of the work."""
    texts = [field.name for field in columns if frame.schema[field.name] == pl.String]
    found = frame.select(pl.col(name).str.contains(_CARE).any() for name in texts)
    lists = {field.name for field in columns if field.is_list}
    return lists | {name for name in texts if found[name].item()}


def _tidied(field: Field, dtype: pl.DataType, careful: set[str]) -> pl.Expr:
    column = pl.col(field.name)
    if field.is_list:
        return text.tidied_list(column, field.delimiter if dtype == pl.String else None)
    return text.tidied(column) if field.name in careful else column


def _parts(standard: Standard, columns: list[Field], careful: set[str]) -> Iterator[pl.Expr]:
    """The pieces of the object. The first key field is always there, so the others bring the comma."""
    anchor = [field.name for field in columns].index(standard.key[0])
    yield pl.lit("{")
    for place, field in enumerate(columns):
        member = canonical_json(field.name).decode() + ":"
        value = _value(field, careful)
        if place < anchor:
            yield pl.lit(member) + value + pl.lit(",")
        elif place == anchor:
            yield pl.lit(member) + value
        else:
            yield pl.lit("," + member) + value
    yield pl.lit("}")


def _value(field: Field, careful: set[str]) -> pl.Expr:
    """A JSON text or list; null where there is no value."""
    if field.is_list:
        return pl.lit('["') + pl.col(field.name).list.eval(_escaped(pl.element())).list.join('","') + pl.lit('"]')
    column = pl.col(field.name)
    return pl.lit('"') + (_escaped(column) if field.name in careful else column) + pl.lit('"')


def _escaped(column: pl.Expr) -> pl.Expr:
    return column.str.replace_many(list(_ESCAPES), list(_ESCAPES.values()))
