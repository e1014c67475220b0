"""The result of `add`: what was written and why, for people and as data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.text import Text

from fastwright.proof.model import Proof
from fastwright.recipes._recipe import Plan
from fastwright.render.landing import announced, landing_as_data, print_landing, print_proven, print_sentences
from fastwright.verbs.add import AddResult


def add_as_data(result: AddResult) -> dict[str, Any]:
    """Return the result for `--json`, with an `error` if it was refused or not proven."""
    return landing_as_data(result, _advice)


def announcer(*, ask: bool) -> Callable[[Plan], None]:
    """Return what shows the plan, and asks whether that is meant."""

    def announce(plan: Plan) -> None:
        announced(lambda console: _print_planned(console, plan), ask=ask)

    return announce


def _print_planned(console: Console, plan: Plan) -> None:
    console.print(Text(plan.change.summary, "bold"), soft_wrap=True)
    print_sentences(console, plan.change.explain())


def print_add(result: AddResult) -> None:
    """Print what was done, or why nothing was."""
    print_landing(result, "Already there", _advice, lambda console: _print_done(console, result))


def _print_done(console: Console, result: AddResult) -> None:
    told = result.explanation
    new = tuple(f"{one.method} {one.path}: {one.access}" for one in told.endpoints)
    sections = (
        ("New endpoints, and who may call them", new),
        ("Decided", told.decisions),
        ("To watch", told.risks),
        ("Instead", told.alternatives),
    )
    print_proven(console, result, result.change.summary, sections)


def _advice(proof: Proof) -> str:
    names = {step.name for step in proof.failures}
    if "promise" in names:
        return "the app answers in another way than was planned for, as the evidence shows: add it by hand"
    if "tests" in names:
        return "the evidence names the tests: they ask for what is about to change; adapt them first, or ask for less"
    return "the evidence says what would differ and was not meant to: add it by hand, then: fastwright prove"
