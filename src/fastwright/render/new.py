"""The result of `new`, as text for people and as data for programs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from fastwright.render.landing import CONTENTS

if TYPE_CHECKING:
    from fastwright.proof.model import Proof
    from fastwright.verbs.explanation import Explanation
    from fastwright.verbs.new import NewResult

_LEFT_OUT = 30


def new_as_data(result: NewResult) -> dict[str, Any]:
    """Return the result for `--json`: without the contents of files, and with an `error` if it was not proven."""
    data = result.model_dump(mode="json", exclude=CONTENTS)
    if not result.proof.proven:
        data["error"] = {"message": _refusal(result.proof), "hint": _advice(result.proof)}
    return data


def print_new(result: NewResult, *, explain: bool = False) -> None:
    """Print where the project landed and what to do next, or why it did not land."""
    console = Console(highlight=False)
    console.print()
    if not result.proof.proven:
        _print_refusal(console, result.proof)
        return
    files = len(result.change.operations)
    verdict = Text.assemble(("✓ Proven", "bold green"), f" in {result.proof.seconds:.1f} s: ")
    if result.landed:
        console.print(verdict + Text(f"{files} files in {_shown(result.directory)}"), soft_wrap=True)
        _print_next_steps(console, result)
    else:
        console.print(verdict + Text(f"{files} files, none written (dry run)"), soft_wrap=True)
    _print_left_out(console, result.left_out)
    if explain:
        _print_explanation(console, result.explanation)


def _print_left_out(console: Console, sentences: tuple[str, ...]) -> None:
    """Print what the design does not have of its source; a design file in the project has all of it."""
    if sentences:
        console.print()
        console.print(Text("Left out (design.yaml has the whole list)", "bold"))
    for sentence in sentences[:_LEFT_OUT]:
        console.print(Text(f"  · {sentence}"), soft_wrap=True)
    if len(sentences) > _LEFT_OUT:
        console.print(Text(f"  … and {len(sentences) - _LEFT_OUT} more", "dim"))


def _print_refusal(console: Console, proof: Proof) -> None:
    for step in proof.failures:
        console.print(Text.assemble((f"✗ {step.title}", "bold red"), (f"  {step.command}", "dim")), soft_wrap=True)
        for line in step.evidence.splitlines():
            console.print(Text(f"  {line}"), soft_wrap=True)
        console.print()
    console.print(Text(f"Not proven: {_refusal(proof)}.", "bold red"))
    console.print(_indented(Text.assemble(("hint", "cyan"), f": {_advice(proof)}")))


def _print_next_steps(console: Console, result: NewResult) -> None:
    console.print()
    console.print(Text(f"  cd {_shown(result.directory)}"), soft_wrap=True)
    for command in result.explanation.next_steps[1:]:
        console.print(Text(f"  {command}"), soft_wrap=True)
    console.print()
    console.print(_indented(Text("PROOF.md tells what was checked, and how to check it again.", "dim")))


def _print_explanation(console: Console, explanation: Explanation) -> None:
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for endpoint in explanation.endpoints:
        table.add_row(Text(endpoint.method, "bold"), endpoint.path, Text(endpoint.access, "cyan"))
    console.print()
    console.print(Text("Who may call what", "bold"))
    console.print(_indented(table))
    sections = (
        ("Decided", explanation.decisions),
        ("To watch", explanation.risks),
        ("Instead", explanation.alternatives),
    )
    for title, sentences in sections:
        items = Table.grid(padding=(0, 1))
        for sentence in sentences:
            items.add_row(Text("·", "dim"), sentence)
        console.print()
        console.print(Text(title, "bold"))
        console.print(_indented(items))


def _indented(content: RenderableType) -> Padding:
    return Padding(content, (0, 0, 0, 2))


def _refusal(proof: Proof) -> str:
    names = ", ".join(step.title.lower() for step in proof.failures)
    return f"{names} did not pass, and nothing was written"


def _advice(proof: Proof) -> str:
    if any(step.name == "environment" for step in proof.failures):
        return "check the network and the package index (UV_DEFAULT_INDEX), then run it again"
    return "this is a fault in Fastwright: please report it, with the design and the evidence"


def _shown(directory: Path) -> str:
    """Return the shorter of the absolute and the relative path."""
    return min(str(directory), os.path.relpath(directory), key=len)
