"""What a proof is: the steps that were run, each with its evidence. A step that was not run says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, computed_field

if TYPE_CHECKING:
    from fastwright.proof.sandbox import Sandbox

Status = Literal["passed", "failed", "skipped"]


class StepResult(BaseModel):
    """One step as it went. `evidence` is a line for people, or the end of the output of what failed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    status: Status
    seconds: float
    evidence: str
    command: str

    @property
    def headline(self) -> str:
        """The evidence in a line: its first, but of a failure the last one, where tools sum up what they found.

        A promise is kept or broken in our own words, which begin with what went wrong.
        """
        lines = self.evidence.strip().splitlines() or [""]
        return lines[-1 if self.status == "failed" and self.name != "promise" else 0]


class Proof(BaseModel):
    """All steps, in the order in which they were planned."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    steps: tuple[StepResult, ...]
    seconds: float

    @computed_field
    @property
    def proven(self) -> bool:
        """Whether every step was run and passed."""
        return bool(self.steps) and all(step.status == "passed" for step in self.steps)

    @property
    def failures(self) -> tuple[StepResult, ...]:
        """The steps that failed, without those that were skipped because of them."""
        return tuple(step for step in self.steps if step.status == "failed")

    @property
    def in_the_way(self) -> tuple[StepResult, ...]:
        """The steps that failed; where none did, those that had to pass and could not be looked at."""
        return self.failures or tuple(step for step in self.steps if step.status != "passed")


NOT_RUN = Proof(steps=(), seconds=0.0)


@dataclass(frozen=True)
class Step:
    """A step to be run: `action` returns the evidence or raises `StepFailed`.

    `needs` names the steps that have to pass first; `command` is what a person can run by hand instead. A step works
    on a copy of the staged project, so that none sees what another left behind; only one that is `preparing` works on
    the staged project itself, and what it writes there lands.
    """

    name: str
    title: str
    action: Callable[[Sandbox], str]
    command: str
    needs: tuple[str, ...] = ()
    timeout: float = 300.0
    preparing: bool = False


class StepFailed(Exception):
    """A step did not hold; its text is the evidence."""


class NotDone(Exception):
    """A step could not be done, and that is nobody's fault: it counts neither for the change nor against it."""


class NotThere(NotDone):
    """There is nothing in the project that the step could be done with, so nothing is left open by that."""


@dataclass(frozen=True)
class Planned:
    """The proof is about to begin."""

    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Started:
    """A step has begun."""

    step: Step


@dataclass(frozen=True)
class Finished:
    """A step has ended, or was skipped."""

    result: StepResult


Event = Planned | Started | Finished
Progress = Callable[[Event], None]


def silent(_event: Event) -> None:
    """Show no progress."""
