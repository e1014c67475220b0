"""A call of a verb by a client: the verb is run, and before anything lands that changes code, a person is asked."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

from mcp.server.mcpserver import AcceptedElicitation, Context, Elicit, ElicitationResult, Resolve
from mcp_types import CallToolResult, TextContent
from pydantic import BaseModel, Field

from fastwright.errors import FastwrightError, InputError
from fastwright.mcp.plans import Planned, Plans, base_of, plan_id
from fastwright.mcp.roots import Roots
from fastwright.mcp.verbtool import VerbTool, verb_tools
from fastwright.mcp.working import Told, progress_of, run_beside

logger = logging.getLogger(__name__)
Client = Context[Any, Any]
Data = dict[str, Any]
T = TypeVar("T")


class Approval(BaseModel):
    """The answer of a person who was asked."""

    land: bool = Field(title="Land it", description="Write this change into the project.")


@dataclass(frozen=True)
class Desk:
    """What the calls of one server share. With `yes` nobody is asked: the client does that by itself."""

    roots: Roots
    yes: bool = False
    plans: Plans = field(default_factory=Plans)


@dataclass(frozen=True)
class Call:
    """A verb and the values of its arguments, as they came from a client."""

    desk: Desk
    verb: str
    values: Mapping[str, Any]

    @property
    def tool(self) -> VerbTool:
        return verb_tools()[self.verb]

    @property
    def asks(self) -> bool:
        """Whether a person has to agree before it lands."""
        return self.tool.effect == "changes" and not (self.desk.yes or self.values.get("dry_run"))

    def request(self) -> BaseModel:
        """Return what the verb is asked for. Raises `InputError` for a path outside of the roots."""
        return self.desk.roots.admit(self.tool.request(**self.values))

    async def perform(self, request: BaseModel, client: Client, told: Told | None = None) -> Data:
        """Run the verb and return its JSON."""
        tool, progress = self.tool, progress_of(client, told or Told())
        return tool.as_data(await run_beside(lambda: tool.run(request, progress)))

    async def prepare(self, client: Client) -> Planned:
        """Run the verb without landing, and keep what it would do."""
        request, told = self.request(), Told()
        base = await run_beside(lambda: base_of(request))
        dry = await self.perform(request.model_copy(update={"dry_run": True}), client, told)
        planned = Planned(plan_id(self.verb), self.verb, self.tool.title, request, base, dry, told)
        return self.desk.plans.keep(planned)

    async def land(self, planned: Planned, client: Client) -> Data:
        """Do what was planned; the verb proves it once more. Raises `InputError` if the project is another by now."""
        await run_beside(planned.check)
        return await self.perform(planned.request, client, planned.told)


async def ask(call: Call, client: Client) -> Elicit[Approval] | Data | None:
    """Ask whether the change may land; return the final answer if there is none to land, nothing if nobody is asked."""
    if not call.asks:
        return None
    planned = await attempted(_planned(call, client))
    if not isinstance(planned, Planned):
        return planned
    return Elicit(planned.question(), Approval) if planned.lands else dict(planned.answer)


async def _planned(call: Call, client: Client) -> Planned:
    if not _can_be_asked(client):
        raise InputError(
            "this client cannot ask its person, so nothing was done",
            hint="call `plan` with this verb and these arguments, show what it answers, then call `apply`",
        )
    return call.desk.plans.waiting(call.verb, call.request()) or await call.prepare(client)


async def answer(
    call: Call, client: Client, approval: Annotated[ElicitationResult[Any], Resolve(ask)]
) -> CallToolResult:
    """Answer the call of a verb: with its JSON, which has an `error` where it was not done as asked."""
    return await answered(_carry_out(call, client, approval))


async def _carry_out(call: Call, client: Client, approval: ElicitationResult[Any]) -> Data:
    outcome = approval.data if isinstance(approval, AcceptedElicitation) else Approval(land=False)
    if outcome is None:
        return await call.perform(call.request(), client)
    if not isinstance(outcome, Approval):
        return outcome
    planned = call.desk.plans.waiting(call.verb, call.request())
    if planned is None:
        raise InputError("what was agreed to is not known any more; nothing was landed", hint="call it again")
    call.desk.plans.take(planned.id)
    if not outcome.land:
        return {**planned.answer, **as_error(InputError("declined; nothing was changed", hint="ask what is wanted"))}
    return await call.land(planned, client)


async def answered(work: Awaitable[Data]) -> CallToolResult:
    """Return the answer, or what went wrong, as the command line prints it with `--json`."""
    data = await attempted(work)
    text = TextContent(type="text", text=json.dumps(data))
    return CallToolResult(content=[text], structured_content=data, is_error="error" in data)


async def attempted(work: Awaitable[T]) -> T | Data:
    """Return what comes of `work`, or what went wrong as data."""
    try:
        return await work
    except FastwrightError as error:
        return as_error(error)
    except Exception as error:
        logger.exception("a fault of ours")
        message = f"sorry, this is a fault in Fastwright: {type(error).__name__}: {error}"
        return as_error(FastwrightError(message, hint="please report it; the log of the server has more"))


def as_error(error: FastwrightError) -> Data:
    """Return an error as the command line prints it."""
    problems = [problem.describe() for problem in error.problems or (error,)]
    several: Data = {"problems": problems} if len(problems) > 1 else {}
    return {"error": {**problems[0], **several}}


def _can_be_asked(client: Client) -> bool:
    """Tell whether the client shows forms to its person; a bare `elicitation` means that it does."""
    can = client.client_capabilities.elicitation if client.client_capabilities else None
    return can is not None and (can.form is not None or can.url is None)
