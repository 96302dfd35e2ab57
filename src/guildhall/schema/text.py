"""Texts as they are kept: trimmed, in Unicode's composed form (NFC), empty ones left out.

Composing is left to one engine for single texts and for columns, so that both always agree.
"""

from __future__ import annotations

import polars as pl

# What the column engine trims; str.strip() would also take four control characters.
WHITE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
# Every character below it is in composed form already and stays so whatever follows, unless that is above it.
_FIRST_COMBINING = "\u0300"
# A value that may change when it is tidied: white space at an end, nothing at all, or something to be composed. Latin
# letters, dashes, quotation marks and currency signs never are, unless another such character follows them.
UNTIDY = r"^\s|\s$|^$|[^\x00-\x{02ff}\x{2010}-\x{2027}\x{2030}-\x{205e}\x{20a0}-\x{20bf}]"


def tidy(text: str) -> str:
    """One text as it is kept; an empty one is to be left out."""
    if text.isascii() or max(text) < _FIRST_COMBINING:
        return text.strip(WHITE)
    composed: str = pl.Series([text]).str.normalize("NFC").item()
    return composed.strip(WHITE)


def tidied(column: pl.Expr) -> pl.Expr:
    """A text column as it is kept; empty values become null."""
    trimmed = column.str.normalize("NFC").str.strip_chars()
    return pl.when(trimmed != "").then(trimmed)


def tidied_list(column: pl.Expr, delimiter: str | None = None) -> pl.Expr:
    """A column of lists as it is kept: values tidied, empty values left out, and empty lists null.

    With a delimiter the column is text that is divided by it.
    """
    lists = column.str.split(delimiter) if delimiter is not None else column
    kept = lists.list.eval(tidied(pl.element())).list.drop_nulls()
    return pl.when(kept.list.len() > 0).then(kept)


def split(text: str, delimiter: str) -> list[str]:
    """The values of a list that is written as one text."""
    return tidy_list(text.split(delimiter))


def tidy_list(values: list[str]) -> list[str]:
    return [kept for kept in map(tidy, values) if kept]


def fold(name: str) -> str:
    """A column's name without what publishers vary: capitals, spaces, underscores and hyphens."""
    return "".join(one for one in tidy(name).casefold() if not one.isspace() and one not in "_-")
