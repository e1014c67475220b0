"""What `prove` has counted: statements per request before and after, for people and for pull requests."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from fastwright.verbs.query_growth import Counted, Queries, told

_NAMES = ("endpoint", "statements before", "now")


def rows_of(queries: Queries) -> list[tuple[Counted, tuple[str, str, str, str]]]:
    """Return the endpoints whose statements differ, those that grow now first."""
    differing = sorted((one for one in queries.endpoints if one.differs), key=lambda one: not one.grows_now)
    return [(one, (one.shown, told(one.before), told(one.after), _said(one))) for one in differing]


def names_of(queries: Queries) -> Sequence[str]:
    """Return the heads of the columns."""
    return (*_NAMES, f"{queries.sizes[0]} → {queries.sizes[-1]} rows" if queries.sizes else "")


def print_queries(console: Console, queries: Queries) -> None:
    """Print what differs, if anything does."""
    rows = rows_of(queries)
    if not rows:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in names_of(queries):
        table.add_column(name, overflow="fold")
    for one, (shown, before, after, said) in rows:
        style = "red" if one.harmful else "yellow" if one.grows_now else ""
        table.add_row(Text(shown), Text(before), Text(after, style), Text(said, style))
    console.print()
    console.print(Text("Statements per request", "bold"))
    console.print(table)


def _said(one: Counted) -> str:
    if one.grows_now:
        return f"grows with the rows{' (announced)' if one.announced else ''}"
    if not one.before:
        return "new, and grows with the rows" if one.growth_after != "constant" else "new"
    return "grows no more" if one.growth_before != "constant" and one.growth_after == "constant" else ""
