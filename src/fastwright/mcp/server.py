"""The server: every declared verb a tool, with what a model has to know to use it."""

from __future__ import annotations

from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.resolve import build_resolver_plans, find_resolved_parameters
from mcp.server.mcpserver.tools import Tool
from mcp.server.mcpserver.utilities.func_metadata import FuncMetadata
from mcp_types import ToolAnnotations

from fastwright import __version__
from fastwright.mcp.arguments import Arguments, arguments_of
from fastwright.mcp.calls import Desk, answer
from fastwright.mcp.planning import add_planning
from fastwright.mcp.prompts import add_prompts
from fastwright.mcp.resources import add_resources
from fastwright.mcp.roots import Roots
from fastwright.mcp.schemas import answer_schema
from fastwright.mcp.verbtool import VerbTool, verb_tools

INSTRUCTIONS = """\
Fastwright creates, changes and audits FastAPI backends, and lands only what it has proven on a copy.
Call `map` first. Prefer a verb to writing code: what it writes is proven before it lands. What no verb covers you \
write yourself, and then call `prove`; never say that something works before its verdict is `proven`. An answer with \
`error` changed nothing: its `hint` is the next thing to try.
"""


def build_server(roots: Roots, *, yes: bool = False) -> MCPServer[Any]:
    """Return the server for these directories; with `yes` changes land without a question."""
    desk, tools = Desk(roots, yes), verb_tools()
    arguments = {name: arguments_of(desk, name, tool) for name, tool in tools.items()}
    server: MCPServer[Any] = MCPServer(
        "fastwright",
        title="Fastwright",
        instructions=INSTRUCTIONS,
        version=__version__,
        tools=[_tool(tool, arguments[name]) for name, tool in tools.items()],
        log_level="WARNING",
    )
    add_planning(server, desk, {name: arguments[name] for name, tool in tools.items() if tool.effect != "reads"})
    add_resources(server, roots)
    add_prompts(server, tools)
    return server


def _tool(declared: VerbTool, arguments: type[Arguments]) -> Tool:
    resolved = find_resolved_parameters(answer)
    return Tool(
        fn=answer,
        name=arguments.verb,
        title=declared.title,
        description=declared.description,
        parameters=arguments.model_json_schema(),
        fn_metadata=FuncMetadata(arg_model=arguments, output_schema=answer_schema(declared.result)),
        is_async=True,
        context_kwarg="client",
        resolved_params=dict(resolved),
        resolver_plans=build_resolver_plans(resolved, {"call"}),
        annotations=ToolAnnotations(
            read_only_hint=declared.effect == "reads",
            destructive_hint=declared.effect == "changes",
            idempotent_hint=declared.effect == "reads",
            open_world_hint=False,
        ),
    )
