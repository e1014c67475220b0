"""The steps of a proof while they run: a live list on a terminal, plain lines elsewhere. Always on standard error."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator

from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from fastwright.proof.model import Finished, Progress, Started, Step, StepResult

MARKS = {"passed": ("✓", "green"), "failed": ("✗", "red"), "skipped": ("–", "yellow")}


@contextlib.contextmanager
def show_progress() -> Generator[Progress]:
    """Yield what a verb tells its progress to."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda event: _plain(console, event)
        return
    board = _Board()
    with Live(board, console=console, refresh_per_second=8, transient=False):
        yield board.update


def result_line(result: StepResult, width: int) -> Text:
    """Return one finished step as a line: mark, title, evidence, seconds."""
    mark, colour = MARKS[result.status]
    seconds = f"{result.seconds:6.1f} s"
    evidence = (result.evidence.splitlines() or [""])[0] if result.status == "passed" else result.status
    line = Text.assemble((f"{mark} ", colour), f"{result.title:<40} ", (evidence, "dim"))
    line.truncate(max(20, width - len(seconds) - 1), overflow="ellipsis", pad=True)
    return line.append(f" {seconds}", "dim")


class _Board:
    """Finished steps above, running ones below with their time."""

    def __init__(self) -> None:
        self._running: dict[str, tuple[Step, float, Spinner]] = {}
        self._finished: list[StepResult] = []

    def update(self, event: Started | Finished) -> None:
        match event:
            case Started(step):
                self._running[step.name] = (step, time.monotonic(), Spinner("dots"))
            case Finished(result):
                self._running.pop(result.name, None)
                self._finished.append(result)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines: list[Text | Table] = [result_line(result, console.width) for result in self._finished]
        for step, started, spinner in self._running.values():
            row = Table.grid(padding=(0, 1, 0, 0))
            row.add_row(spinner, step.title, Text(f"{time.monotonic() - started:.0f} s", "dim"))
            lines.append(row)
        yield Group(*lines)


def _plain(console: Console, event: Started | Finished) -> None:
    if isinstance(event, Finished):
        console.print(result_line(event.result, 100), soft_wrap=True)
