"""The map of a project for people: who may call what, and what could not be known."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from fastwright.project.model import Auth, Conventions, Endpoint, Project, Unresolved

_METHODS = {"GET": "green", "POST": "yellow", "PUT": "yellow", "PATCH": "yellow", "DELETE": "red"}
_SHOWN_UNRESOLVED = 12


def print_map(project: Project, console: Console | None = None) -> None:
    """Print the table of endpoints, the models, the conventions in a few lines, and the unresolved list."""
    console = console or Console(highlight=False)
    console.print()
    console.print(_title(project), soft_wrap=True)
    console.print()
    console.print(_endpoints(project.endpoints))
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


def _endpoints(endpoints: Sequence[Endpoint]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", expand=False)
    table.add_column("method", no_wrap=True)
    table.add_column("path", overflow="fold", min_width=16)
    table.add_column("", width=1, no_wrap=True)
    table.add_column("who may call it", overflow="fold", min_width=12)
    table.add_column("where", overflow="fold", style="dim", min_width=12)
    for endpoint in endpoints:
        mark, colour = _mark(endpoint.auth)
        table.add_row(
            Text(_method(endpoint), _METHODS.get(endpoint.method, "cyan")),
            endpoint.path,
            Text(mark, colour),
            _who(endpoint.auth),
            f"{endpoint.file}:{endpoint.line}" if endpoint.file else "not in the project",
        )
    return table


def _method(endpoint: Endpoint) -> str:
    return "WS" if endpoint.kind == "websocket" else endpoint.method


def _mark(auth: Auth) -> tuple[str, str]:
    return ("✓", "green") if auth.proven else ("?", "yellow")


def _who(auth: Auth) -> Text:
    if not auth.required:
        return Text("anybody" + (", or with credentials" if auth.guards else ""), "yellow" if auth.claimed else "")
    if auth.roles:
        return Text(" or ".join(auth.roles), "magenta")
    guards = [guard.name for guard in auth.guards]
    how = guards[-1] if guards else auth.schemes[0] if auth.schemes else f"the {auth.refused_by} decides"
    return Text.assemble(("with credentials", "cyan"), (f" ({how})", "dim"))


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
    models = ", ".join(model.name for model in project.models) or "none"
    return [
        ("models", f"{len(project.models)}: {models}" if project.models else models),
        ("style", _style(how)),
        ("session", ", ".join(place.name for place in how.session) or "not found"),
        ("user", ", ".join(place.name for place in how.current_user) or "not found"),
        ("tests", f"{how.tests.files} files, {len(how.tests.fixtures)} fixtures"),
        ("migrations", how.alembic or "no Alembic"),
    ]


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
