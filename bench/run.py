"""Run the benches: `python bench/run.py [NAME]`. All of them together end within 14 minutes, unless BENCH_FULL is set.

Each prints lines `BENCH name ours=… peer=… ratio=… wanted<=…`. A ratio that misses what was wanted is marked MISSED; a
bench that breaks or takes too long makes the exit status 1.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
LIMIT_SECONDS = 14 * 60
_LINE = re.compile(r"BENCH (?P<name>\S+) .*ratio=(?P<ratio>\S+) wanted(?P<sign><=|>=)(?P<wanted>\S+)")


def scripts() -> list[Path]:
    """Every bench, by name: a script of this folder whose name does not begin with an underscore."""
    return sorted(path for path in FOLDER.glob("*.py") if path.stem != "run" and not path.stem.startswith("_"))


def run(script: Path, seconds: float | None) -> tuple[str, bool]:
    """Run one bench for at most `seconds`. Returns what it printed and whether it came to its end."""
    process = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        output, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        stop(process)
        print(f"{script.stem} was stopped: there was no time left for it")
        return process.communicate()[0], False
    except KeyboardInterrupt:
        stop(process)
        raise
    if process.returncode:
        print(f"{script.stem} broke, with exit status {process.returncode}")
    return output, process.returncode == 0


def stop(process: subprocess.Popen[str]) -> None:
    """End a bench with all that it started: a hall that still serves would spoil the next one."""
    os.killpg(process.pid, signal.SIGKILL)


def marked(line: str) -> str:
    """The line, marked where the ratio misses what was wanted."""
    found = _LINE.match(line)
    if found is None:
        return line
    ratio, wanted = float(found["ratio"]), float(found["wanted"])
    reached = ratio <= wanted if found["sign"] == "<=" else ratio >= wanted
    return line if reached else f"{line}  MISSED"


def main() -> int:
    wanted = [script for script in scripts() if script.stem in sys.argv[1:] or not sys.argv[1:]]
    if not wanted:
        names = ", ".join(script.stem for script in scripts())
        print(f"There is no bench called {' or '.join(sys.argv[1:])}. There are: {names}.")
        return 2
    ends = None if os.environ.get("BENCH_FULL") else time.monotonic() + LIMIT_SECONDS
    lines: list[str] = []
    well = True
    for script in wanted:
        print(f"--- {script.stem}", flush=True)
        output, ended = run(script, None if ends is None else max(1.0, ends - time.monotonic()))
        shown = [marked(line) for line in output.splitlines()]
        print("\n".join(shown), flush=True)
        found = [line for line in shown if line.startswith("BENCH ")]
        lines += found
        well = well and ended and bool(found)
    print("\n" + "\n".join(lines))
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
