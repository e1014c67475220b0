"""The result of `protect`: whose access changes, before and after, for people and as data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from fastwright.proof.model import Proof
from fastwright.proof.promise import AccessChange
from fastwright.recipes.protect import AccessPlan
from fastwright.render.landing import announced, landing_as_data, print_failures, print_refusal, print_sentences
from fastwright.verbs.explanation import Explanation
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
    console = Console(highlight=False)
    console.print()
    if result.already:
        console.print(Text.assemble(("✓ Already protected", "bold green"), f": {result.already}."), soft_wrap=True)
        print_sentences(console, result.explanation.decisions)
    elif result.refusal is not None:
        print_refusal(console, result.refusal)
    elif not result.done:
        print_failures(console, result.proof, _advice(result.proof))
    else:
        _print_done(console, result)


def _print_done(console: Console, result: ProtectResult) -> None:
    count = len(result.access)
    what = f"{count} endpoint{'s'[: count != 1]} closed"
    verdict = Text.assemble(("✓ Proven", "bold green"), f" in {result.proof.seconds:.1f} s: {what}")
    console.print(verdict + Text("" if result.landed else ", nothing written (dry run)"), soft_wrap=True)
    console.print(_access(result.access), soft_wrap=True)
    console.print()
    console.print(Text(result.diff.rstrip()), soft_wrap=True)
    console.print()
    _print_explanation(console, result.explanation)
    if result.landed:
        console.print(Text("  fastwright undo  # takes it back", "dim"))


def _print_explanation(console: Console, explanation: Explanation) -> None:
    for title, sentences in (("Decided", explanation.decisions), ("To watch", explanation.risks)):
        console.print(Text(title, "bold"))
        print_sentences(console, sentences)


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
