"""The results of verbs as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from fastwright.verbs.new import NewResult


def render_new(result: NewResult) -> None:
    """Print where the project landed and what to do next, or why it did not land."""
    console = Console()
    for failure in result.proof.failures:
        console.print(Text(f"\n✗ {failure.title}", "bold red"), Text(f"  {failure.command}", "dim"))
        console.print(Text(failure.evidence))
    if not result.proof.proven:
        console.print(Text("\nNot proven, so nothing was written.", "bold red"))
        return
    files = len(result.change.operations)
    console.print()
    if not result.landed:
        console.print(f"Proven in {result.proof.seconds:.0f} s. Dry run: {files} files were not written.")
        return
    console.print(
        Text.assemble(("Proven", "bold green"), f" in {result.proof.seconds:.0f} s, {files} files in ", result.path)
    )
    console.print(Text(f"\n{result.explanation}"))
