"""Programs side by side: none ends without being named."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from guildhall.config.commands import together
from guildhall.config.commands.together import Program, run_together

STAY = "import time; time.sleep(60)"


@pytest.fixture(autouse=True)
def _signals(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(together, "AGAIN_SECONDS", 0.0)
    before = {number: signal.getsignal(number) for number in together._STOPPING}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def program(name: str, code: str, *, is_vital: bool = True) -> Program:
    return Program(name, [sys.executable, "-c", code], is_vital=is_vital)


@pytest.mark.parametrize(
    ("code", "status", "told"),
    [
        ("raise SystemExit(3)", 3, "exit status 3"),
        ("pass", 1, "exit status 0"),
        ("import os; os.kill(os.getpid(), 9)", 137, "killed by SIGKILL, perhaps for want of memory"),
        ("import os; os.kill(os.getpid(), 15)", 143, "ended by SIGTERM"),
    ],
)
def test_program_that_ends_is_named_and_closes_the_hall(
    code: str, status: int, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    other = program("The other", STAY)
    started = time.monotonic()
    assert run_together([other, program("The web server", code)]) == status
    assert f"The web server ended ({told}), so the hall closes." in caplog.text
    assert time.monotonic() - started < 20
    assert other.process is not None
    assert other.process.returncode == -signal.SIGTERM


def test_what_a_program_began_ends_with_it(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    code = f"import os, subprocess, sys; other = subprocess.Popen([sys.executable, '-c', {STAY!r}])\n"
    code += f"open({str(mark)!r}, 'w').write(str(other.pid)); os.kill(os.getpid(), 9)"
    assert run_together([program("The web server", code)]) == 137
    state = Path(f"/proc/{mark.read_text()}/stat")
    for _ in range(50):
        if not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.1)
    raise AssertionError("it is still running")


def test_worker_that_ends_is_begun_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Its second run tells whoever runs both to stop."""
    mark = tmp_path / "ran"
    again = f"import os, pathlib; mark = pathlib.Path({str(mark)!r})\n"
    again += (
        "os.kill(os.getppid(), 15) if mark.exists() else mark.touch(); import time; time.sleep(mark.stat().st_size)"
    )
    assert run_together([program("The web server", STAY), program("The worker", again, is_vital=False)]) == 0
    assert "The worker ended (exit status 0) and is begun again" in caplog.text
    assert "The hall closes, for it was told to (SIGTERM)." in caplog.text


def test_worker_that_always_ends_closes_the_hall(caplog: pytest.LogCaptureFixture) -> None:
    programs = [program("The web server", STAY), program("The worker", "raise SystemExit(2)", is_vital=False)]
    assert run_together(programs) == 2
    assert caplog.text.count("is begun again") == together.MOST_ENDS - 1
    assert "The worker ended (exit status 2), so the hall closes." in caplog.text
