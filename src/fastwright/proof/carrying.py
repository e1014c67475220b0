"""Carry out a change on the copy, prove it there, and land it: the one way in which a verb changes a project.

What worked before has to work (`Regression`), the new thing has to work and must not have before (the promise), and
nothing may differ that was not announced.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import Protocol

from fastwright.changes import Change
from fastwright.changes.outcome import Refused
from fastwright.proof.access import Access
from fastwright.proof.contract import Contract
from fastwright.proof.edits import Edits
from fastwright.proof.ground import Ground
from fastwright.proof.guard import Guard
from fastwright.proof.held import Announced, Regression
from fastwright.proof.journal import land_edits
from fastwright.proof.model import NOT_RUN, Progress, Proof, Step, silent
from fastwright.proof.pair import Pair
from fastwright.proof.runner import run_steps
from fastwright.proof.suites import Suites
from fastwright.proof.workspace import shared_sandbox

_SECONDS = 600.0


class Promise(Protocol):
    """What has to be true after a change, and was not before it."""

    @property
    def announced(self) -> Announced:
        """What the change does to endpoints; anything else that differs makes the proof fail."""
        ...

    def hold(self, trial: Regression) -> str:
        """Return the evidence. Raises `StepFailed` if it does not hold on the tree after, or held before already."""
        ...


@dataclass(frozen=True)
class Carried:
    """What became of a change. Where an operation was `refused`, nothing was run.

    `undone` are the steps that could not be done, which is told, with the reason; they are not in the proof.
    """

    change: Change
    proof: Proof
    landed: bool = False
    journal: str = ""
    diff: str = ""
    refused: Refused | None = None
    access: tuple[Access, ...] = ()
    contract: Contract = field(default_factory=Contract)
    tests: Suites | None = None
    undone: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def broken_tests(self) -> tuple[str, ...]:
        """The tests that passed before the change, and do not now or are not run any more."""
        return (*self.tests.failing, *self.tests.missing) if self.tests else ()

    @property
    def not_proven(self) -> tuple[str, ...]:
        """What could not be done, in sentences."""
        return tuple(f"Not proven, {name}: {reason.rstrip('.')}." for name, reason in self.undone.items())

    @property
    def changes_nothing(self) -> bool:
        """Whether every operation found that the project is as it should be already."""
        return self.refused is None and not self.diff


def carry_out(
    ground: Ground,
    change: Change,
    promise: Promise,
    *,
    dry_run: bool = False,
    progress: Progress = silent,
    seconds: float = _SECONDS,
) -> Carried:
    """Apply `change` to the copy of `ground`, prove it, and land it unless that fails or is a dry run.

    `seconds` is how long the project's own tests and its migrations may take, each. Raises `InputError` if the project
    was changed in the meantime, or cannot be written.
    """
    scratch = ground.copy.stage.scratch
    shutil.copytree(ground.copy.project, scratch / "before", symlinks=True)
    for outcome in change.attempt(ground.copy.project):
        if isinstance(outcome, Refused):
            return Carried(change, NOT_RUN, refused=outcome)
    edits = ground.copy.edits()
    if not edits:
        return Carried(change, NOT_RUN)
    (scratch / "after").symlink_to(ground.copy.project)
    with Guard() as guard:
        pair = Pair(scratch, ground.copy.stage.target, ground.python, guard, ground.entry.shown, ground.variables)
        trial = Regression(ground, pair, promise.announced, seconds)
        steps = (*trial.steps(), _promise_step(promise, trial))
        proof = run_steps(steps, shared_sandbox(scratch, guard), progress=progress, cancelled=pair.cancelled)
    return _landed(ground, change, edits, proof, trial, dry_run=dry_run)


def _promise_step(promise: Promise, trial: Regression) -> Step:
    return Step("promise", "Promise", lambda _box: promise.hold(trial), "fastwright map", ("app",))


def _landed(ground: Ground, change: Change, edits: Edits, proof: Proof, trial: Regression, *, dry_run: bool) -> Carried:
    left_out = {*trial.undone, *trial.absent}
    done = Proof(steps=tuple(step for step in proof.steps if step.name not in left_out), seconds=proof.seconds)
    journal = ""
    if done.proven and not dry_run:
        journal = land_edits(ground.copy.stage.target, edits, summary=change.summary)
    return Carried(
        change=change,
        proof=done,
        landed=bool(journal),
        journal=journal,
        diff=edits.diff(),
        access=trial.access,
        contract=trial.contract,
        tests=trial.tests,
        undone=trial.undone,
    )
