"""What every recipe has: it looks at a project, and plans a change with a promise, or says why there is none.

    Plan        operations, and what has to be true of the app after them and was not before
    Already     the app is as it was asked to be; nothing is to be done
    Refusal     it cannot be done as asked: the reason, and the next thing to try

Nothing here runs or writes anything: a verb stages the plan, proves it and lands it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from pydantic import BaseModel, ConfigDict

from fastwright.changes import Change
from fastwright.project.model import Project
from fastwright.project.names import Names
from fastwright.project.source import Source
from fastwright.proof.promise import AccessPromise


@dataclass(frozen=True)
class Known:
    """A project as it was read: what the running app is, and its source."""

    project: Project
    source: Source

    @cached_property
    def names(self) -> Names:
        return Names(self.source)


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Plan(_Answer):
    """What would be done, and what it has to achieve. The sentences are for the people who decide."""

    change: Change
    promise: AccessPromise
    decisions: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()


class Already(_Answer):
    """Nothing is to be done."""

    reason: str
    notes: tuple[str, ...] = ()


class Refusal(_Answer):
    """It cannot be done as it was asked for; `items` are the endpoints or tests that stand in the way."""

    reason: str
    hint: str
    items: tuple[str, ...] = ()


Answer = Plan | Already | Refusal
