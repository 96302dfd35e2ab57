from __future__ import annotations

import pytest

from guildhall.schema.load import parse_standard
from guildhall.schema.model import Field
from guildhall.schema.order import bounds, is_ordered, ranks, typed


def field(kind: str, shape: str = "default", **more: object) -> Field:
    descriptor = {
        "name": "thing",
        "title": "Thing",
        "version": "1",
        "primaryKey": "thing",
        "fields": [{"name": "thing", "type": "string"}, {"name": "one", "type": kind, "format": shape, **more}],
    }
    return parse_standard(descriptor).field("one")


@pytest.mark.parametrize(
    ("known", "texts"),
    [
        (field("integer"), ["-3", "2", "10", "100"]),
        (field("number"), ["-0.5", "0.25", "1e3"]),
        (field("integer", groupChar=","), ["9", "1,000", "20,000"]),
        (field("date"), ["1999-12-31", "2001-01-01", "2001-02-01"]),
        (field("date", "%d/%m/%Y"), ["31/12/1999", "01/02/2001", "02/01/2002"]),
        (field("date", "any"), ["31/12/1999", "2001-01-01", "3 March 2002"]),
        (field("datetime"), ["2001-01-01T23:00:00Z", "2001-01-02T00:30:00+01:00", "2001-01-02T00:00:00Z"]),
        (field("year"), ["1999", "2001"]),
        (field("yearmonth"), ["1999-12", "2000-01"]),
    ],
)
def test_ranks_follow_what_values_mean(known: Field, texts: list[str]) -> None:
    found = ranks(known, texts)
    assert None not in found
    assert found == sorted(found, key=lambda one: one or 0)
    assert is_ordered(known)


def test_ranks_of_what_is_no_value_are_none() -> None:
    assert ranks(field("integer"), ["1", "many", ""]) == [1.0, None, None]
    assert ranks(field("string"), ["1"]) == [None]
    assert ranks(field("integer"), []) == []


@pytest.mark.parametrize("shape", ["default", "%d/%m/%Y"])
def test_bounds_of_a_year_and_a_month_are_its_first_and_last_day(shape: str) -> None:
    known = field("date", shape)
    first, leap, last = ranks(field("date"), ["2004-01-01", "2004-02-29", "2004-12-31"])
    assert bounds(known, "2004") == (first, last)
    month = bounds(known, "2004-02")
    assert month is not None
    assert month[1] == leap
    assert bounds(known, "2004-02-29") == (leap, leap)


@pytest.mark.parametrize("text", ["2001-02-30", "2001-13", "0000", "99999-01-01", "yesterday", "", "32/01/2001"])
def test_bounds_of_an_absurd_date_are_none(text: str) -> None:
    assert bounds(field("date"), text) is None


def test_bounds_of_a_day_in_a_time_are_the_whole_day() -> None:
    found = bounds(field("datetime"), "2001-01-01")
    assert found is not None
    assert found[1] - found[0] == 86_399


@pytest.mark.parametrize(
    ("known", "text", "value"),
    [
        (field("integer"), "12", 12),
        (field("integer"), "+12", 12),
        (field("integer", groupChar=","), "1,200", 1200),
        (field("integer"), "many", "many"),
        (field("integer"), str(2**60), str(2**60)),
        (field("number"), "0.5", 0.5),
        (field("number", bareNumber=False), "£12.50", 12.5),
        (field("boolean"), "true", True),
        (field("boolean", trueValues=["Yes"], falseValues=["No"]), "No", False),
        (field("boolean"), "perhaps", "perhaps"),
        (field("date", "%d/%m/%Y"), "03/02/2001", "2001-02-03"),
        (field("datetime", "%d/%m/%Y %H:%M"), "03/02/2001 09:05", "2001-02-03T09:05:00Z"),
        (field("date"), "2001-02-03", "2001-02-03"),
        (field("year"), "2001", 2001),
        (field("string"), "12", "12"),
    ],
)
def test_typed_values_are_what_programs_expect(known: Field, text: str, value: object) -> None:
    found = typed(known, text)
    assert (type(found), found) == (type(value), value)


def test_ranks_are_numbers_that_can_be_written() -> None:
    field = Field(name="height", title="Height", type="number")
    assert ranks(field, ["1e400", "-1e400", "1e308", "NaN"]) == [None, None, 1e308, None]
