"""What the reference tells of the API and of proofs is so: its programs run, its examples answer."""

from __future__ import annotations

import io
import json
import re
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client

from guildhall.registers.models import Entry, Register
from integration.registers.makers import many, plant, tree_register

pytestmark = pytest.mark.usefixtures("hall")

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
SIZE = 600


def by_hand(path: str) -> str:
    """The program of the auditors' reference, for another list."""
    found = re.search(r"```python\n(.*?)```", (REFERENCE / "auditors.md").read_text("utf-8"), flags=re.DOTALL)
    assert found is not None
    assert "registers/hall/organisation" in found[1]
    return found[1].replace("registers/hall/organisation", path)


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is opened by its address is answered by the hall under test."""

    def opened(address: str) -> io.BytesIO:
        response = Client().get(urlsplit(address).path)
        assert response.status_code == 200, address
        return io.BytesIO(response.content)

    monkeypatch.setattr(urllib.request, "urlopen", opened)


@pytest.fixture
def register(hall: None) -> Register:
    register = tree_register()
    plant(register, many(SIZE))
    return register


def test_list_checked_by_hand_holds(register: Register, answered: None, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(by_hand(f"registers/{register.path}"), "by hand", "exec"), {})  # noqa: S102 - the reference's own
    assert capsys.readouterr().out == f"hall.example/registers/{register.path}: {SIZE} entries, all as signed\n"


def test_list_with_one_byte_changed_does_not_hold_by_hand(register: Register, answered: None) -> None:
    entry = Entry.objects.get(register=register, number=300)
    Entry.objects.filter(register=register, number=300).update(item=bytes(entry.item).replace(b"oak", b"oaj"))
    with pytest.raises(AssertionError, match='"entry-number":300'):
        exec(compile(by_hand(f"registers/{register.path}"), "by hand", "exec"), {})  # noqa: S102


def test_examples_of_the_api_give_what_they_show(client: Client) -> None:
    text = (REFERENCE / "api.md").read_text("utf-8")
    shown = re.search(r'curl \S+/records/none\n(\{"title".*?\})\n', text)
    assert shown is not None
    answer = client.get(
        "/registers/hall/register/records/none", headers={"X-Request-ID": json.loads(shown[1])["request-id"]}
    )
    assert answer.content.decode() == shown[1].replace("hall/local-authority", "hall/register")


@pytest.mark.parametrize(("key", "segment"), [("2015/7/FUL", "2015~17~1FUL"), ("data.json", "data~2json")])
def test_keys_are_written_as_the_api_tells(client: Client, key: str, segment: str) -> None:
    assert f"`{key}` becomes `{segment}`" in (REFERENCE / "api.md").read_text("utf-8")
    register = tree_register()
    plant(register, {key: "oak"})
    assert client.get(f"/registers/{register.path}/records/{segment}").json()["_id"] == key
