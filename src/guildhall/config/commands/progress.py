"""Progress in the terminal: a bar where someone is watching, nothing in a pipe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

Report = Callable[[int, int], None]  # done, total
StagedReport = Callable[[str, int, int], None]  # stage, done, total

_STAGES = {
    "read": "Reading the file",
    "check": "Checking the rows",
    "compare": "Comparing with the list",
    "publish": "Publishing",
}


@contextmanager
def progress_bar(label: str) -> Iterator[Report]:
    """Yields a function to call with how much is done, and of how much."""
    with _bars() as progress:
        task = progress.add_task(label, total=None)

        def report(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield report


@contextmanager
def staged_progress() -> Iterator[StagedReport]:
    """Yields a function to call with the stage, how much of it is done, and of how much: a bar for each stage."""
    with _bars() as progress:
        tasks: dict[str, TaskID] = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                for earlier in tasks.values():
                    progress.update(earlier, total=1, completed=1, visible=False)
                tasks[stage] = progress.add_task(_STAGES[stage], total=None)
            progress.update(tasks[stage], completed=done, total=total)

        yield report


def _bars() -> Progress:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal, transient=True)
