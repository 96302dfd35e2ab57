"""What the API answers is what its description says, by the very shapes that the description is made from."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildhall.accounts.keys import create_key
from guildhall.kit.api import Problem, document
from guildhall.publishing.api import Preview, Receipt, RowsProblem
from guildhall.reading.data.shapes import Followed
from guildhall.registers.hiding.actions import What, erase
from guildhall.registers.sequencer import sequence
from integration.registers.makers import plant, tree_register

pytestmark = pytest.mark.usefixtures("hall")

PATH = "/api/v1/registers/{organisation}/{name}/entries"
TREES = PATH.format(organisation="ambridge", name="tree")
KINDS = ["application/json", "application/x-ndjson", "text/csv", "text/plain"]
BODIES = st.binary(max_size=80) | st.sampled_from(
    [
        b'{"tree": "T1"}',
        b'{"tree": "T1", "end-date": "soon"}',
        b"tree\nT1\nT2\n",
        b'{"tree": "T2"}\n{"tree": "T2"}',
        b"[]",
    ]
)


@pytest.fixture
def key(hall: None) -> str:
    tree_register()
    return create_key(organisation="ambridge", scope="publish").secret


def post(key: str, body: bytes, kind: str = "application/json", query: str = "", **headers: str) -> Any:
    return Client().post(
        f"{TREES}{query}", body, content_type=kind, headers={"Authorization": f"Bearer {key}"} | headers
    )


def test_receipt_preview_and_problems_have_their_shapes(key: str) -> None:
    item = json.dumps({"tree": "T1", "species": "oak"}).encode()
    Preview.model_validate(post(key, item, query="?dry-run=true").json())
    Receipt.model_validate(post(key, item).json())
    Preview.model_validate(post(key, item).json())
    refused = RowsProblem.model_validate(post(key, b'{"species": "oak"}').json())
    assert (refused.error_count, refused.errors[0].field) == (1, "tree")
    Problem.model_validate(post("wrong", item).json())


def test_changes_have_their_shape_with_values_and_without(key: str) -> None:
    plant(tree_register("borchester"), {"T1": "oak", "T2": "ash"})
    erase(what=What("borchester/tree", entries=["1"]), ground="unlawful")
    sequence()
    told = Followed.model_validate(Client().get("/api/v1/changes?register=borchester/tree").json())
    assert [one.item is None for one in told.entries] == [True, False]


@given(
    body=BODIES,
    kind=st.sampled_from(KINDS),
    query=st.sampled_from(["", "?dry-run=1"]),
    name=st.sampled_from(["", "one", "two", "\x7f"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_whatever_is_sent_gets_an_answer_that_is_described(
    key: str,
    body: bytes,
    kind: str,
    query: str,
    name: str,
) -> None:
    answer = post(key, body, kind, query, **({"Idempotency-Key": name} if name else {}))
    described = document()["paths"][PATH]["post"]["responses"][str(answer.status_code)]
    assert answer.headers["Content-Type"] in described["content"]


@pytest.mark.parametrize("query", ["?dry-run=maybe", f"?reason={'x' * 301}", "?reason=a%00b"])
def test_parameters_that_cannot_be_used_are_refused_as_described(key: str, query: str) -> None:
    answer = post(key, b'{"tree": "T1"}', query=query)
    assert answer.status_code == 400
    Problem.model_validate(answer.json())


def test_every_operation_that_needs_a_key_says_so_and_no_other() -> None:
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            assert ("security" in operation) == (method == "post"), path
            assert operation["summary"]
            assert operation["description"]
