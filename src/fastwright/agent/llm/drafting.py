"""Have a model write an edit: it reads, tries on a copy, gets the evidence, and mends, until it holds or time is up."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic_ai import Agent, ModelRetry, Tool, UsageLimits
from pydantic_ai.exceptions import AgentRunError
from pydantic_ai.models import Model

from fastwright.agent.llm.editing import Draft, carry
from fastwright.agent.llm.prompting import prompt
from fastwright.agent.llm.reading import Library, mask_of
from fastwright.agent.llm.running import in_time
from fastwright.agent.llm.selfcheck import Check, self_check
from fastwright.design.model import Frozen
from fastwright.errors import FastwrightError
from fastwright.project.where import Where
from fastwright.proof.carrying import Carried
from fastwright.proof.model import Progress, silent
from fastwright.verbs.map import MapRequest, map_project


class Budget(Frozen):
    """What a model may use up before it has to have come to an end."""

    requests: int = 25
    tokens: int = 400_000
    seconds: float = 900.0
    tries: int = 6


class Said(Frozen):
    """What the model says at the end; nothing of it counts as evidence."""

    done: bool
    explanation: str
    decisions: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()


class Drafted(Frozen):
    """What came of it. There is a `draft` only if it was proven; if there is none, `reason` says why.

    `evidence` is a line for each step of the proof, and `checks` are the answers to the self-verification by it; `said`
    are the model's words. `tries` is how many edits were held against the project.
    """

    draft: Draft | None = None
    diff: str = ""
    evidence: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    said: Said | None = None
    reason: str = ""
    tries: int = 0


@dataclass
class _Desk:
    """What the tools of one run share."""

    where: Where
    library: Library
    budget: Budget
    progress: Progress
    ends: float
    tries: int = 0
    held: list[tuple[Draft, Carried]] = field(default_factory=list[tuple[Draft, Carried]])

    def look(self) -> str:
        """Return the endpoints, who may call them, the models and the conventions, as JSON."""
        where = self.where
        request = MapRequest(project=where.project, python=where.python, app=where.app, env_file=where.env_file)
        found = map_project(request).model_dump(mode="json", include={"endpoints", "models", "conventions"})
        return self.library.mask.hide(json.dumps(found))

    def list_files(self) -> list[str]:
        """Return the paths of the files that can be read."""
        return list(self.library.names())

    def read_file(self, path: str) -> str:
        """Return the text of a file."""
        return self.library.read(path)

    def search(self, text: str) -> list[str]:
        """Return the lines with this text in them, each with its place."""
        return list(self.library.search(text))

    def try_edit(self, draft: Draft) -> str:
        """Prove a whole edit on a copy of the project, and return the evidence. Nothing lands."""
        left = self.ends - time.monotonic()
        self.tries += 1
        if left <= 0 or self.tries > self.budget.tries:
            raise _Over("the time is up" if left <= 0 else f"{self.budget.tries} edits were tried")
        self.held.clear()  # what holds is the last edit, or none
        carried = carry(self.where, draft, dry_run=True, progress=self.progress, seconds=left)
        if carried.refused is not None:
            return f"refused: {carried.refused.reason}. {carried.refused.hint}"
        if carried.proof.proven:
            self.held.append((draft, carried))
        return self.library.mask.hide("\n".join(evidence(carried)) or "nothing differs: the edit changes nothing")


class _Over(Exception):
    """The budget is used up."""


def draft_edit(
    words: str, where: Where, model: Model, *, budget: Budget | None = None, progress: Progress = silent
) -> Drafted:
    """Return an edit that does what `words` say and was proven on a copy, or why there is none. Nothing lands.

    Raises `InputError` if the project cannot be read.
    """
    budget = budget or Budget()
    root = where.project.resolve()
    library = Library(root, mask_of(root, [where.env_file] if where.env_file else ()))
    desk = _Desk(where, library, budget, progress, time.monotonic() + budget.seconds)
    limits = UsageLimits(request_limit=budget.requests, total_tokens_limit=budget.tokens)
    try:
        said = in_time(_agent(model, desk).run(library.mask.hide(words), usage_limits=limits), budget.seconds).output
    except (AgentRunError, _Over, TimeoutError) as error:
        reason = f"the model came to no end that holds: {error or 'the time is up'}"
        return Drafted(reason=reason, tries=desk.tries)
    if not said.done or not desk.held:
        return Drafted(said=said, reason=said.explanation, tries=desk.tries)
    draft, carried = desk.held[-1]
    return Drafted(
        draft=draft,
        diff=carried.diff,
        evidence=evidence(carried),
        checks=self_check(draft, carried),
        said=said,
        tries=desk.tries,
    )


def land_draft(draft: Draft, where: Where, progress: Progress = silent) -> Carried:
    """Prove a draft once more and land it, after the person has agreed. Raises `InputError` if the project changed."""
    return carry(where, draft, dry_run=False, progress=progress)


def evidence(carried: Carried) -> tuple[str, ...]:
    """Return a line for each step, and for each that could not be done."""
    steps = (f"{step.title}: {step.status}: {step.evidence}" for step in carried.proof.steps)
    undone = (f"{name}: not done: {reason}" for name, reason in carried.undone.items())
    return (*steps, *undone)


def _agent(model: Model, desk: _Desk) -> Agent[object, Said]:
    tools = [_answering(tool) for tool in (desk.look, desk.list_files, desk.read_file, desk.search, desk.try_edit)]
    agent = Agent(model, output_type=Said, instructions=prompt("edit"), tools=tools, retries=2)

    @agent.output_validator
    def only_what_held(said: Said) -> Said:  # pyright: ignore[reportUnusedFunction]
        if said.done and not desk.held:
            raise ModelRetry("no edit of yours holds: mend it with try_edit, or finish with done=false and say why")
        return said

    return agent


def _answering(tool: Callable[..., Any]) -> Tool[object]:
    """Return a tool that answers with the reason where it is refused, so that the model can mend what it asked for."""

    @functools.wraps(tool)
    def answering(**arguments: Any) -> Any:
        try:
            return tool(**arguments)
        except FastwrightError as error:
            return f"refused: {error.message}. {error.hint}"

    return Tool(answering, takes_ctx=False)
