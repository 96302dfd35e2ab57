"""The tutorial, carried out as it is written: its files are saved, its commands run, its answers compared."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[3]
TUTORIAL = ROOT / "docs" / "tutorial" / "first-list.md"
PORT = "8000"
_FENCE = re.compile(r"^```(?P<kind>\w+)\n(?P<body>.*?)^```$", flags=re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"Save this as\s+`([\w.-]+)`")


@dataclass(frozen=True)
class File:
    name: str
    text: str


@dataclass(frozen=True)
class Command:
    text: str
    answer: list[str]


def steps(page: str) -> Iterator[File | Command]:
    """What the page asks its reader to do, in order."""
    after = 0
    for fence in _FENCE.finditer(page):
        if fence["kind"] == "console":
            for part in fence["body"].split("$ ")[1:]:
                lines = part.splitlines()
                yield Command(lines[0], lines[1:])
        else:
            name = _NAME.findall(page, after, fence.start())[-1]
            yield File(name, fence["body"])
        after = fence.end()


class Reader:
    """Somebody at a terminal, in an empty folder, who does what the page says."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = str(port)
        self.environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        self.environment["XDG_DATA_HOME"] = self.environment["HOME"] = str(folder)
        for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
            self.environment.pop(name, None)
        self.server: subprocess.Popen[bytes] | None = None

    def do(self, step: File | Command) -> str:
        if isinstance(step, File):
            (self.folder / step.name).write_text(step.text)
            return ""
        if exported := re.fullmatch(r'export (\w+)="?(.*?)"?', step.text):
            self.environment[exported[1]] = exported[2].replace("$PWD", str(self.folder))
            return ""
        if step.text == "guildhall serve":
            return self._serve()
        command = ["bash", "-c", step.text.replace(f":{PORT}/", f":{self.port}/")]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{step.text}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def _serve(self) -> str:
        command = [sys.executable, "-m", "guildhall", "serve", "--port", self.port]
        output = self.folder / "served"
        with output.open("wb") as file:
            self.server = subprocess.Popen(command, env=self.environment, cwd=self.folder, stdout=file)
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", int(self.port))) == 0:
                    return output.read_text().replace(self.port, PORT)
            time.sleep(0.1)
        raise AssertionError("the hall was not served")

    def leave(self) -> None:
        if self.server is not None:
            self.server.terminate()
            self.server.wait(30)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    someone = Reader(tmp_path, port)
    yield someone
    someone.leave()


def test_tutorial_does_what_it_says(reader: Reader) -> None:
    page = TUTORIAL.read_text("utf-8")
    done = 0
    for step in steps(page):
        if isinstance(step, Command) and (step.text == "make setup" or step.text.startswith("export PATH=")):
            continue  # whoever runs the tests has done this
        answer = reader.do(step)
        for line in step.answer if isinstance(step, Command) else []:
            assert line.strip() in answer, f"{step}: it answered\n{answer}"
        done += 1
    assert done > 15
    for address in re.findall(rf"http://127\.0\.0\.1:{PORT}(/\S+)", page):
        httpx.get(f"http://127.0.0.1:{reader.port}{address}").raise_for_status()
