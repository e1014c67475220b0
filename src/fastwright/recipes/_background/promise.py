"""The promise of work that is done after the answer: an answer does not wait for it, and does not fail with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from fastwright.proof.calls import Around, Call
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed

# What stands in for the work, and what Python says when it is called, or handed to a thread.
BROKEN = 0
FAILED = "callable"


@dataclass(frozen=True)
class Task:
    """A request that comes to the work, which is at `place` (`module:name`), and says what it is."""

    call: Call
    around: Around
    place: str
    shown: str


@dataclass(frozen=True)
class LaterPromise:
    """Each of the tasks fails its request before, and only itself after."""

    tasks: tuple[Task, ...]
    announced: Announced = field(default_factory=Announced)

    def hold(self, trial: Regression) -> str:
        """Return what was seen. Raises `StepFailed` if an answer still waits for the work, or the work is not done."""
        for task in self.tasks:
            self._hold(trial, task)
        places = "; ".join(f"{task.call.shown}: {task.shown}" for task in self.tasks)
        return (
            f"{places}. Where that fails, the request failed with it; now it is answered as it should be, and before it"
        )

    def _hold(self, trial: Regression, task: Task) -> None:
        broken = task.around.model_copy(update={"patches": {task.place: BROKEN}})
        before, after = (trial.converse(side, [task.call], broken).answers[0] for side in ("before", "after"))
        if FAILED not in before.error + before.body and before.status != 500:
            raise StepFailed(f"{task.call.shown} did not come to {task.place} before the change")
        if after.status is None or not 200 <= after.status < 300:
            raise StepFailed(f"{task.call.shown} is still answered with {after.outcome} when {task.place} fails")
        if FAILED not in after.error:
            raise StepFailed(f"{task.call.shown} does not come to {task.place} any more, not even after the answer")
        whole = [trial.converse(side, [task.call], task.around).answers[0] for side in ("before", "after")]
        if whole[0].status is not None and whole[0].status < 500 and whole[0].status != whole[1].status:
            raise StepFailed(f"{task.call.shown} was answered with {whole[0].outcome}, and is with {whole[1].status}")
