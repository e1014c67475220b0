"""The result of `add`: what was written and why, for people and as data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from fastwright.proof.model import Proof
from fastwright.recipes._recipe import Plan
from fastwright.render.landing import failed, print_failures, print_refusal, print_sentences
from fastwright.verbs.add import AddResult
from fastwright.verbs.explanation import Explanation


def add_as_data(result: AddResult) -> dict[str, Any]:
    """Return the result for `--json`, with an `error` if it was refused or not proven."""
    data = result.model_dump(mode="json")
    if result.refusal is not None:
        data["error"] = {"message": result.refusal.reason, "hint": result.refusal.hint}
    elif not result.done:
        data["error"] = {"message": failed(result.proof), "hint": _advice(result.proof)}
    return data


def announcer(*, ask: bool) -> Callable[[Plan], None]:
    """Return what shows the plan, and asks whether that is meant."""

    def announce(plan: Plan) -> None:
        console = Console(stderr=True, highlight=False)
        console.print()
        console.print(Text(plan.change.summary, "bold"), soft_wrap=True)
        print_sentences(console, plan.change.explain())
        console.print()
        if ask:
            click.confirm("Prove it and write it?", default=True, abort=True, err=True)

    return announce


def print_add(result: AddResult) -> None:
    """Print what was done, or why nothing was."""
    console = Console(highlight=False)
    console.print()
    if result.already:
        console.print(Text.assemble(("✓ Already there", "bold green"), f": {result.already}."), soft_wrap=True)
        print_sentences(console, result.explanation.decisions)
    elif result.refusal is not None:
        print_refusal(console, result.refusal)
    elif not result.done:
        print_failures(console, result.proof, _advice(result.proof))
    else:
        _print_done(console, result)


def _print_done(console: Console, result: AddResult) -> None:
    verdict = Text.assemble(("✓ Proven", "bold green"), f" in {result.proof.seconds:.1f} s: {result.change.summary}")
    console.print(verdict + Text("" if result.landed else "; nothing written (dry run)"), soft_wrap=True)
    console.print()
    console.print(Text(result.diff.rstrip()), soft_wrap=True)
    console.print()
    _print_explanation(console, result.explanation)
    if result.landed:
        console.print(Text("  fastwright undo  # takes it back", "dim"))


def _print_explanation(console: Console, explanation: Explanation) -> None:
    new = tuple(f"{one.method} {one.path}: {one.access}" for one in explanation.endpoints)
    sections = (
        ("New endpoints, and who may call them", new),
        ("Decided", explanation.decisions),
        ("To watch", explanation.risks),
        ("Instead", explanation.alternatives),
    )
    for title, sentences in sections:
        if sentences:
            console.print(Text(title, "bold"))
            print_sentences(console, sentences)


def _advice(proof: Proof) -> str:
    names = {step.name for step in proof.failures}
    if "tests" in names:
        return "the evidence names the tests: they ask for what is about to change; adapt them first, or ask for less"
    if "promise" in names:
        return "the app answers in another way than was planned for, as the evidence shows: add it by hand"
    return "the evidence says what would differ and was not meant to: add it by hand, then: fastwright prove"
