"""The result of `upgrade`: what came of each file, and the conflicts with both sides, for people and as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.text import Text

from fastwright.proof.model import Proof
from fastwright.render.landing import CONTENTS, landing_as_data, print_failures, print_sentences
from fastwright.scaffold.upgrading import Conflict
from fastwright.verbs.upgrade import UpgradeResult

_MARKS = {"add_file": ("+", "green"), "write_file": ("~", "yellow"), "remove_file": ("-", "red")}


def upgrade_as_data(result: UpgradeResult) -> dict[str, Any]:
    """Return the result for `--json`: without the contents of files, which the diff has, and with an `error`."""
    return landing_as_data(result, _advice, exclude=CONTENTS)


def print_upgrade(result: UpgradeResult) -> None:
    """Print what was done, or why nothing was."""
    console = Console(highlight=False)
    console.print()
    if result.already:
        console.print(Text.assemble(("✓ Up to date", "bold green"), f": {result.already}."), soft_wrap=True)
    elif result.refusal is not None:
        _print_conflicts(console, result)
    elif not result.done:
        print_failures(console, result.proof, _advice(result.proof))
    else:
        _print_done(console, result)


def _print_conflicts(console: Console, result: UpgradeResult) -> None:
    assert result.refusal is not None  # noqa: S101 - asked by the caller
    for conflict in result.conflicts:
        console.print(Text.assemble((conflict.shown, "bold"), f"  {conflict.reason}"), soft_wrap=True)
        for line in _sides(conflict):
            console.print(line, soft_wrap=True)
        console.print()
    console.print(Text.assemble(("✗ Refused", "bold red"), f": {result.refusal.reason}; nothing was changed."))
    console.print(Text.assemble(("  hint", "cyan"), f": {result.refusal.hint}"), soft_wrap=True)


def _sides(conflict: Conflict) -> Iterator[Text]:
    for title, text, style in (
        ("generated", conflict.generated, "dim"),
        ("yours", conflict.yours, "green"),
        ("today's template", conflict.today, "yellow"),
    ):
        if conflict.generated or conflict.yours or conflict.today:
            yield Text(f"  {title}", style)
            yield from (Text(f"    {line}") for line in text.splitlines() or ("(nothing)",))


def _print_done(console: Console, result: UpgradeResult) -> None:
    count = len(result.change.operations)
    verdict = Text.assemble(("✓ Proven", "bold green"), f" in {result.proof.seconds:.1f} s: {count} files")
    console.print(verdict + Text("" if result.landed else ", nothing written (dry run)"), soft_wrap=True)
    for operation in result.change.operations:
        path = str(getattr(operation, "path", ""))
        note = "  with your edits" if path in result.merged else ""
        console.print(
            Text.assemble("  ", _MARKS.get(operation.kind, ("·", "")), f" {path}", (note, "cyan")), soft_wrap=True
        )
    for title, sentences in (("Decided", result.explanation.decisions), ("To watch", result.explanation.risks)):
        if sentences:
            console.print()
            console.print(Text(title, "bold"))
            print_sentences(console, sentences)
    if result.landed:
        console.print()
        for step in result.explanation.next_steps:
            console.print(Text(f"  {step}", "dim"), soft_wrap=True)


def _advice(proof: Proof) -> str:
    names = {step.name for step in proof.failures}
    if "tests" in names:
        return "make these tests fit what the template became, or leave a file as it is with --keep PATH"
    return "leave the file that the evidence points at as it is with --keep PATH, and take over by hand what it needs"
