"""The result of `undo`, and the journal, for people."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from fastwright.verbs.undo import ChangedFile, LandedChange, UndoResult

_MARKS = {"added": ("+", "green"), "changed": ("~", "yellow"), "removed": ("-", "red")}


def print_undo(result: UndoResult) -> None:
    """Print what was taken back, and file by file what that did; a dry run shows the lines."""
    console = Console(highlight=False)
    console.print()
    verb = ("✓ Taken back", "bold green") if result.landed else ("Would be taken back", "bold")
    for change in result.changes:
        console.print(Text.assemble(verb, f": {change.summary}", (f"  {change.id}", "dim")), soft_wrap=True)
    _print_files(console, result.files)
    for path in result.kept:
        console.print(Text.assemble(("  kept", "cyan"), f": your edits in {path}"), soft_wrap=True)
    if not result.landed:
        console.print()
        console.print(Text(result.diff), soft_wrap=True)


def print_changes(changes: Sequence[LandedChange]) -> None:
    """Print the journal, the newest change first."""
    console = Console(highlight=False)
    if not changes:
        console.print(Text("Nothing has been landed here.", "dim"))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("change", "when", "files", "", "what"):
        table.add_column(name, no_wrap=name != "what", justify="right" if name == "files" else "left")
    for change in changes:
        style = "" if change.status == "landed" else "dim"
        when = change.time[:16].replace("T", " ")
        table.add_row(change.id, when, str(len(change.files)), change.status, change.summary, style=style)
    console.print()
    console.print(table)


def _print_files(console: Console, files: Sequence[ChangedFile]) -> None:
    for file in files:
        mark = _MARKS[file.kind]
        console.print(Text.assemble("  ", mark, f" {file.path}"), soft_wrap=True)
