"""Run the steps of a proof: side by side where they do not need each other."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from fastwright.proof.model import (
    Finished,
    NotDone,
    Planned,
    Progress,
    Proof,
    Started,
    Status,
    Step,
    StepFailed,
    StepResult,
    silent,
)
from fastwright.proof.sandbox import Sandbox

WAKE_SECONDS = 0.2

# Opens the sandbox of a step, which ends what it runs when the event is set.
OpenSandbox = Callable[[Step, threading.Event], Sandbox]


def run_steps(
    steps: Sequence[Step],
    open_sandbox: OpenSandbox,
    *,
    workers: int | None = None,
    progress: Progress = silent,
    cancelled: threading.Event | None = None,
) -> Proof:
    """Run `steps` and return the proof. A failed step makes those that need it skipped; the others still end.

    `cancelled` is set when all is called off.

    Steps that could start are started in the order given, so the longest should come first.
    """
    _check_needs(steps)
    started = time.monotonic()
    run = _Run(tuple(steps), open_sandbox, progress, cancelled=cancelled or threading.Event())
    progress(Planned(run.steps))
    with ThreadPoolExecutor(workers or default_workers(), thread_name_prefix="proof") as pool:
        try:
            run.to_the_end(pool, workers or default_workers())
        except BaseException:
            run.cancelled.set()  # Ctrl-C: the children of every running step have to go, too
            raise
    results = tuple(run.results[step.name] for step in steps)
    return Proof(steps=results, seconds=round(time.monotonic() - started, 2))


def default_workers() -> int:
    """Return how many steps run side by side: as many as there are processors for us, and two at least."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
    return max(2, usable)


@dataclass
class _Run:
    """How far the steps have come."""

    steps: tuple[Step, ...]
    open_sandbox: OpenSandbox
    progress: Progress
    results: dict[str, StepResult] = field(default_factory=dict[str, StepResult])
    running: dict[Future[StepResult], Step] = field(default_factory=dict[Future[StepResult], Step])
    cancelled: threading.Event = field(default_factory=threading.Event)

    def to_the_end(self, pool: ThreadPoolExecutor, workers: int) -> None:
        while True:
            self._skip()
            for step in self._ready()[: workers - len(self.running)]:
                self.progress(Started(step))
                self.running[pool.submit(_run, step, self.open_sandbox, self.cancelled)] = step
            if not self.running:
                return
            # A signal that comes just before a wait without an end is only seen after it.
            done, _pending = wait(self.running, timeout=WAKE_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                self._finish(self.running.pop(future), future.result())

    def _finish(self, step: Step, result: StepResult) -> None:
        self.results[step.name] = result
        self.progress(Finished(result))

    def _ready(self) -> list[Step]:
        busy = {step.name for step in self.running.values()}
        return [step for step in self._open() if step.name not in busy and self._met(step)]

    def _met(self, step: Step) -> bool:
        return all(need in self.results and self.results[need].status == "passed" for need in step.needs)

    def _skip(self) -> None:
        """Skip what needs a step that did not pass; in the order of the plan, this reaches what needs those, too."""
        for step in self._open():
            missing = [need for need in step.needs if need in self.results and self.results[need].status != "passed"]
            if missing:
                self._finish(step, _result(step, "skipped", 0.0, f"not run: it needs {' and '.join(missing)}"))

    def _open(self) -> list[Step]:
        return [step for step in self.steps if step.name not in self.results]


def _check_needs(steps: Sequence[Step]) -> None:
    """Hold the plan to its order: a step needs steps before it only, so that there is no cycle."""
    known: set[str] = set()
    for step in steps:
        if step.name in known or not known.issuperset(step.needs):
            raise ValueError(f"step {step.name!r} is there twice, or needs one that does not come before it")
        known.add(step.name)


def _run(step: Step, open_sandbox: OpenSandbox, cancelled: threading.Event) -> StepResult:
    started = time.monotonic()
    status: Status = "passed"
    try:
        evidence = step.action(open_sandbox(step, cancelled))
    except StepFailed as error:
        status, evidence = "failed", str(error)
    except NotDone as error:
        status, evidence = "skipped", str(error)
    except OSError as error:
        status, evidence = "failed", f"could not be run: {error}"
    return _result(step, status, time.monotonic() - started, evidence)


def _result(step: Step, status: Status, seconds: float, evidence: str) -> StepResult:
    return StepResult(
        name=step.name,
        title=step.title,
        status=status,
        seconds=round(seconds, 2),
        evidence=evidence,
        command=step.command,
    )
