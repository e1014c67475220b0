"""What a client may read without a call: the map of the project, who may call what, and what the rules mean."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError

from fastwright.errors import FastwrightError
from fastwright.mcp.roots import Roots
from fastwright.mcp.working import run_beside
from fastwright.project.model import Endpoint, Project
from fastwright.rules import load, names
from fastwright.verbs.map import MapRequest, map_project

_MAP = "The first project of this server as understood: what the tool `map` answers."
_ACCESS = "Every endpoint of that project and who may call it; `proven` where a request without credentials showed it."

_RULES = "Every rule of `check`: its name, category, severity, and what it finds."
_RULE = "What a rule of `check` finds, why that hurts, and code that is bad and good."


def add_resources(server: MCPServer[Any], roots: Roots) -> None:
    """Add the resources to a server."""

    async def read(shown: Callable[[Project], str]) -> str:
        request = MapRequest(project=roots.directories[0], python=roots.python)
        try:
            return shown(await run_beside(lambda: map_project(request)))
        except FastwrightError as error:
            raise ResourceError(f"{error.message}\nhint: {error.hint}") from error

    @server.resource("fastwright://map", title="Map", description=_MAP, mime_type="application/json")
    async def project_map() -> str:  # pyright: ignore[reportUnusedFunction]
        return await read(Project.model_dump_json)

    @server.resource("fastwright://access", title="Access", description=_ACCESS, mime_type="application/json")
    async def access() -> str:  # pyright: ignore[reportUnusedFunction]
        return await read(lambda project: json.dumps({"endpoints": [_access(one) for one in project.endpoints]}))

    @server.resource("fastwright://rules", title="Rules", description=_RULES, mime_type="text/markdown")
    def rules() -> str:  # pyright: ignore[reportUnusedFunction]
        return "\n".join(_line(name) for name in names())

    @server.resource("fastwright://rules/{name}", title="Rule", description=_RULE, mime_type="text/markdown")
    def rule(name: str) -> str:  # pyright: ignore[reportUnusedFunction]
        if name not in names():
            raise ResourceNotFoundError(f"there is no rule {name}; fastwright://rules lists them")
        page = load(name).page
        sections = (f"## {heading}\n\n{text}" for heading, text in page.sections.items())
        return "\n\n".join([f"# {name}", page.title, *sections])


def _line(name: str) -> str:
    known = load(name)
    return f"- {name} ({known.rule.category}, {known.rule.severity}): {known.page.title}"


def _access(endpoint: Endpoint) -> dict[str, Any]:
    who = " or ".join(endpoint.auth.roles) or "callers with credentials"
    return {
        "method": endpoint.method,
        "path": endpoint.path,
        "who": who if endpoint.auth.required else "anybody",
        "proven": endpoint.auth.proven,
        "guards": [guard.shown for guard in endpoint.auth.guards],
        "file": endpoint.file,
        "line": endpoint.line,
    }
