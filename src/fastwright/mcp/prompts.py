"""A prompt for each workflow, offered where the server has all the verbs that it speaks of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.prompts import Prompt
from mcp.server.mcpserver.prompts.base import PromptArgument

_END = (
    "Tell me what changed and why, what was proven and what was not, what to watch in security, and what comes next. "
    "Claim nothing that no answer of a tool shows."
)


@dataclass(frozen=True)
class Workflow:
    """A task in words that a model can follow; `{about}` is where the person's own go."""

    name: str
    title: str
    argument: str
    verbs: tuple[str, ...]
    text: str

    def write(self, about: str) -> str:
        """Return the prompt for what a person wants."""
        return f"{self.text.format(about=about)} {_END}"


WORKFLOWS = (
    Workflow(
        name="create-backend",
        title="Create a backend",
        argument="What the backend is for: its resources, their fields, and who may do what.",
        verbs=("new", "map"),
        text=(
            "Create a FastAPI backend: {about}\n"
            "Write down the resources, fields, relations and access rules that this means, and ask me about what it "
            "leaves open. Then call `new` with them, and `map` on what has landed."
        ),
    ),
    Workflow(
        name="protect-endpoints",
        title="Protect endpoints",
        argument="Which endpoints, and for whom.",
        verbs=("map", "protect"),
        text=(
            "Protect endpoints: {about}\n"
            "Call `map` and name the endpoints that this covers and who may call them now. Ask me if two readings are "
            "close. Then call `protect` once for each path. If it is refused, tell me the reason and the hint; do not "
            "write a guard by hand in its place."
        ),
    ),
    Workflow(
        name="add-capability",
        title="Add a capability",
        argument="What the backend should be able to do.",
        verbs=("map", "add"),
        text=(
            "Extend this backend: {about}\n"
            "Call `map`. Say which capabilities this takes and in which order, and ask me about what the words leave "
            "open. Then call `add` for each, and stop at the first that is refused."
        ),
    ),
    Workflow(
        name="speed-up",
        title="Make it faster",
        argument="What is slow.",
        verbs=("map", "optimize"),
        text=(
            "Something is slow: {about}\n"
            "Call `map` to find the endpoints that this is about, then `optimize` on their path. Report the number of "
            "queries at each size, before and after, and that the response stayed the same."
        ),
    ),
    Workflow(
        name="explain-refusal",
        title="Explain a refused request",
        argument="The request: method, path, body, and what came back.",
        verbs=("map", "explain"),
        text=(
            "A request is refused: {about}\n"
            "Call `map` to find the endpoint, then `explain` with the request as it was sent. Tell me whether the "
            "request or the server is wrong, and the corrected request only if it was verified."
        ),
    ),
    Workflow(
        name="audit",
        title="Audit the backend",
        argument="What to look at: a path, or access, contract, data, errors.",
        verbs=("map", "check"),
        text=(
            "Audit this backend: {about}\n"
            "Call `map` and `check`. Put the findings in the order in which they hurt, each with file and line, and "
            "say what `map` could not resolve. Change nothing."
        ),
    ),
    Workflow(
        name="prove-change",
        title="Prove my change",
        argument="What was changed, and what of it is meant to break.",
        verbs=("prove",),
        text=(
            "Prove the change in this work tree: {about}\n"
            "Call `prove`. If the verdict is `broken`, name what broke, with the evidence, and mend it unless I meant "
            "it; then prove it again. If it is `incomplete`, say which step could not be done and why."
        ),
    ),
)


def add_prompts(server: MCPServer[Any], verbs: Collection[str]) -> None:
    """Add the prompts whose verbs are all there."""
    for workflow in WORKFLOWS:
        if set(workflow.verbs) <= set(verbs):
            server.add_prompt(
                Prompt(
                    name=workflow.name,
                    title=workflow.title,
                    description=f"{workflow.title}, by way of {' and '.join(workflow.verbs)}.",
                    arguments=[PromptArgument(name="about", description=workflow.argument, required=True)],
                    fn=workflow.write,
                    context_kwarg=None,
                )
            )
