"""Run the steps of a proof: side by side where they do not need each other."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path

from fastwright.proof.model import Finished, Progress, Proof, Started, Step, StepFailed, StepResult
from fastwright.proof.sandbox import Sandbox

MakeSandbox = Callable[[Step, threading.Event], Sandbox]


def run_steps(
    steps: Sequence[Step],
    make_sandbox: MakeSandbox,
    *,
    workers: int = 2,
    progress: Progress = lambda _event: None,
) -> Proof:
    """Run `steps` and return the proof. A failed step makes those that need it skipped; the others still end.

    Steps that could start are started in the order given, so the longest should come first.
    """
    started = time.monotonic()
    results: dict[str, StepResult] = {}
    cancelled = threading.Event()
    with ThreadPoolExecutor(workers, thread_name_prefix="proof") as pool:
        running: dict[Future[StepResult], Step] = {}
        try:
            while len(results) < len(steps):
                _skip(steps, results, progress)
                busy = {step.name for step in running.values()}
                for step in _ready(steps, results, busy)[: workers - len(running)]:
                    progress(Started(step))
                    running[pool.submit(_run, step, make_sandbox, cancelled)] = step
                if not running:
                    continue
                done, _pending = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    del running[future]
                    results[future.result().name] = future.result()
                    progress(Finished(future.result()))
        except BaseException:
            cancelled.set()  # Ctrl-C: the children of every running step have to go, too
            raise
    return Proof(steps=tuple(results[step.name] for step in steps), seconds=round(time.monotonic() - started, 2))


def sandboxes(directory: Path, scratch: Path, python: Path, variables: Mapping[str, str] | None = None) -> MakeSandbox:
    """Return a maker of sandboxes that each have a scratch directory of their own below `scratch`."""

    def make(step: Step, cancelled: threading.Event) -> Sandbox:
        own = scratch / step.name
        own.mkdir(parents=True)
        return Sandbox(directory, own, python, variables or {}, time.monotonic() + step.timeout, cancelled)

    return make


def _ready(steps: Sequence[Step], results: Mapping[str, StepResult], busy: set[str]) -> list[Step]:
    return [
        step
        for step in steps
        if step.name not in results
        and step.name not in busy
        and all(need in results and results[need].status == "passed" for need in step.needs)
    ]


def _skip(steps: Sequence[Step], results: dict[str, StepResult], progress: Progress) -> None:
    for step in steps:
        missing = [need for need in step.needs if need in results and results[need].status != "passed"]
        if step.name not in results and missing:
            results[step.name] = _result(step, "skipped", 0.0, f"not run, because {' and '.join(missing)} did not pass")
            progress(Finished(results[step.name]))


def _run(step: Step, make_sandbox: MakeSandbox, cancelled: threading.Event) -> StepResult:
    started = time.monotonic()
    try:
        evidence = step.action(make_sandbox(step, cancelled))
    except StepFailed as error:
        return _result(step, "failed", time.monotonic() - started, str(error))
    except OSError as error:
        return _result(step, "failed", time.monotonic() - started, f"could not be run: {error}")
    return _result(step, "passed", time.monotonic() - started, evidence)


def _result(step: Step, status: str, seconds: float, evidence: str) -> StepResult:
    return StepResult.model_validate(
        {
            "name": step.name,
            "title": step.title,
            "status": status,
            "seconds": round(seconds, 2),
            "evidence": evidence,
            "command": step.command,
        }
    )
