"""What the results of all changes have in common for people: progress, refusals, failed steps, and sentences."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.text import Text

from fastwright.proof.model import Event, Progress, Proof
from fastwright.recipes._recipe import Refusal
from fastwright.render.progress import shown_progress

_UNSEEN = "what was in the way is in the evidence; where time ran out, run it again when the machine has less to do"

if TYPE_CHECKING:
    from fastwright.verbs.add import AddResult
    from fastwright.verbs.protect import ProtectResult


@contextlib.contextmanager
def late_progress(*, only_live: bool) -> Generator[Progress]:
    """Yield a progress that takes the terminal with its first event, so that a question can be asked before."""
    with contextlib.ExitStack() as stack:
        shown: list[Progress] = []

        def tell(event: Event) -> None:
            if not shown:
                shown.append(stack.enter_context(shown_progress(only_live=only_live)))
            shown[0](event)

        yield tell


def announced(show: Callable[[Console], object], *, ask: bool) -> None:
    """Show what is planned, on standard error, and ask whether that is meant; no ends everything."""
    console = Console(stderr=True, highlight=False)
    console.print()
    show(console)
    console.print()
    if ask:
        click.confirm("Prove it and write it?", default=True, abort=True, err=True)


def landing_as_data(result: AddResult | ProtectResult, advice: Callable[[Proof], str]) -> dict[str, Any]:
    """Return a result for `--json`, with an `error` if it was refused or not proven."""
    data = result.model_dump(mode="json")
    if result.refusal is not None:
        data["error"] = {"message": result.refusal.reason, "hint": result.refusal.hint}
    elif not result.done:
        hint = advice(result.proof) if result.proof.failures else _UNSEEN
        data["error"] = {"message": failed(result.proof), "hint": hint}
    return data


def failed(proof: Proof) -> str:
    """Return which steps did not pass, or could not be looked at."""
    names = ", ".join(step.title.lower() for step in proof.in_the_way)
    return f"{names} {'did not pass' if proof.failures else 'could not be looked at'}, and nothing was changed"


def print_sentences(console: Console, sentences: Sequence[str]) -> None:
    """Print a point for each."""
    for sentence in sentences:
        console.print(Text(f"  · {sentence}"), soft_wrap=True)


def print_refusal(console: Console, refusal: Refusal) -> None:
    """Print the reason, what stands in the way, and the next thing to try."""
    console.print(Text.assemble(("✗ Refused", "bold red"), f": {refusal.reason}; nothing was changed."), soft_wrap=True)
    for item in refusal.items:
        console.print(Text(f"  {item}"), soft_wrap=True)
    console.print(Text.assemble(("  hint", "cyan"), f": {refusal.hint}"), soft_wrap=True)


def print_failures(console: Console, proof: Proof, advice: str) -> None:
    """Print each step that is in the way with its evidence, and what to do about it."""
    for step in proof.in_the_way:
        console.print(Text.assemble((f"✗ {step.title}", "bold red"), (f"  {step.command}", "dim")), soft_wrap=True)
        for line in step.evidence.splitlines():
            console.print(Text(f"  {line}"), soft_wrap=True)
        console.print()
    console.print(Text(f"Not proven: {failed(proof)}.", "bold red"), soft_wrap=True)
    hint = advice if proof.failures else _UNSEEN
    console.print(Text.assemble(("  hint", "cyan"), f": {hint}"), soft_wrap=True)
