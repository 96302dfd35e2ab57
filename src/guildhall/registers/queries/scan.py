"""Conditions, order and counts over records that are in memory: a small list, or what an index left of a large one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from guildhall.registers.queries.conditions import NO, Condition, Question
from guildhall.registers.queries.scopes import Pair, Scope
from guildhall.schema import order

# Marks over letters, which are left out where a part of a text is looked for.
_MARKS = r"\p{M}"
Value = float | str | None


@dataclass(frozen=True)
class Place:
    """Where a record stands in an order: its value there, its list's path, its key."""

    value: Value
    path: str
    key: str


def matching(scope: Scope, conditions: Sequence[Condition], pairs: list[Pair]) -> list[Pair]:
    """Those records that fulfil all conditions, in the order in which they came."""
    for condition in conditions:
        texts = [scope.texts(register, record, condition.column) for register, record in pairs]
        fulfilled = _fulfilled(condition, texts)
        pairs = [pair for number, pair in enumerate(pairs) if number in fulfilled]
    return pairs


def lists_matching(scope: Scope, conditions: Sequence[Condition]) -> Scope:
    """The same table, of only those lists that fulfil all conditions on lists."""
    kept = scope.registers
    for condition in conditions:
        fulfilled = _fulfilled(condition, [scope.of_list(register, condition.column) for register in kept])
        kept = tuple(register for number, register in enumerate(kept) if number in fulfilled)
    return scope.only(kept)


def places(scope: Scope, question: Question, pairs: list[Pair]) -> list[tuple[Place, Pair]]:
    """The records in the order that is asked for; those without a value come last, whichever way it goes."""
    values = _sort_values(scope, question.sort, pairs)
    found = [
        (Place(value, register.path, record.key), (register, record))
        for value, (register, record) in zip(values, pairs, strict=True)
    ]
    return sorted(found, key=lambda one: sort_key(one[0], descending=question.descending), reverse=question.descending)


def sort_key(place: Place, *, descending: bool) -> tuple[bool, float | str, str, str]:
    """By what places are compared; in an order that descends, the other way round."""
    missing = place.value is None
    return missing != descending, 0.0 if place.value is None else place.value, place.path, place.key


def counts(scope: Scope, column: str, pairs: Iterable[Pair]) -> Counter[str]:
    """How many records have each value of a column."""
    return Counter(text for register, record in pairs for text in dict.fromkeys(scope.texts(register, record, column)))


def _sort_values(scope: Scope, column: str, pairs: list[Pair]) -> list[Value]:
    if not column:
        return [None] * len(pairs)
    firsts = [next(iter(scope.texts(register, record, column)), None) for register, record in pairs]
    known = scope.columns[column]
    if not order.is_ordered(known):
        return list(firsts)
    return list(order.ranks(known, [text or "" for text in firsts]))


def _fulfilled(condition: Condition, texts: list[list[str]]) -> set[int]:
    """The numbers of the rows that fulfil a condition: those of which any value does, or, for `not`, none."""
    if condition.operator == "empty":
        return {number for number, row in enumerate(texts) if bool(row) == (condition.values[0] == NO)}
    pairs = [(number, text) for number, row in enumerate(texts) for text in row]
    if not pairs:
        found: set[int] = set()
    else:
        numbers, values = zip(*pairs, strict=True)
        frame = pl.DataFrame({"number": numbers, "text": values}, schema={"number": pl.Int64, "text": pl.String})
        found = set(_hits(condition, frame)["number"].to_list())
    return set(range(len(texts))) - found if condition.operator == "not" else found


def _hits(condition: Condition, frame: pl.DataFrame) -> pl.DataFrame:
    intervals = condition.intervals
    if intervals is None:
        return frame.filter(text_test(condition, pl.col("text")))
    ranks = pl.Series("rank", order.ranks(condition.field, frame["text"].to_list()), dtype=pl.Float64)
    within = [pl.col("rank").is_between(low, high) for low, high in intervals]
    return frame.with_columns(ranks).filter(pl.any_horizontal(within))


def text_test(condition: Condition, text: pl.Expr) -> pl.Expr:
    """Where a text fulfils a condition, or, for `not`, what it denies."""
    first = condition.values[0]
    if condition.operator == "contains":
        needle = pl.DataFrame({"text": [first]}).select(_folded(pl.col("text"))).item()
        return _folded(text).str.contains(needle, literal=True)
    compared = {
        "before": text < first,
        "atmost": text <= first,
        "after": text > first,
        "atleast": text >= first,
    }
    return compared.get(condition.operator, text.is_in(list(condition.values)))


def _folded(text: pl.Expr) -> pl.Expr:
    """Without capitals and without marks over letters."""
    return text.str.to_lowercase().str.normalize("NFKD").str.replace_all(_MARKS, "")
