"""Static copies: checked from a folder and from a plain server, brought up to date, and rid of what was hidden."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from guildhall.config.commands.static import export_static_command
from guildhall.log.verify.cli import verify
from guildhall.registers import identity
from guildhall.registers.hiding.actions import What, erase, hold, lift, retire
from guildhall.registers.models import Register
from guildhall.registers.static import folder
from guildhall.registers.static.export import Copied, export_static
from guildhall.registers.static.folder import CopyInUseError, NotACopyError
from guildhall.registers.succession import change_key

from .makers import many, plant, tree_register

pytestmark = pytest.mark.usefixtures("hall")

PATH = "ambridge/tree"
SECRET = "qxvoltwharf"


class Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class has it
        pass


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "copy"


@pytest.fixture
def address(place: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(place)))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def register(hall: None) -> Register:
    register = tree_register()
    plant(register, many(600) | {"T00300": SECRET})
    return register


def export(place: Path, *paths: str) -> dict[str, Copied]:
    return {one.path: one for one in export_static(paths, place, lambda *_: None)}


def check(where: object, *options: str, status: int = 0) -> str:
    result = CliRunner().invoke(verify, [str(where), *options])
    assert result.exit_code == status, result.output
    return result.output


@pytest.fixture
def known(tmp_path: Path) -> tuple[str, str]:
    return "--known", str(tmp_path / "known.json")


def holding(place: Path, text: str) -> list[str]:
    """The files in which a text stands."""
    return [file.name for file in place.rglob("*") if file.is_file() and text.encode() in file.read_bytes()]


def test_copy_is_accepted_as_folder_and_from_a_plain_server(
    register: Register, place: Path, address: str, known: tuple[str, str]
) -> None:
    export(place, PATH)
    for where in (place, place / "registers" / PATH, f"{address}/registers/{PATH}", address):
        assert f"{PATH}: 600 changes, all as signed" in check(where, *known)
    assert "change 300 of 600" in check(f"{address}/registers/{PATH}/", "--record", "T00300", *known)
    assert "There is no record none" in check(f"{address}/registers/{PATH}/", "--record", "none", *known, status=2)


def test_copy_has_the_records_and_says_what_they_are(register: Register, place: Path) -> None:
    export(place, PATH)
    at = place / "registers" / PATH
    assert len((at / "records.csv").read_text().splitlines()) == 601
    assert len(json.loads((at / "records.json").read_text())) == 600
    package = json.loads((at / "datapackage.json").read_text())
    assert package["resources"][0]["path"] == "records.csv"
    assert package["resources"][0]["schema"]["fields"][0]["name"] == "tree"
    page = (at / "index.html").read_text()
    assert '<html lang="en">' in page
    assert "guildhall verify" in page
    assert "<script" not in page


def test_copy_that_was_tampered_with_is_refused(
    register: Register, place: Path, address: str, known: tuple[str, str]
) -> None:
    export(place, PATH)
    items = place / "registers" / PATH / "tile/items/001"
    items.write_bytes(items.read_bytes().replace(SECRET.encode(), SECRET.upper().encode()))
    assert "the values of change 300 (key T00300) are not those that were signed" in check(address, *known, status=1)


def test_export_again_writes_only_what_is_new(register: Register, place: Path, known: tuple[str, str]) -> None:
    export(place, PATH)
    first = place / "registers" / PATH / "tile/entries/000"
    inode = first.stat().st_ino
    assert export(place)[PATH].files == 0
    plant(register, {"T00601": "ash"})
    assert export(place)[PATH].files > 0
    assert first.stat().st_ino == inode
    assert (first.parent / "002.p/88").exists(), "somebody may be reading the checkpoint before"
    assert "601 changes" in check(place, *known)
    plant(register, many(800))
    export(place)
    assert not (first.parent / "002.p/88").exists()
    assert "goes on from the 601 changes" in check(place, *known)


def test_hold_lift_and_erasure_reach_every_file(
    register: Register, place: Path, address: str, known: tuple[str, str]
) -> None:
    what = What(PATH, ("300",), None, "")
    export(place, PATH)
    assert sorted(holding(place, SECRET)) == ["001", "records.csv", "records.json"]
    hold(what=what)
    export(place)
    assert holding(place, SECRET) == []
    assert "1 change held, not checked" in check(address, *known)
    lift(what=what)
    export(place)
    assert sorted(holding(place, SECRET)) == ["001", "records.csv", "records.json"]
    assert "held" not in check(address, *known)
    erase(what=what, ground="court-order")
    export(place)
    assert holding(place, SECRET) == []
    assert "1 change erased by law" in check(address, *known)


def test_hold_of_a_change_at_the_end_leaves_no_older_file_with_it(register: Register, place: Path) -> None:
    plant(register, {"T00601": "kzquincunx"})
    export(place, PATH)
    plant(register, {"T00602": "ash"})
    export(place)
    hold(what=What(PATH, ("601",), None, ""))
    export(place)
    assert holding(place, "kzquincunx") == []


def test_change_of_the_log_key_is_followed(
    register: Register, place: Path, address: str, known: tuple[str, str]
) -> None:
    export(place, PATH)
    check(address, *known)
    change_key(now=datetime(2026, 11, 24, 13, 0, tzinfo=UTC), compromised=False)
    export(place)
    assert identity.verifier_key().format() in (place / "log-keys").read_text()
    assert "This hall has changed its key" in check(address, *known)


@pytest.mark.parametrize("after", [0, 3, 9, 15])
def test_export_that_was_cut_short_leaves_what_was_and_goes_on(
    register: Register, place: Path, known: tuple[str, str], monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    export(place, PATH)
    plant(register, many(900, "elm"))
    erase(what=What(PATH, ("300",), None, ""), ground="court-order")
    left = after
    write = folder.write

    def failing(file: Path, data: bytes) -> None:
        nonlocal left
        if PATH in file.as_posix():
            left -= 1
            if left < 0:
                raise OSError("no space left on the device")
        write(file, data)

    with monkeypatch.context() as broken:
        broken.setattr(folder, "write", failing)
        with pytest.raises(OSError, match="no space"):
            export(place)
    assert "600 changes" in check(place, *known)
    export(place)
    assert holding(place, SECRET) == []
    assert "1,500 changes, all as signed; the values of 1 change erased" in check(place, *known)


def test_value_held_while_it_is_exported_is_left_out(
    register: Register, place: Path, known: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write, is_held = folder.write, False

    def holding_once(file: Path, data: bytes) -> None:
        nonlocal is_held
        if not is_held and file.as_posix().endswith(f"{PATH}/tile/entries/001"):
            is_held = True
            hold(what=What(PATH, ("300",), None, ""))
        write(file, data)

    monkeypatch.setattr(folder, "write", holding_once)
    export(place, PATH)
    assert holding(place, SECRET) == []
    assert "1 change held, not checked" in check(place, *known)


def test_list_that_was_retired_is_removed_from_the_copy(register: Register, place: Path) -> None:
    export(place, PATH)
    retire(path=PATH, ground="court-order", successor="")
    assert export(place)[PATH].is_removed
    assert not (place / "registers" / PATH).exists()


def test_export_into_a_folder_with_something_else_is_refused(register: Register, place: Path) -> None:
    place.mkdir()
    (place / "letter.txt").write_text("Dear")
    with pytest.raises(NotACopyError):
        export(place, PATH)
    assert [one.name for one in place.iterdir()] == ["letter.txt"]


def test_export_while_another_writes_the_same_copy_is_refused(register: Register, place: Path) -> None:
    with folder.opened(place, identity.origin()), pytest.raises(CopyInUseError):
        export(place, PATH)


def test_command_says_what_it_wrote(register: Register, place: Path) -> None:
    result = CliRunner().invoke(export_static_command, [PATH, str(place)])
    assert result.exit_code == 0, result.output
    assert f"{PATH}: 600 changes; brought up to date." in result.output
    told = json.loads(CliRunner().invoke(export_static_command, [str(place), "--standard", "tree", "--json"]).stdout)
    assert [one["path"] for one in told["lists"]] == [PATH, "hall/erasure", "hall/hold"]
    assert told["lists"][0]["files"] == 0


def test_command_for_the_folder_alone_brings_a_copy_up_to_date_and_begins_none(register: Register, place: Path) -> None:
    assert "Name at least one list" in CliRunner().invoke(export_static_command, [str(place)]).output
    export(place, PATH)
    plant(register, {"T00601": "ash"})
    assert f"{PATH}: 601 changes; brought up to date." in CliRunner().invoke(export_static_command, [str(place)]).output
