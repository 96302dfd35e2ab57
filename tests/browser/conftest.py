"""A real hall with its starter lists, served by the command itself, and a real browser to read it with."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
# The second group keeps the browser from looking anything up outside.
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
START_SECONDS = 60


@dataclass(frozen=True)
class Site:
    """A hall that is being served: its address, without a slash at the end."""

    address: str

    def url(self, path: str) -> str:
        return self.address + path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser these tests are left out, and say so."""
    if CHROMIUM is None:
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine: apt-get install chromium"))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The hall as `make run` opens it."""
    environment = _environment(tmp_path_factory.mktemp("site"))
    for command in ("migrate", "load-starter"):
        subprocess.run(
            [sys.executable, "-m", "guildhall", command], env=environment, check=True, stdout=subprocess.DEVNULL
        )
    port = _free_port()
    serving = [sys.executable, "-m", "guildhall", "serve", "--port", str(port), "--web-only"]
    yield from _served(serving, environment, port)


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Pages that use every macro of the kit, and pages that fail."""
    environment = _environment(tmp_path_factory.mktemp("gallery")) | {
        "DJANGO_SETTINGS_MODULE": "browser.harness.settings"
    }
    environment["PYTHONPATH"] = str(Path(__file__).parent.parent)
    port = _free_port()
    serving = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "1"]
    serving += ["--blocking-threads", "2", "--log-level", "warning", "guildhall.config.wsgi:application"]
    yield from _served(serving, environment, port)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab of its own, in a browser without JavaScript: the pages use none."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def _environment(home: Path) -> dict[str, str]:
    environment = os.environ | {
        "GUILDHALL_HOME": str(home),
        "GUILDHALL_ORIGIN": "hall.example",
        "GUILDHALL_WORKERS": "1",
    }
    for name in ("DATABASE_URL", "GUILDHALL_LOG_KEY", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)
    return environment


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _served(command: list[str], environment: dict[str, str], port: int) -> Iterator[Site]:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/static/guildhall.css", process)
        yield Site(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own address
                return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(f"{address} was not served within {START_SECONDS} s")
