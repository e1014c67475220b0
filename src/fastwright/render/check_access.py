"""The access matrix for people: in the terminal, and as a page."""

from __future__ import annotations

import html
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from fastwright.verbs.access_matrix import ANYBODY, AccessMatrix, Difference, Row

# Of 80 columns, what the names of roles may take.
_ROOM = 36


def print_access(matrix: AccessMatrix) -> None:
    """Print the matrix, and what differs from the baseline."""
    console = Console(highlight=False)
    short = {column: _letter(number) for number, column in enumerate(matrix.columns[2:])} if _is_wide(matrix) else {}
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("method", no_wrap=True, min_width=6)
    table.add_column("path", overflow="fold", ratio=1)
    for column in matrix.columns:
        table.add_column(short.get(column, column), no_wrap=True)
    for row in matrix.rows:
        table.add_row(row.method, row.path, *(_cell(row, column) for column in matrix.columns))
    console.print(table)
    console.print()
    for column, letter in short.items():
        console.print(f"{letter}  {column}", soft_wrap=True)
    for difference in matrix.differences:
        console.print(Text(_sentence(difference), "bold red" if difference.opens else ""), soft_wrap=True)
    console.print(Text(_legend(matrix), "dim"), soft_wrap=True)


def _is_wide(matrix: AccessMatrix) -> bool:
    """Tell whether the names of the roles leave no room for the paths."""
    return sum(max(len(column), 5) + 2 for column in matrix.columns) > _ROOM


def _letter(number: int) -> str:
    return chr(ord("A") + number) if number < 26 else f"A{number - 25}"


def page(matrix: AccessMatrix) -> str:
    """Return the matrix as an HTML page that stands alone."""
    head = "".join(f"<th>{html.escape(column)}</th>" for column in ("method", "path", *matrix.columns))
    body = "\n".join(_html_row(row, matrix) for row in matrix.rows)
    changes = "".join(f"<li>{html.escape(_sentence(one))}</li>" for one in matrix.differences)
    return _PAGE.format(head=head, body=body, changes=f"<ul>{changes}</ul>" if changes else "", legend=_legend(matrix))


def _cell(row: Row, column: str) -> Text:
    answer = row.answers[column]
    shown = row.shown and column == ANYBODY
    mark = "✓" if shown else "?"
    return Text(
        f"{mark} {answer}", "red" if answer == "yes" and column == ANYBODY else "" if answer == "yes" else "dim"
    )


def _html_row(row: Row, matrix: AccessMatrix) -> str:
    cells = "".join(_html_cells(row, matrix))
    return f"<tr><td>{row.method}</td><td><code>{html.escape(row.path)}</code></td>{cells}</tr>"


def _html_cells(row: Row, matrix: AccessMatrix) -> Iterator[str]:
    for column in matrix.columns:
        answer = row.answers[column]
        how = "shown" if row.shown and column == ANYBODY else "claimed"
        yield f'<td class="{answer} {how}">{answer}</td>'


def _sentence(one: Difference) -> str:
    names = {"yes": "may", "no": "may not", None: "was not there"}
    before, after = names[one.before], names[one.after] if one.after else "is gone"
    return f"{one.method} {one.path}: {one.column} {after} (before: {before})"


def _legend(matrix: AccessMatrix) -> str:
    if matrix.static:
        return "? claimed by the code; nothing was run"
    return "✓ shown by a request without credentials   ? claimed by the code"


_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Who may call what</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color: #222; }}
table {{ border-collapse: collapse; }}
th, td {{ padding: .25rem .75rem; text-align: left; border-bottom: 1px solid #ddd; }}
td.no {{ color: #888; }}
td.yes {{ font-weight: 600; }}
td.claimed::after {{ content: " ?"; color: #999; }}
td.shown::after {{ content: " ✓"; }}
</style>
<h1>Who may call what</h1>
{changes}
<table>
<thead><tr>{head}</tr></thead>
<tbody>
{body}
</tbody>
</table>
<p>{legend}</p>
</html>
"""
