"""Run a plan: each step by its verb, one after the other, and none after one that does not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from fastwright.agent.facts import Facts, Performed
from fastwright.agent.plan import Planned, Step
from fastwright.errors import FastwrightError, InputError
from fastwright.project.where import Where
from fastwright.proof.model import Progress, silent

# Is told a step right before it is performed.
Announce = Callable[[int, Step], None]


def run(
    planned: Planned, where: Where, progress: Progress = silent, announce: Announce | None = None
) -> Iterator[Performed]:
    """Yield how each step went. Each sees the project as those before it left it; the first that fails is the last."""
    for number, step in enumerate(planned.plan, start=1):
        if announce is not None:
            announce(number, step)
        performed = perform(step, where, progress)
        yield performed
        if not performed.done:
            return


def perform(step: Step, where: Where, progress: Progress) -> Performed:
    """Perform one step. What the verb raises for people is a result here, since steps before it may have landed."""
    try:
        return _performer(step)(step, where, progress)
    except FastwrightError as error:
        facts = Facts(summary=f"{step.verb} could not be done", not_proven=(error.message,))
        return Performed(step=step, done=False, facts=facts, error=error.message, hint=error.hint)


def _performer(step: Step) -> Callable[[Step, Where, Progress], Performed]:
    name = f"fastwright.agent.performing.{step.verb}"
    if find_spec(name) is None:
        raise InputError(f"{step.verb} is not available yet", hint="do this step by hand, then: fastwright prove")
    module: Any = import_module(name)
    return module.perform
