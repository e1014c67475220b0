"""What the results of all changes have in common for people: progress, refusals, failed steps, and sentences."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.text import Text

from fastwright.proof.model import Event, Progress, Proof
from fastwright.recipes._recipe import Refusal
from fastwright.render.progress import shown_progress

_UNSEEN = "what was in the way is in the evidence; where time ran out, run it again when the machine has less to do"
# Files are long, and the diff has what is new in them.
CONTENTS = {"change": {"operations": {"__all__": {"content"}}}}

if TYPE_CHECKING:
    from fastwright.verbs.landing import Landing


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


def landing_as_data(
    result: Landing, advice: Callable[[Proof], str], exclude: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return a result for `--json`, with an `error` if it was refused or not proven."""
    data = result.model_dump(mode="json", exclude=dict(exclude or {}))
    if result.refusal is not None:
        data["error"] = {"message": result.refusal.reason, "hint": result.refusal.hint}
    elif not result.done:
        hint = advice(result.proof) if result.proof.failures else _UNSEEN
        data["error"] = {"message": failed(result.proof), "hint": hint}
    return data


def print_landing(
    result: Landing, already: str, advice: Callable[[Proof], str], print_done: Callable[[Console], None]
) -> None:
    """Print what was done, or why nothing was; `already` is the headline where it was there."""
    console = Console(highlight=False)
    console.print()
    if result.already:
        console.print(Text.assemble((f"✓ {already}", "bold green"), f": {result.already}."), soft_wrap=True)
        print_sentences(console, result.explanation.decisions)
    elif result.refusal is not None:
        print_refusal(console, result.refusal)
    elif not result.done:
        print_failures(console, result.proof, advice(result.proof))
    else:
        print_done(console)


def print_proven(
    console: Console,
    result: Landing,
    what: str,
    sections: Sequence[tuple[str, Sequence[str]]],
    access: Text | None = None,
) -> None:
    """Print what was proven, the change, what there is to say of it, each under its title, and how it is taken back."""
    verdict = Text.assemble(("✓ Proven", "bold green"), f" in {result.proof.seconds:.1f} s: {what}")
    console.print(verdict + Text("" if result.landed else "; nothing written (dry run)"), soft_wrap=True)
    if access:
        console.print(access, soft_wrap=True)
    console.print()
    console.print(Text(result.diff.rstrip()), soft_wrap=True)
    console.print()
    for title, sentences in sections:
        if sentences:
            console.print(Text(title, "bold"))
            print_sentences(console, sentences)
    if result.landed:
        console.print(Text("  fastwright undo  # takes it back", "dim"))


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
