"""The lines that a list's page gives to copy, run as they stand against a hall that is served."""

from __future__ import annotations

import html
import json
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

STANDARD = {
    "name": "stall",
    "title": "Stall",
    "primaryKey": "stall",
    "fields": [
        {"name": "stall", "type": "string"},
        {"name": "trade", "type": "string"},
        {"name": "rent", "type": "number"},
        {"name": "since", "type": "date"},
    ],
}
ROWS = "stall,trade,rent,since\n007,NA,1.5,2024-02-29\n008,Caffi Môn,,\n"
PATH = "registers/hackney/stall"


@dataclass(frozen=True)
class Served:
    """A hall with one small list, and a folder to save files in."""

    base: str
    environment: dict[str, str]

    def lines(self, beginning: str) -> str:
        """What the page of the list has to copy that begins so."""
        page = httpx.get(f"{self.base}/{PATH}/use", headers={"accept": "text/html"}).raise_for_status().text
        copied = [html.unescape(one) for one in re.findall(r"<code[^>]*>(.*?)</code>", page, re.DOTALL)]
        return next(one for one in copied if one.startswith(beginning))

    def run(self, *command: str, folder: Path, wanted: int = 0) -> str:
        done = subprocess.run(
            command, cwd=folder, env=self.environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == wanted, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("hall")
    environment = os.environ | {
        "GUILDHALL_HOME": str(home),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "GUILDHALL_ORIGIN"):
        environment.pop(name, None)
    (home / "stall.json").write_text(json.dumps(STANDARD))
    (home / "stalls.csv").write_text(ROWS)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    served = Served(f"http://127.0.0.1:{port}", environment)
    served.run("guildhall", "migrate", folder=home)
    served.run("guildhall", "standard", "add", "stall.json", folder=home)
    served.run("guildhall", "organisation", "add", "hackney", "--name", "Hackney", "--kind", "council", folder=home)
    publish = ("guildhall", "publish", "stalls.csv", "--register", "hackney/stall", "--standard", "stall", "--yes")
    served.run(*publish, folder=home)
    with (home / "served").open("wb") as file:
        command = ["guildhall", "serve", "--port", str(port), "--web-only"]
        server = subprocess.Popen(command, env=environment, cwd=home, stdout=file)
    try:
        _wait_for(port)
        yield served
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the hall was not served")


def test_line_for_curl_fetches_a_list_only_when_it_has_changed(hall: Served, tmp_path: Path) -> None:
    line = f"{hall.lines('curl --fail --etag')} --silent --show-error --write-out '%{{http_code}}'"
    saved = tmp_path / "hackney-stall.csv"
    assert hall.run("bash", "-c", line, folder=tmp_path) == "200"
    assert saved.read_bytes().decode() == ROWS.replace("\n", "\r\n")
    assert hall.run("bash", "-c", line, folder=tmp_path) == "304"
    assert saved.read_bytes().decode() == ROWS.replace("\n", "\r\n")


def test_line_for_curl_goes_on_with_a_download_that_was_cut_off(hall: Served, tmp_path: Path) -> None:
    line = f"{hall.lines('curl --fail -C')} --silent --show-error --write-out '%{{http_code}}'"
    saved = tmp_path / "hackney-stall.parquet"
    assert hall.run("bash", "-c", line, folder=tmp_path) == "200"
    whole = saved.read_bytes()
    saved.write_bytes(whole[:100])
    assert hall.run("bash", "-c", line, folder=tmp_path) == "206"
    assert saved.read_bytes() == whole


def test_curl_is_told_that_what_is_written_as_it_is_sent_has_no_rest(hall: Served, tmp_path: Path) -> None:
    saved = tmp_path / "list.csv"
    saved.write_text(ROWS[:10])
    unable = 33
    line = f"curl --fail --silent -C - -o list.csv {hall.base}/{PATH}/list.csv"
    hall.run("bash", "-c", line, folder=tmp_path, wanted=unable)
    assert saved.read_text() == ROWS[:10]


def test_lines_for_datasette_open_the_list(hall: Served, tmp_path: Path) -> None:
    lines = hall.lines("curl --fail -o hackney-stall.sqlite")
    told = hall.run("bash", "-c", f"{lines} --get '/hackney-stall/stall.json?_shape=array'", folder=tmp_path)
    assert json.loads(told) == [
        {"stall": "007", "trade": "NA", "rent": 1.5, "since": "2024-02-29"},
        {"stall": "008", "trade": "Caffi Môn", "rent": None, "since": None},
    ]


def test_lines_for_polars_read_the_list_with_its_types(hall: Served, tmp_path: Path) -> None:
    lines = hall.lines("import polars")
    told = hall.run(sys.executable, "-c", f"{lines}\nprint(table.schema.to_python(), table.rows())", folder=tmp_path)
    assert "'rent': <class 'float'>, 'since': <class 'datetime.date'>" in told
    assert "('007', 'NA', 1.5, datetime.date(2024, 2, 29)), ('008', 'Caffi Môn', None, None)" in told


def test_lines_for_pandas_are_python_that_keeps_texts(hall: Served) -> None:
    lines = hall.lines("import pandas")
    compile(lines, "lines", "exec")
    assert 'dtype={"stall": str}, keep_default_na=False, na_values=[""])' in lines
