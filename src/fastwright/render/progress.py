"""The steps of a proof while they run, on standard error: a live list on a terminal, plain lines elsewhere."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Generator
from dataclasses import dataclass, field

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from fastwright.proof.model import Event, Finished, Planned, Progress, Started, Step, StepResult, silent

MARKS = {"passed": ("✓", "green"), "failed": ("✗", "red"), "skipped": ("–", "yellow")}


@contextlib.contextmanager
def shown_progress(*, only_live: bool = False) -> Generator[Progress]:
    """Yield what a verb tells its progress to; with `only_live`, nothing is shown but to somebody who watches."""
    console = Console(stderr=True, highlight=False)
    if console.is_terminal and not console.is_dumb_terminal and not os.environ.get("NO_COLOR"):
        board = Board()
        with Live(board, console=console, refresh_per_second=10):
            yield board.update
    else:
        yield silent if only_live else _Lines(console).update


@dataclass
class Board:
    """One line a step, in the order of the plan: mark, name, time, and evidence."""

    steps: tuple[Step, ...] = ()
    started: dict[str, float] = field(default_factory=dict[str, float])
    results: dict[str, StepResult] = field(default_factory=dict[str, StepResult])
    spinner: Spinner = field(default_factory=lambda: Spinner("dots", style="cyan"))

    def update(self, event: Event) -> None:
        match event:
            case Planned(steps):
                self.steps = steps
            case Started(step):
                self.started[step.name] = time.monotonic()
            case Finished(result):
                self.results[result.name] = result

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        table = step_table()
        for step in self.steps:
            if step.name in self.results:
                add_result(table, self.results[step.name])
            elif step.name in self.started:
                table.add_row(self.spinner, step.title, _seconds(time.monotonic() - self.started[step.name]), "")
            else:
                table.add_row("", Text(step.title, "dim"), "", "")
        yield table


def step_table() -> Table:
    """Return an empty table for steps, as wide as the terminal; what does not fit is cut off."""
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(width=1)
    table.add_column(width=11, no_wrap=True)
    table.add_column(width=7, justify="right", no_wrap=True)
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    return table


def add_result(table: Table, result: StepResult) -> None:
    """Add a step that has ended."""
    mark, colour = MARKS[result.status]
    seconds = "" if result.status == "skipped" else _seconds(result.seconds)
    table.add_row(Text(mark, colour), result.title, Text(seconds, "dim"), Text(result.headline, "dim"))


class _Lines:
    """The same as lines that are printed once, for logs."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def update(self, event: Event) -> None:
        if isinstance(event, Finished):
            mark, _colour = MARKS[event.result.status]
            line = f"{mark} {event.result.title:<11} {_seconds(event.result.seconds):>7}  {event.result.headline}"
            self._console.print(Text(line.rstrip()), soft_wrap=True)


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s"
