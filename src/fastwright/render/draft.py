"""An edit that a model wrote: what it changes and what was proven first, and the model's own words last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from fastwright.agent.llm.drafting import Drafted
from fastwright.proof.carrying import Carried

_STYLES = {"yes": "green", "no": "red", "unknown": "yellow"}
_HINT = "say it in other words, in smaller steps, or write it by hand and call: fastwright prove"


def draft_as_data(drafted: Drafted, carried: Carried | None) -> dict[str, Any]:
    """Return the result for `--json`, with an `error` if there is no edit that holds, or if it did not land."""
    data = drafted.model_dump(mode="json")
    data["landed"] = carried is not None and carried.landed
    data["journal"] = carried.journal if carried is not None else ""
    if drafted.draft is None:
        data["error"] = {"message": drafted.reason, "hint": _HINT}
    elif carried is not None and not carried.landed:
        data["error"] = {"message": "it did not hold any more when it was to land", "hint": "draft it again"}
    return data


def print_drafted(drafted: Drafted, console: Console) -> None:
    """Print the edit and its evidence, or why there is none."""
    console.print()
    if drafted.draft is None:
        told = Text.assemble(("✗ No edit that holds", "bold red"), f" after {drafted.tries} tries: {drafted.reason}")
        console.print(told, soft_wrap=True)
        console.print(Text.assemble(("  hint", "cyan"), f": {_HINT}"), soft_wrap=True)
        return
    console.print(Text.assemble(("✓ Proven", "bold green"), f": {drafted.draft.summary}"), soft_wrap=True)
    for check in drafted.checks:
        answer = Text(f"  {check.answer:<8}", _STYLES[check.answer])
        console.print(answer + Text(check.question) + Text(f"  {_first(check.evidence)}", "dim"), soft_wrap=True)
    console.print()
    console.print(Text(drafted.diff.rstrip()), soft_wrap=True)
    console.print()
    if drafted.said is not None:
        console.print(Text("What the model says of it, which nobody has checked", "bold"))
        console.print(Text(f"  {drafted.said.explanation}"), soft_wrap=True)
        _print_sentences(console, "Decided", drafted.said.decisions)
        _print_sentences(console, "To watch", drafted.said.risks)


def print_landed(carried: Carried, console: Console) -> None:
    """Print whether it landed."""
    if carried.landed:
        console.print(Text.assemble(("✓ Landed", "bold green"), "  fastwright undo takes it back"))
        return
    console.print(Text("✗ Not landed: it does not hold any more; nothing was changed.", "bold red"))


def _first(evidence: str) -> str:
    return (evidence.strip().splitlines() or [""])[0]


def _print_sentences(console: Console, title: str, sentences: Sequence[str]) -> None:
    for sentence in sentences:
        console.print(Text.assemble((f"  {title}: ", "dim"), sentence), soft_wrap=True)
