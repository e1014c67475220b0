"""The map of a project for people: who may call what, and what could not be known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from fastwright.project.model import Auth, Conventions, Endpoint, Project, Unresolved

_METHODS = {"GET": "green", "POST": "yellow", "PUT": "yellow", "PATCH": "yellow", "DELETE": "red"}
_SHOWN_UNRESOLVED = 12
_SHOWN_MODELS = 12


def print_map(project: Project) -> None:
    """Print the table of endpoints, the models, the conventions in a few lines, and the unresolved list."""
    console = Console(highlight=False)
    console.print()
    console.print(_title(project), soft_wrap=True)
    console.print()
    console.print(_endpoints(project.endpoints, console.width))
    console.print()
    console.print(_counts(project), soft_wrap=True)
    _print_facts(console, project)
    _print_unresolved(console, project.unresolved)


def _title(project: Project) -> Text:
    app = project.app
    versions = ", ".join(f"{name} {version}" for name, version in app.versions.items() if name in _SHOWN_VERSIONS)
    how = "from the source alone, nothing was run" if app.static else versions
    return Text.assemble((app.entry, "bold"), (f"  {how}", "dim"))


_SHOWN_VERSIONS = ("python", "fastapi", "sqlalchemy", "sqlmodel")


@dataclass(frozen=True)
class _Row:
    """An endpoint in the three columns that can be told in fewer words."""

    method: Text
    path: str
    mark: Text
    who: Text
    where: str


def _endpoints(endpoints: Sequence[Endpoint], width: int) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("method", no_wrap=True)
    table.add_column("path", overflow="fold")
    table.add_column("", width=1, no_wrap=True)
    table.add_column("who may call it", overflow="fold")
    table.add_column("where", overflow="ellipsis", no_wrap=True, style="dim")
    for row in _fitting(endpoints, width):
        table.add_row(row.method, row.path, row.mark, row.who, row.where)
    return table


def _fitting(endpoints: Sequence[Endpoint], width: int) -> list[_Row]:
    """Return the rows in as many words as there is room for: first the guards go, then the directories of files."""
    rows: list[_Row] = []
    for guards, directories in ((True, True), (False, True), (False, False)):
        rows = [_row(endpoint, guards=guards, directories=directories) for endpoint in endpoints]
        columns = (
            [len(row.method) for row in rows] + [6],
            [len(row.path) for row in rows],
            [1],
            [len(row.who) for row in rows] + [15],
            [len(row.where) for row in rows],
        )
        if sum(max(column, default=0) + 2 for column in columns) - 2 <= width:
            break
    return rows


def _row(endpoint: Endpoint, *, guards: bool, directories: bool) -> _Row:
    mark, colour = ("✓", "green") if endpoint.auth.proven else ("?", "yellow")
    file = endpoint.file or "not in the project"
    shown = file if directories or "/" not in file else f"…/{file.rpartition('/')[2]}"
    return _Row(
        Text(_method(endpoint), _METHODS.get(endpoint.method, "cyan")),
        endpoint.path,
        Text(mark, colour),
        _who(endpoint.auth, guards=guards),
        f"{shown}:{endpoint.line}" if endpoint.line else shown,
    )


def _method(endpoint: Endpoint) -> str:
    return "WS" if endpoint.kind == "websocket" else endpoint.method


def _who(auth: Auth, *, guards: bool) -> Text:
    if not auth.required:
        return Text("anybody, with or without credentials" if guards and auth.guards else "anybody", "bold")
    if auth.roles:
        return Text(" or ".join(auth.roles), "magenta")
    names = [guard.shown for guard in auth.guards]
    own = "own check" if auth.refused_by == "endpoint" else f"refused by {auth.refused_by}"
    how = names[-1] if names else auth.schemes[0] if auth.schemes else own
    return Text.assemble(("authenticated", "cyan"), (f" ({how})", "dim") if guards else "")


def _counts(project: Project) -> Text:
    counts = project.counts
    unproven = counts["endpoints"] - counts["proven"]
    text = Text(f"{counts['endpoints']} endpoints: {counts['open']} open, {counts['guarded']} guarded")
    if project.app.static:
        return text + Text("; nothing was asked, so none of this is proven", "yellow")
    if unproven:
        return text + Text(f"; {unproven} marked ? not proven by a request without credentials", "yellow")
    return text + Text("; all seen by a request without credentials", "green")


def _print_facts(console: Console, project: Project) -> None:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in _facts(project):
        grid.add_row(name, value)
    console.print()
    console.print(grid)


def _facts(project: Project) -> list[tuple[str, str]]:
    how = project.conventions
    names = [model.name for model in project.models]
    more = f" and {len(names) - _SHOWN_MODELS} more" if len(names) > _SHOWN_MODELS else ""
    models = ", ".join(names[:_SHOWN_MODELS]) + more or "none"
    return [
        ("models", f"{len(project.models)}: {models}" if project.models else models),
        ("style", _style(how)),
        ("session", ", ".join(place.name for place in how.session) or "not found"),
        ("user", ", ".join(place.name for place in how.current_user) or "not found"),
        ("tests", f"{_count(how.tests.files, 'file')}, {_count(len(how.tests.fixtures), 'fixture')}"),
        ("migrations", how.alembic or "no Alembic"),
    ]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _style(how: Conventions) -> str:
    depends = {"annotated": "Annotated[…, Depends()]", "default": "= Depends()", "mixed": "both styles of Depends"}
    parts = [how.layout, how.style, depends.get(how.depends, ""), how.orm if how.orm != "none" else ""]
    return ", ".join(part for part in parts if part)


def _print_unresolved(console: Console, unresolved: Sequence[Unresolved]) -> None:
    if not unresolved:
        return
    console.print()
    console.print(Text(f"Not resolved ({len(unresolved)})", "bold yellow"))
    for one in unresolved[:_SHOWN_UNRESOLVED]:
        place = f"  {one.file}:{one.line}" if one.line else ""
        console.print(Text.assemble(f"  {one.subject}: {one.reason}", (place, "dim")))
    if len(unresolved) > _SHOWN_UNRESOLVED:
        console.print(Text(f"  … and {len(unresolved) - _SHOWN_UNRESOLVED} more, all of them with --json", "dim"))
