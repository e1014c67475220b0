"""The planner that asks a model: the same plan as offline, held against the project before anybody sees it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from pydantic_ai import Agent, ModelRetry, UsageLimits
from pydantic_ai.exceptions import AgentRunError
from pydantic_ai.models import Model

from fastwright.agent.llm.checking import problems
from fastwright.agent.llm.prompting import prompt
from fastwright.agent.llm.reading import Mask
from fastwright.agent.llm.running import in_time
from fastwright.agent.plan import Planned, Planner
from fastwright.agent.project import ProjectView

_REQUESTS = 4
_TOKENS = 60_000
_SECONDS = 60.0


@dataclass(frozen=True)
class ModelPlanner:
    """Asks `model`. Where it makes no plan that fits, or cannot be reached, `fallback` answers, and says so."""

    model: Model
    fallback: Planner
    mask: Mask = field(default_factory=Mask)

    def plan(self, words: str, project: ProjectView) -> Planned:
        """Return the plan, or what has to be asked first, or why there is none."""
        agent = Agent(self.model, output_type=Planned, instructions=prompt("plan"), retries=2)

        @agent.output_validator
        def grounded(planned: Planned) -> Planned:  # pyright: ignore[reportUnusedFunction]
            wrong = problems(planned, project)
            if wrong:
                raise ModelRetry("; ".join(wrong))
            return planned

        material = json.dumps(asdict(project), separators=(",", ":"))
        asked = self.mask.hide(f"<project>{material}</project>\n\nThe person's words: {words}")
        limits = UsageLimits(request_limit=_REQUESTS, total_tokens_limit=_TOKENS)
        try:
            return in_time(agent.run(asked, usage_limits=limits), _SECONDS).output
        except (AgentRunError, TimeoutError) as error:
            planned = self.fallback.plan(words, project)
            note = (
                f"The model made no plan that fits this project ({type(error).__name__}); this one is made without it."
            )
            return planned.model_copy(update={"explanation": f"{planned.explanation} {note}".strip()})
