"""The programs of the guides do what the guides say: they publish once, and follow without missing anything."""

from __future__ import annotations

import io
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from email.message import Message
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from guildhall.accounts.keys import create_key
from guildhall.registers.lease import Lease
from guildhall.registers.models import Publication, Register
from guildhall.registers.sequencer import sequence
from integration.registers.makers import many, plant, tree_register

pytestmark = pytest.mark.usefixtures("hall")

GUIDES = Path(__file__).resolve().parents[2] / "docs" / "how-to"
HALL = "https://hall.example"
TREES = f"{HALL}/api/v1/registers/ambridge/tree/entries"


def program(guide: str) -> dict[str, Any]:
    found = re.search(r"```python\n(.*?)```", (GUIDES / guide).read_text("utf-8"), flags=re.DOTALL)
    assert found is not None
    names: dict[str, Any] = {}
    exec(compile(found[1], guide, "exec"), names)  # noqa: S102 - the guide's own
    return names


class Answer(io.BytesIO):
    def __init__(self, body: bytes, headers: Message) -> None:
        super().__init__(body)
        self.headers = headers


@pytest.fixture
def cut_off(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Requests are answered by the hall under test. Each True in the list loses one answer on its way back."""
    lost: list[bool] = []

    def opened(asked: str | urllib.request.Request) -> Answer:
        request = asked if isinstance(asked, urllib.request.Request) else urllib.request.Request(asked)  # noqa: S310
        parts = urlsplit(request.full_url)
        address, headers = f"{parts.path}?{parts.query}", dict(request.header_items())
        if isinstance(request.data, bytes):
            kind = headers.pop("Content-type")
            response = Client().post(address, request.data, content_type=kind, headers=headers)
        else:
            response = Client().get(address, headers=headers)
        if lost and lost.pop():
            raise urllib.error.URLError("the line broke")
        told = Message()
        for name, value in response.headers.items():
            told[name] = value
        if response.status_code >= 400:
            raise urllib.error.HTTPError(request.full_url, response.status_code, "", told, io.BytesIO(response.content))
        return Answer(response.content, told)

    monkeypatch.setattr(urllib.request, "urlopen", opened)
    return lost


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    seconds: list[float] = []
    monkeypatch.setattr(time, "sleep", seconds.append)
    return seconds


@pytest.fixture
def publish(hall: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    tree_register()
    monkeypatch.setenv("GUILDHALL_KEY", create_key(organisation="ambridge", scope="publish").secret)
    found: Callable[..., dict[str, Any]] = program("publish-by-api.md")["publish"]
    return found


def test_program_of_the_guide_publishes_once_though_the_line_breaks(
    publish: Callable[..., dict[str, Any]], cut_off: list[bool], waited: list[float]
) -> None:
    cut_off.append(True)
    receipt = publish(TREES, {"tree": "T1", "species": "oak"})
    assert (receipt["first-entry"], receipt["added"]) == (1, 1)
    assert waited == [1]
    assert Publication.objects.filter(register__path="ambridge/tree").count() == 1


def test_program_of_the_guide_waits_while_someone_else_publishes(
    publish: Callable[..., dict[str, Any]],
    cut_off: list[bool],
    waited: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lease = Lease.take(Register.objects.get(path="ambridge/tree"))
    monkeypatch.setattr(time, "sleep", lambda seconds: (waited.append(seconds), lease.release()))
    assert publish(TREES, {"tree": "T1"})["added"] == 1
    assert len(waited) == 1
    assert 1 <= waited[0] <= 10


def test_program_of_the_guide_tells_what_is_wrong(
    publish: Callable[..., dict[str, Any]], cut_off: list[bool], waited: list[float]
) -> None:
    with pytest.raises(RuntimeError, match="This must be filled in"):
        publish(TREES, {"species": "oak"})
    assert not waited


def test_program_of_the_guide_follows_everything(hall: None, cut_off: list[bool], waited: list[float]) -> None:
    register = tree_register()
    plant(register, many(700))
    sequence()
    answers = program("follow-changes.md")["follow"](HALL)
    first = list(islice(answers, 2))
    assert not waited
    numbers = [one["entry-number"] for entries, _ in first for one in entries if one["register"] == "ambridge/tree"]
    assert numbers == list(range(1, 701))
    plant(register, {"T1": "ash"})
    sequence()
    entries, cursor = next(answers)
    assert waited == [10]
    assert [one["key"] for one in entries] == ["T1"]
    again = program("follow-changes.md")["follow"](HALL, cursor)
    assert next(again) == ([], cursor)
