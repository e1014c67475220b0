"""`plan` and `apply`: for clients that cannot ask their person in the middle of a call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp_types import CallToolResult, ToolAnnotations
from pydantic import BaseModel, Field

from fastwright.errors import InputError
from fastwright.mcp.arguments import Arguments
from fastwright.mcp.calls import Call, Client, Data, Desk, answered
from fastwright.mcp.working import Told

_PLAN = (
    "Prove what a verb would do, without landing it. Answers a `plan_id`, and in `result` what the verb answers to a "
    "dry run. Show the person the summary and the diff, and call `apply` if they agree. The verbs: {verbs}."
)
_APPLY = (
    "Land what was planned, after the person agreed; each plan once. It is proven again, and refused if the project "
    "is not what it was when it was planned."
)


class PlanAnswer(BaseModel):
    """What a verb would do; without a `plan_id` there is nothing to land, and `result` says why."""

    plan_id: str | None
    verb: str
    summary: str
    result: dict[str, Any]


def add_planning(server: MCPServer[Any], desk: Desk, verbs: Mapping[str, type[Arguments]]) -> None:
    """Add both tools to a server, for these verbs."""

    async def plan(
        verb: Annotated[str, Field(description="The name of the verb.")],
        arguments: Annotated[dict[str, Any], Field(description="What the tool of that name takes.")],
        client: Client,
    ) -> Annotated[CallToolResult, PlanAnswer]:
        return await answered(_plan(verbs, verb, arguments, client))

    async def apply(
        plan_id: Annotated[str, Field(description="What `plan` answered.")], client: Client
    ) -> Annotated[CallToolResult, dict[str, Any]]:
        return await answered(_apply(desk, plan_id, client))

    server.add_tool(
        plan,
        title="Plan a change",
        description=_PLAN.format(verbs=", ".join(verbs)),
        annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False),
    )
    server.add_tool(
        apply,
        title="Land a planned change",
        description=_APPLY,
        annotations=ToolAnnotations(
            read_only_hint=False, destructive_hint=True, idempotent_hint=False, open_world_hint=False
        ),
    )


async def _plan(verbs: Mapping[str, type[Arguments]], verb: str, arguments: Mapping[str, Any], client: Client) -> Data:
    if verb not in verbs:
        raise InputError(f"{verb} cannot be planned", hint=f"one of {', '.join(verbs)}; the others change nothing")
    planned = await verbs[verb].read(arguments).prepare(client)
    answer = PlanAnswer(
        plan_id=planned.id if planned.lands else None,
        verb=verb,
        summary=planned.summary,
        result=dict(planned.answer),
    )
    failed = {"error": planned.answer["error"]} if "error" in planned.answer else {}
    return {**answer.model_dump(mode="json"), **failed}


async def _apply(desk: Desk, plan_id: str, client: Client) -> Data:
    planned = replace(desk.plans.take(plan_id), told=Told())
    return await Call(desk, planned.verb, {}).land(planned, client)
