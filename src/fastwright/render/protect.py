"""The result of `protect`: whose access changes, before and after, for people and as data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from fastwright.proof.model import Proof
from fastwright.proof.promise import AccessChange
from fastwright.recipes.protect import AccessPlan
from fastwright.render.landing import announced, landing_as_data, print_landing, print_proven
from fastwright.verbs.protect import ProtectResult, planned_access


def protect_as_data(result: ProtectResult) -> dict[str, Any]:
    """Return the result for `--json`, with an `error` if it was refused or not proven."""
    return landing_as_data(result, _advice)


def announcer(*, ask: bool) -> Callable[[AccessPlan], None]:
    """Return what shows whose access would change, and asks whether that is meant."""

    def announce(plan: AccessPlan) -> None:
        announced(lambda console: _print_planned(console, plan), ask=ask)

    return announce


def _print_planned(console: Console, plan: AccessPlan) -> None:
    console.print(Text("Whose access changes", "bold"))
    console.print(_access(planned_access(plan)), soft_wrap=True)
    for sentence in plan.decisions:
        console.print(Text(f"  · {sentence}", "dim"), soft_wrap=True)


def print_protect(result: ProtectResult) -> None:
    """Print what was done, or why nothing was."""
    print_landing(result, "Already protected", _advice, lambda console: _print_done(console, result))


def _print_done(console: Console, result: ProtectResult) -> None:
    count = len(result.access)
    sections = (("Decided", result.explanation.decisions), ("To watch", result.explanation.risks))
    print_proven(console, result, f"{count} endpoint{'s'[: count != 1]} closed", sections, _access(result.access))


def _access(changes: Sequence[AccessChange]) -> Text:
    """Return a line for each; none is cut off, since this is what people decide by."""
    width = max((len(one.method) + len(one.path) for one in changes), default=0)
    lines = [
        Text.assemble(
            (f"  {one.method} ", "bold"),
            one.path.ljust(width - len(one.method)),
            (f"  {one.before}", "yellow"),
            " → ",
            (one.after, "green"),
        )
        for one in changes
    ]
    return Text("\n").join(lines)


def _advice(proof: Proof) -> str:
    names = {step.name for step in proof.failures}
    if "tests" in names:
        return "give these tests a client with credentials, or leave what they call open with --except"
    if "app" in names:
        return "the guard cannot be imported where it is needed: attach it by hand, or move it into a module of its own"
    return "the evidence says who would be answered in another way: choose a narrower path, or --except"
