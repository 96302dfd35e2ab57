from __future__ import annotations

import csv
import io
import json

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from guildhall.kit.answers import csv_pieces, etag, json_pieces, link_header, revalidated, same_address


@pytest.mark.parametrize("count", [0, 1, 2, 5_000])
def test_json_pieces_make_one_array_however_long(count: int) -> None:
    rows = [{"number": str(number), "text": "é" * 50} for number in range(count)]
    pieces = list(json_pieces(iter(rows)))
    assert json.loads(b"".join(pieces)) == rows
    assert all(len(piece) < 200_000 for piece in pieces)


def test_json_pieces_end_well_where_a_piece_was_just_full() -> None:
    rows = ["x" * 70_000]
    assert json.loads(b"".join(json_pieces(rows))) == rows


@pytest.mark.parametrize("count", [0, 1, 5_000])
def test_csv_pieces_end_lines_with_crlf_and_can_be_read_again(count: int) -> None:
    rows = [[f"a{number}", 'b,"c"\nd', "", "é"] for number in range(count)]
    text = b"".join(csv_pieces(["1", "2", "3", "4"], rows)).decode()
    assert text.startswith("1,2,3,4\r\n")
    assert text.endswith("\r\n")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [["1", "2", "3", "4"], *rows]


def test_etag_tells_what_it_is_made_of_apart() -> None:
    assert etag("a", "b") != etag("ab") != etag("a", "b", "")
    assert etag("a", 1) == etag("a", "1")
    assert etag("a").startswith('"')


def test_revalidated_makes_nothing_for_whoever_has_it() -> None:
    made: list[int] = []

    def make() -> HttpResponse:
        made.append(1)
        return HttpResponse("body")

    first = revalidated(RequestFactory().get("/"), '"tag"', make)
    again = revalidated(RequestFactory().get("/", headers={"if-none-match": '"other", W/"tag"'}), '"tag"', make)
    assert (first.status_code, again.status_code, len(made)) == (200, 304, 1)
    for response in (first, again):
        assert response.headers["ETag"] == '"tag"'
        assert response.headers["Cache-Control"] == "no-cache"
        assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_same_address_keeps_the_format_and_drops_the_rest() -> None:
    request = RequestFactory().get("/a b/é?format=csv&start=5&other=1")
    assert same_address(request, start=10, page_size=None) == "/a%20b/%C3%A9?format=csv&start=10"


def test_link_header_names_each_relation() -> None:
    assert link_header([("/a?b", "next"), ("/c", "previous")]) == '</a?b>; rel="next", </c>; rel="previous"'
